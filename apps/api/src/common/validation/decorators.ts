import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { canonicalZone, isInFuture, parseInstant, type ParsedInstant } from '../time';
import * as check from './checks';
import { Property, type PropertySpec, type RuleProblem } from './property';

/** What every field decorator takes: optional in the resource or not, and what the API description says of it. */
export interface FieldOptions {
  readonly optional?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
}

type Schema = Record<string, unknown>;

function field(options: FieldOptions, schema: Schema, spec: Omit<PropertySpec, 'optional'>): PropertyDecorator {
  const optional = options.optional ?? false;
  const api: Schema = { ...schema, required: !optional };
  if (options.description !== undefined) api['description'] = options.description;
  if (options.example !== undefined) api['example'] = options.example;
  if (options.default !== undefined) api['default'] = options.default;
  return applyDecorators(ApiProperty(api), Property({ ...spec, optional }));
}

/** `str(min..max)`: trimmed, NFC, no control characters. Required strings have at least one character. */
export function Str(options: FieldOptions & { min?: number; max: number }): PropertyDecorator {
  const min = options.min ?? (options.optional === true ? 0 : 1);
  return field(
    options,
    { type: 'string', minLength: min, maxLength: options.max },
    {
      normalise: check.normaliseText,
      check: (value) => check.checkText(value, min, options.max),
    },
  );
}

/** A password: counted in code points, never trimmed or normalised, so it verifies as it was typed. */
export function Password(options: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator {
  const [min, max] = [options.min ?? 8, options.max ?? 128];
  return field(
    options,
    { type: 'string', format: 'password', minLength: min, maxLength: max },
    {
      normalise: (raw) => raw,
      check: (value) => check.checkText(value, min, max),
    },
  );
}

/** An e-mail address, trimmed and lower-cased. */
export function Email(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'email', maxLength: 254 },
    {
      normalise: (raw) => (typeof raw === 'string' ? raw.trim().normalize('NFC').toLowerCase() : raw),
      check: check.checkEmail,
    },
  );
}

/** `num(min..max)`. @param options.zeroIsNone the range excludes 0, and 0 means "not recorded" */
export function Num(
  options: FieldOptions & { min?: number; max?: number; decimals?: number; zeroIsNone?: boolean },
): PropertyDecorator {
  return field(options, numberSchema('number', options), {
    ...(options.zeroIsNone === undefined ? {} : { zeroIsNone: options.zeroIsNone }),
    normalise: check.normaliseNumber,
    check: (value) => check.checkNumber(value, options),
  });
}

/** `int(min..max)`. */
export function Int(options: FieldOptions & { min?: number; max?: number }): PropertyDecorator {
  return field(options, numberSchema('integer', options), {
    normalise: check.normaliseNumber,
    check: (value) => check.checkNumber(value, { ...options, integer: true }),
  });
}

function numberSchema(type: string, range: { min?: number; max?: number }): Schema {
  const schema: Schema = { type };
  if (range.min !== undefined) schema['minimum'] = range.min;
  if (range.max !== undefined) schema['maximum'] = range.max;
  return schema;
}

/** `true` or `false`; in queries also the words, in any case. */
export function Bool(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'boolean' },
    {
      normalise: check.normaliseBoolean,
      check: (value) =>
        typeof value === 'boolean'
          ? null
          : { rule: 'boolean', en: 'must be true or false', fr: 'doit être true ou false' },
    },
  );
}

/** A key of the response that clients may send back and nobody looks at; the property stays unset. */
export function Ignored(options: Pick<FieldOptions, 'description'> = {}): PropertyDecorator {
  return field(
    { ...options, optional: true },
    { type: 'string', nullable: true },
    { normalise: () => undefined, check: () => null },
  );
}

/** One of the values, sent in any case, canonical afterwards. */
export function OneOf(values: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', enum: [...values] },
    {
      normalise: (raw) => check.normaliseEnum(raw, values),
      check: (value) => check.checkEnum(value, values),
    },
  );
}

/** Comma separated values of an enum in a query; becomes an array without repeats. */
export function ManyOf(values: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', description: `One or several of ${values.join(', ')}, comma separated` },
    {
      normalise: (raw) =>
        typeof raw === 'string'
          ? [
              ...new Set(
                raw
                  .split(',')
                  .filter((part) => part.trim() !== '')
                  .map((part) => check.normaliseEnum(part, values)),
              ),
            ]
          : raw,
      check: (value) => {
        if (!Array.isArray(value) || value.length === 0) return check.checkEnum(undefined, values);
        return value.map((item) => check.checkEnum(item, values)).find((problem) => problem !== null) ?? null;
      },
    },
  );
}

/** 24 hexadecimal digits in any case, lower case afterwards. */
export function Id(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', pattern: '^[0-9a-fA-F]{24}$' },
    { normalise: check.normaliseId, check: check.checkId },
  );
}

/** A list of `min..max` distinct ids, lower case afterwards. */
export function IdList(options: FieldOptions & { min?: number; max: number }): PropertyDecorator {
  const min = options.min ?? 0;
  const items = { type: 'string', pattern: '^[0-9a-fA-F]{24}$' };
  return field(
    options,
    { type: 'array', minItems: min, maxItems: options.max, uniqueItems: true, items },
    {
      normalise: (raw) => (Array.isArray(raw) && raw.length <= options.max ? raw.map(check.normaliseId) : raw),
      check: (value) => {
        const problem = checkListLength(value, min, options.max);
        if (problem !== null) return problem;
        const ids = value as unknown[];
        if (new Set(ids).size < ids.length) return check.DISTINCT;
        return ids.map(check.checkId).find((found) => found !== null) ?? null;
      },
    },
  );
}

function checkInstant(value: unknown, extra?: (instant: ParsedInstant) => RuleProblem | null): RuleProblem | null {
  if (typeof value !== 'object' || value === null || !('date' in value)) return check.INSTANT_TYPE;
  return extra?.(value as ParsedInstant) ?? null;
}

const FUTURE: RuleProblem = {
  rule: 'notInFuture',
  en: 'must not be in the future',
  fr: 'ne doit pas être dans le futur',
};

/** ISO-8601 date-time or day; the property is a {@link ParsedInstant}. */
export function Instant(options: FieldOptions & { notInFuture?: boolean } = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'date-time' },
    {
      normalise: (raw) => (typeof raw === 'string' ? (parseInstant(raw.trim()) ?? raw) : raw),
      check: (value) =>
        checkInstant(value, (instant) =>
          options.notInFuture === true && isInFuture(instant, new Date()) ? FUTURE : null,
        ),
    },
  );
}

/** A calendar day `YYYY-MM-DD`; kept as that text. */
export function Day(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'date' },
    {
      normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
      check: (value) => {
        const parsed = typeof value === 'string' ? parseInstant(value) : null;
        return parsed?.dayOnly === true
          ? null
          : { rule: 'day', en: 'must be a day YYYY-MM-DD', fr: 'doit être un jour AAAA-MM-JJ' };
      },
    },
  );
}

/**
 * A time of the wall clock `HH:MM`, 00:00 to 23:59; kept as that text.
 * @param options.endOfDay 24:00, the end of the day, is a time as well
 */
export function ClockTime(options: FieldOptions & { endOfDay?: boolean } = {}): PropertyDecorator {
  const pattern =
    options.endOfDay === true ? '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' : '^([01][0-9]|2[0-3]):[0-5][0-9]$';
  const time = new RegExp(pattern);
  return field(
    options,
    { type: 'string', pattern },
    {
      normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
      check: (value) =>
        typeof value === 'string' && time.test(value)
          ? null
          : { rule: 'clockTime', en: 'must be a time HH:MM', fr: 'doit être une heure HH:MM' },
    },
  );
}

/** A day or an instant of which only the calendar day counts; the property is a Date at midnight UTC. */
export function CalendarDate(options: FieldOptions & { notInFuture?: boolean } = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'date' },
    {
      normalise: (raw) => {
        const parsed = typeof raw === 'string' ? parseInstant(raw.trim()) : null;
        if (parsed === null || typeof raw !== 'string') return raw;
        return new Date(`${raw.trim().slice(0, 10)}T00:00:00.000Z`);
      },
      check: (value) => {
        if (!(value instanceof Date)) return check.INSTANT_TYPE;
        return options.notInFuture === true && isInFuture({ date: value, zoned: false, dayOnly: true }, new Date())
          ? FUTURE
          : null;
      },
    },
  );
}

/** An IANA time zone. */
export function Zone(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { example: 'Europe/Paris', ...options },
    { type: 'string', maxLength: 64 },
    {
      normalise: (raw) => (typeof raw === 'string' ? (canonicalZone(raw.trim()) ?? raw) : raw),
      check: (value) =>
        typeof value === 'string' && canonicalZone(value) === value
          ? null
          : { rule: 'timeZone', en: 'must be an IANA time zone', fr: 'doit être un fuseau horaire IANA' },
    },
  );
}

/** An absolute https URL. */
export function HttpsUrl(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'uri', maxLength: 2_048 },
    {
      normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
      check: check.checkHttpsUrl,
    },
  );
}

/** An https URL or a small data URL of an image; "" clears. */
export function Image(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', maxLength: 400_000 },
    {
      normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
      check: check.checkImage,
    },
  );
}

/** A random UUID of any version. */
export function Uuid(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'uuid' },
    {
      normalise: (raw) => (typeof raw === 'string' ? raw.trim().toLowerCase() : raw),
      check: (value) =>
        typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
          ? null
          : { rule: 'uuid', en: 'must be a UUID', fr: 'doit être un UUID' },
    },
  );
}

/** A list of `min..max` strings of `1..itemMax` characters. */
export function StrList(options: FieldOptions & { min?: number; max: number; itemMax: number }): PropertyDecorator {
  const min = options.min ?? 0;
  const schema = {
    type: 'array',
    minItems: min,
    maxItems: options.max,
    items: { type: 'string', minLength: 1, maxLength: options.itemMax },
  };
  return field(options, schema, {
    normalise: (raw) => (Array.isArray(raw) && raw.length <= options.max ? raw.map(check.normaliseText) : raw),
    check: (value) => {
      const problem = checkListLength(value, min, options.max);
      if (problem !== null) return problem;
      return (
        (value as unknown[]).map((item) => check.checkText(item, 1, options.itemMax)).find((found) => found !== null) ??
        null
      );
    },
  });
}

function checkListLength(value: unknown, min: number, max: number): RuleProblem | null {
  return Array.isArray(value) && value.length >= min && value.length <= max
    ? null
    : {
        rule: 'list',
        en: `must be a list of ${min} to ${max} elements`,
        fr: `doit être une liste de ${min} à ${max} éléments`,
      };
}

/** A free JSON object within bounds of bytes and depth. */
export function FreeObject(options: FieldOptions & { maxBytes: number; maxDepth: number }): PropertyDecorator {
  return field(
    options,
    { type: 'object', additionalProperties: true },
    {
      normalise: (raw) => raw,
      check: (value) => check.checkFreeObject(value, options.maxBytes, options.maxDepth),
    },
  );
}

/** A nested DTO. */
export function Nested(type: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: () => type() },
    {
      normalise: (raw) => raw,
      check: (value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? null
          : { rule: 'object', en: 'must be an object', fr: 'doit être un objet' },
      nested: { type, list: false },
    },
  );
}

/** A list of `min..max` nested DTOs; problems are reported with the element's path (`rules[0].start`). */
export function NestedList(
  type: () => new () => object,
  options: FieldOptions & { min?: number; max: number },
): PropertyDecorator {
  const min = options.min ?? 0;
  return field(
    options,
    { type: () => type(), isArray: true, minItems: min, maxItems: options.max },
    {
      normalise: (raw) => raw,
      check: (value) => checkListLength(value, min, options.max),
      nested: { type, list: true },
    },
  );
}
