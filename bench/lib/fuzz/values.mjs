/** Values for a schema of the description: right ones, ones at its edges and wrong ones. */
import { NUMBERS, OTHERS, TEXTS, TIMES } from './hostile.mjs';

const MINUTE = 60_000;

/** Follows references; of several forms one is taken. */
export function resolved(schema, components, random) {
  let current = schema ?? {};
  for (let hops = 0; hops < 10; hops += 1) {
    const reference = current.$ref ?? current.allOf?.[0]?.$ref;
    if (reference !== undefined) current = components.schemas[reference.split('/').pop()] ?? {};
    else if (current.oneOf !== undefined) current = random.pick(current.oneOf);
    else return current;
  }
  return current;
}

function typeOf(schema, random) {
  if (Array.isArray(schema.type)) return random.pick(schema.type);
  return schema.type ?? 'string';
}

/** A text of the wished length that passes as a name, too. */
function words(length, random) {
  return Array.from({ length }, () => random.pick([...'abcdeé ABC123'])).join('');
}

function instant(random) {
  const spread = random.pick([60, 1_440, 43_200]);
  return new Date(Date.now() + random.between(-spread, spread) * MINUTE).toISOString();
}

function rightText(name, schema, random, ids) {
  if (schema.enum !== undefined) return random.pick(schema.enum);
  if (schema.pattern?.includes('{24}') === true) return ids.some(name, random);
  if (schema.format === 'email') return `fuzz-${random.hex(12)}@fuzz.example`;
  if (schema.format === 'date') return instant(random).slice(0, 10);
  if (schema.format === 'date-time') return instant(random);
  if (schema.format === 'uri') return 'https://example.org/x';
  if (schema.example !== undefined && random.chance(0.6)) return schema.example;
  return namedText(name, schema, random);
}

/** What a text of this name most likely is. */
function namedText(name, schema, random) {
  if (/zone|^tz$/i.test(name)) return random.pick(['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata']);
  if (/start|end|from|to|date|before|since/i.test(name) && random.chance(0.7)) return instant(random).slice(0, 10);
  if (/photo|image/i.test(name)) return 'https://example.org/p.png';
  return words(random.between(schema.minLength ?? 1, Math.min(schema.maxLength ?? 40, 40)), random);
}

/** A value that the schema allows (as far as it tells). */
export function right(name, given, components, random, ids, depth = 0) {
  const schema = resolved(given, components, random);
  const type = typeOf(schema, random);
  if (type === 'null') return null;
  if (type === 'boolean') return random.chance(0.5);
  if (type === 'integer') return random.between(schema.minimum ?? 0, Math.min(schema.maximum ?? 100, 1_000));
  if (type === 'number') {
    const [from, to] = [schema.minimum ?? 0, schema.maximum ?? 300];
    return Math.round(random.between(from, to) * 10) / 10;
  }
  if (type === 'array') {
    const few = depth > 3 ? 0 : random.between(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3));
    return Array.from({ length: few }, () => right(name, schema.items, components, random, ids, depth + 1));
  }
  if (type === 'object') return rightObject(schema, components, random, ids, depth);
  return rightText(name, schema, random, ids);
}

function rightObject(schema, components, random, ids, depth) {
  const required = new Set(schema.required ?? []);
  const result = {};
  for (const [key, child] of Object.entries(schema.properties ?? {}))
    if (required.has(key) || random.chance(depth > 4 ? 0 : 0.4))
      result[key] = right(key, child, components, random, ids, depth + 1);
  return result;
}

/** A value at the edge of what the schema allows, on one side or the other. */
function edge(schema, random) {
  const edges = [];
  for (const bound of [schema.minimum, schema.maximum])
    if (bound !== undefined) edges.push(bound, bound - 1, bound + 1, bound + 0.5, bound - 1e-9);
  for (const length of [schema.minLength, schema.maxLength])
    if (length !== undefined) edges.push(...[length - 1, length, length + 1].map((n) => 'é'.repeat(Math.max(0, n))));
  for (const count of [schema.minItems, schema.maxItems])
    if (count !== undefined) edges.push(Array(Math.max(0, count - 1)).fill({}), Array(count + 1).fill({}));
  for (const word of schema.enum ?? [])
    if (typeof word === 'string')
      edges.push(word.toLowerCase(), ` ${word} `, `${word}x`, word.split('').join('\u200d'));
  return edges.length === 0 ? random.pick(TEXTS) : random.pick(edges);
}

/** A value that the schema most likely forbids. */
export function wrong(given, components, random) {
  const schema = resolved(given, components, random);
  const kind = random.below(10);
  if (kind < 3) return edge(schema, random);
  if (kind < 5) return random.pick(TEXTS);
  if (kind < 6) return random.pick(NUMBERS);
  if (kind < 7) return random.pick(TIMES);
  return random.pick(OTHERS);
}
