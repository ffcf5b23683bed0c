import { codePointLength } from '../text';
import type { DtoSource, RuleProblem } from './property';

// Everything below U+0020 but tab and line feed, DEL, and the C1 block; lone surrogates cannot be stored as UTF-8.
// eslint-disable-next-line no-control-regex -- the rule is about control characters
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
// Printable ASCII without a space at either end.
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/;
const EMAIL =
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u;

const STRING_TYPE: RuleProblem = { rule: 'string', en: 'must be a string', fr: 'doit être un texte' };
/** What is said of a value that is no date. */
export const INSTANT_TYPE: RuleProblem = {
  rule: 'instant',
  en: 'must be an ISO-8601 date-time or day',
  fr: 'doit être une date ISO-8601',
};

/** What is said of a list that names an element twice. */
export const DISTINCT: RuleProblem = {
  rule: 'distinct',
  en: 'must not repeat an element',
  fr: 'ne doit pas répéter un élément',
};

/** Trimmed and NFC; anything but a string is handed back for the check to refuse. CR LF counts as one line feed. */
export function normaliseText(raw: unknown): unknown {
  return typeof raw === 'string' ? raw.replace(/\r\n?/g, '\n').normalize('NFC').trim() : raw;
}

/** Length in code points, no control characters except tab and line feed, no lone surrogates. */
export function checkText(value: unknown, min: number, max: number): RuleProblem | null {
  if (typeof value !== 'string') return STRING_TYPE;
  if (CONTROL.test(value) || LONE_SURROGATE.test(value)) {
    return {
      rule: 'characters',
      en: 'contains characters that are not allowed',
      fr: 'contient des caractères interdits',
    };
  }
  const length = codePointLength(value);
  if (length < min || length > max) {
    return {
      rule: 'length',
      en: `must have ${min} to ${max} characters`,
      fr: `doit compter de ${min} à ${max} caractères`,
    };
  }
  return null;
}

/** Decimal strings become numbers in queries; bodies carry JSON numbers. */
export function normaliseNumber(raw: unknown, source: DtoSource): unknown {
  return source === 'query' && typeof raw === 'string' && DECIMAL.test(raw.trim()) ? Number(raw.trim()) : raw;
}

/** Finite, inside the inclusive range, whole where `integer`, at most `decimals` decimal places where given. */
export function checkNumber(
  value: unknown,
  range: { readonly min?: number; readonly max?: number; readonly integer?: boolean; readonly decimals?: number },
): RuleProblem | null {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return { rule: 'number', en: 'must be a number', fr: 'doit être un nombre' };
  if (range.integer === true && !Number.isInteger(value))
    return { rule: 'integer', en: 'must be a whole number', fr: 'doit être un nombre entier' };
  const { min, max, decimals } = range;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    if (min !== undefined && max !== undefined)
      return { rule: 'range', en: `must be from ${min} to ${max}`, fr: `doit être de ${min} à ${max}` };
    return min !== undefined
      ? { rule: 'range', en: `must be at least ${min}`, fr: `doit être au moins ${min}` }
      : { rule: 'range', en: `must be at most ${String(max)}`, fr: `doit être au plus ${String(max)}` };
  }
  if (decimals !== undefined && !Number.isInteger(Number((value * 10 ** decimals).toPrecision(12)))) {
    return {
      rule: 'decimals',
      en: `may have at most ${decimals} decimal(s)`,
      fr: `peut avoir au plus ${decimals} décimale(s)`,
    };
  }
  return null;
}

/** `true` and `false`; in queries the words in any case. */
export function normaliseBoolean(raw: unknown, source: DtoSource): unknown {
  if (source !== 'query' || typeof raw !== 'string') return raw;
  const word = raw.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : raw;
}

/** The canonical spelling of an enum value sent in any case. */
export function normaliseEnum(raw: unknown, values: readonly string[]): unknown {
  if (typeof raw !== 'string') return raw;
  const wanted = raw.trim().toLowerCase();
  return values.find((value) => value.toLowerCase() === wanted) ?? raw;
}

/** One of `values` in its canonical spelling. */
export function checkEnum(value: unknown, values: readonly string[]): RuleProblem | null {
  if (typeof value === 'string' && values.includes(value)) return null;
  const list = values.join(', ');
  return { rule: 'enum', en: `must be one of ${list}`, fr: `doit être l'une des valeurs ${list}` };
}

/** 24 hexadecimal digits, lower-cased. */
export function normaliseId(raw: unknown): unknown {
  return typeof raw === 'string' ? raw.trim().toLowerCase() : raw;
}

/** 24 lower-case hexadecimal digits: the form that `normaliseId` makes. */
export function checkId(value: unknown): RuleProblem | null {
  return typeof value === 'string' && /^[0-9a-f]{24}$/.test(value)
    ? null
    : {
        rule: 'id',
        en: 'must be an id of 24 hexadecimal digits',
        fr: 'doit être un identifiant de 24 chiffres hexadécimaux',
      };
}

/** An address of at most 254 characters with a local part and a domain of at least two labels. */
export function checkEmail(value: unknown): RuleProblem | null {
  return typeof value === 'string' &&
    value.length <= 254 &&
    EMAIL.test(value) &&
    !CONTROL.test(value) &&
    !value.includes('..') &&
    !/^\.|\.@/.test(value)
    ? null
    : { rule: 'email', en: 'must be an e-mail address', fr: 'doit être une adresse e-mail' };
}

/** An absolute https URL of at most 2,048 characters. */
export function checkHttpsUrl(value: unknown): RuleProblem | null {
  const problem: RuleProblem = {
    rule: 'url',
    en: 'must be an absolute https URL',
    fr: 'doit être une URL https absolue',
  };
  if (typeof value !== 'string' || value.length > 2_048 || /\s/.test(value) || CONTROL.test(value)) return problem;
  if (!URL.canParse(value)) return problem;
  const url = new URL(value);
  return url.protocol === 'https:' && url.hostname !== '' && /^https:\/\//i.test(value) ? null : problem;
}

const IMAGE = /^data:image\/(?:jpeg|png|webp);base64,(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** An https URL, or a base64 data URL of a JPEG, PNG or WebP of at most 400,000 characters. */
export function checkImage(value: unknown): RuleProblem | null {
  if (typeof value === 'string' && value.startsWith('data:') && value.length <= 400_000 && IMAGE.test(value))
    return null;
  if (checkHttpsUrl(value) === null) return null;
  return {
    rule: 'image',
    en: 'must be an https URL or a JPEG, PNG or WebP data URL of at most 400,000 characters',
    fr: 'doit être une URL https ou une image JPEG, PNG ou WebP (data URL) de 400 000 caractères au plus',
  };
}

/** JSON size and depth of a free object (the object itself is depth 1). */
export function checkFreeObject(value: unknown, maxBytes: number, maxDepth: number): RuleProblem | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { rule: 'object', en: 'must be an object', fr: 'doit être un objet' };
  if (depthOf(value) > maxDepth)
    return { rule: 'depth', en: `may be nested ${maxDepth} levels deep`, fr: `peut avoir ${maxDepth} niveaux` };
  if (Buffer.byteLength(JSON.stringify(value)) > maxBytes)
    return { rule: 'size', en: `may have at most ${maxBytes} bytes`, fr: `peut compter au plus ${maxBytes} octets` };
  return hasUnsafeKey(value) ? { rule: 'keys', en: 'has a key that is not allowed', fr: 'a une clé interdite' } : null;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const item of Object.values(value)) deepest = Math.max(deepest, depthOf(item));
  return deepest + 1;
}

// A stored key with "$" or "." is read as an operator or a path by later queries, NUL cannot be stored in a key, and the
// driver takes an object with "_bsontype" for one of its own types.
function hasUnsafeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) =>
      (!Array.isArray(value) &&
        (key === '' || key === '_bsontype' || key.startsWith('$') || key.includes('.') || CONTROL.test(key))) ||
      hasUnsafeString(item) ||
      hasUnsafeKey(item),
  );
}

function hasUnsafeString(value: unknown): boolean {
  return typeof value === 'string' && (CONTROL.test(value) || LONE_SURROGATE.test(value));
}

/** Is it a text of 1 to `max` characters that normalising leaves as it is? A quick yes; a no may still be acceptable. */
export function isPlainText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max && PLAIN.test(value);
}
