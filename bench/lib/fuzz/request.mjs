/** Makes one request of an operation: half of what it holds is right, so that it gets past the first check. */
import { AUTHORIZATIONS, BODIES, HEADERS, KEYS, SEGMENTS, TEXTS, TIMES } from './hostile.mjs';
import { resolved, right, wrong } from './values.mjs';

/** Every operation of the description. */
export function operationsOf(description) {
  return Object.entries(description.paths).flatMap(([template, item]) =>
    Object.entries(item).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
  );
}

/**
 * A request as it goes over the wire. `intact` says that path and identity are as the description wants them, so that
 * the answer has to be one of the operation's; `tokenSent`, that the caller's own token was.
 */
export function makeRequest({ template, method, operation }, description, caller, ids, random) {
  const tools = { components: description.components, random, ids };
  const path = pathOf(template, operation, tools);
  const query = queryOf(operation, tools);
  const headers = {};
  const tokenSent = caller !== null && random.chance(0.98);
  if (tokenSent) headers.authorization = `Bearer ${caller.token}`;
  else if (random.chance(0.3)) headers.authorization = random.pick(AUTHORIZATIONS);
  const body = bodyOf(method, operation, tools, headers);
  if (operation.parameters?.some((parameter) => parameter.name === 'Idempotency-Key') && random.chance(0.1))
    headers['idempotency-key'] = `key-${random.below(5)}`;
  if (random.chance(0.12)) Object.assign(headers, random.pick(HEADERS));
  return {
    method,
    template,
    path: `${path.text}${query}`,
    headers,
    body,
    intact: path.intact && headers['x-http-method-override'] === undefined,
    tokenSent,
  };
}

function pathOf(template, operation, { random, ids, components }) {
  let intact = true;
  let text = template.replace(/\{(\w+)\}/g, (_match, name) => {
    if (random.chance(0.12)) {
      intact = false;
      return random.pick(SEGMENTS).replace(/ /g, '%20');
    }
    const schema = operation.parameters?.find(
      (parameter) => parameter.in === 'path' && parameter.name === name,
    )?.schema;
    if (schema?.enum !== undefined) return encodeURIComponent(random.pick(schema.enum));
    if (name === 'report') return random.pick(REPORTS);
    if (name === 'typeDiabete') return random.pick(['TYPE_1', 'type_2', 'GESTATIONNEL']);
    if (/id$/i.test(name)) return ids.some(name, random, template);
    return encodeURIComponent(String(right(name, schema, components, random, ids)));
  });
  if (random.chance(0.01)) {
    intact = false;
    text += random.pick(['/', '//', '/x', '%2F', '/..', ';a=b', '/%00']);
  }
  return { text, intact };
}

/** Names of analytics reports: the description takes any text. */
const REPORTS = ['summary', 'agp', 'daily', 'episodes', 'compare', 'x'];

function queryOf(operation, { random, ids, components }) {
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const pairs = [];
  for (const { name, schema, required } of parameters) {
    if (required !== true && random.chance(0.6)) continue;
    const hostile = random.chance(0.35);
    const value = hostile
      ? wrongText(schema, components, random)
      : String(right(name, schema, components, random, ids));
    const key = hostile && random.chance(0.15) ? random.pick([`${name}[]`, `${name}[$gt]`, `${name}.x`]) : name;
    pairs.push(`${key}=${encoded(value)}`);
    if (random.chance(0.05)) pairs.push(`${name}=${encoded(random.pick(TEXTS))}`);
  }
  if (random.chance(0.05))
    pairs.push(random.pick(['__proto__[x]=1', 'constructor=1', '&&&', '=', 'a', '%', 'x=%ff', '?']));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function wrongText(schema, components, random) {
  if (/date/.test(schema?.format ?? '') || random.chance(0.1)) return random.pick(TIMES);
  const value = wrong(schema, components, random);
  return typeof value === 'string' ? value.slice(0, 3_000) : JSON.stringify(value).slice(0, 3_000);
}

function encoded(text) {
  return encodeURIComponent(text.toWellFormed?.() ?? text.replace(/[\ud800-\udfff]/g, '\ufffd'));
}

function bodyOf(method, operation, tools, headers) {
  const { random } = tools;
  if (method === 'GET') return undefined;
  headers['content-type'] = 'application/json';
  if (random.chance(0.06)) return random.pick(BODIES);
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (schema === undefined) return random.chance(0.5) ? undefined : '{}';
  return JSON.stringify(mutated(right('body', schema, tools.components, random, tools.ids), schema, tools));
}

/** Half of the bodies stay right; the others get one to three wounds. */
function mutated(body, given, { random, components }) {
  const schema = resolved(given, components, random);
  const names = Object.keys(schema.properties ?? {});
  if (random.chance(0.45) || names.length === 0) return body;
  for (let wounds = random.between(1, 3); wounds > 0; wounds -= 1) {
    const name = random.pick(names);
    const kind = random.below(10);
    if (kind < 7) body[name] = wrong(schema.properties[name], components, random);
    else if (kind < 8) delete body[name];
    else if (kind < 9) setOwn(body, random.pick(KEYS), random.pick(TEXTS));
    else wound(body[name], random);
  }
  return body;
}

/** `__proto__` becomes a key instead of a prototype. */
function setOwn(target, key, value) {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Deeper: something inside a list or object becomes something else. */
function wound(value, random) {
  if (typeof value !== 'object' || value === null) return;
  const keys = Object.keys(value);
  if (keys.length === 0) return;
  value[random.pick(keys)] = random.pick([null, {}, [], 'x', -1, { $gt: 0 }]);
}
