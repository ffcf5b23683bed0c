import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../../common/errors';
import type { Locale } from '../../common/enums';
import { parseInstant } from '../../common/time';
import { buildDto, checkNumber, isPlainText } from '../../common/validation';
import { ReadingBody } from './dto/reading.dto';
import { GLUCOSE_PERIODS, GLUCOSE_SOURCES, GLUCOSE_UNITS } from './glucose.schema';
import { judgeReading, type ReadingInput, type SentReading } from './reading.policy';

/** Why one element of a bulk call was refused. */
export interface Rejection {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The verdict on one element. */
export type JudgedItem = { readonly input: ReadingInput } | { readonly rejection: Rejection };

const FIELDS = new Set(['value', 'measuredAt', 'unit', 'period', 'note', 'source', 'intervalMinutes', 'deviceId']);

/**
 * Judges one element by the rules of a single reading. Elements in plain form pass a short check, since the DTO's
 * validators cost 17 ms per thousand; whatever is unusual about one is judged by the DTO itself, so there is one set of
 * rules.
 */
export function judgeItem(raw: unknown, now: Date, locale: Locale): JudgedItem {
  try {
    const sent = plainReading(raw) ?? fromDto(raw);
    return { input: judgeReading(sent, now) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { messages, text } = error.options;
    const message = messages?.[locale].join('; ') ?? text?.[locale] ?? ERROR_CATALOGUE[error.code][locale];
    return { rejection: { code: error.code, message } };
  }
}

function fromDto(raw: unknown): SentReading {
  const { value, measuredAt, unit, period, note, source, intervalMinutes, deviceId } = buildDto(
    ReadingBody,
    raw,
    'body',
  );
  return {
    value,
    measuredAt,
    ...(unit === undefined ? {} : { unit }),
    ...(period === undefined ? {} : { period }),
    ...(note === undefined ? {} : { note }),
    ...(source === undefined ? {} : { source }),
    ...(intervalMinutes === undefined ? {} : { intervalMinutes }),
    ...(deviceId === undefined ? {} : { deviceId }),
  };
}

function oneOf(value: unknown, values: readonly string[]): boolean {
  return value === undefined || values.includes(value as string);
}

function text(value: unknown, max: number): boolean {
  return value === undefined || isPlainText(value, max);
}

/** Are the optional fields in the form in which they are stored? */
function isPlain({ unit, period, note, source, intervalMinutes, deviceId }: Record<string, unknown>): boolean {
  return (
    oneOf(unit, GLUCOSE_UNITS) &&
    oneOf(period, GLUCOSE_PERIODS) &&
    oneOf(source, GLUCOSE_SOURCES) &&
    text(note, 500) &&
    text(deviceId, 64) &&
    (intervalMinutes === undefined || checkNumber(intervalMinutes, { min: 1, max: 30, integer: true }) === null)
  );
}

/** The element as it is, when nothing in it needs to be normalised; null for the DTO to judge. */
function plainReading(raw: unknown): SentReading | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const item = raw as Record<string, unknown>;
  for (const key in item) if (!FIELDS.has(key)) return null;
  const { value, measuredAt } = item;
  if (typeof value !== 'number' || typeof measuredAt !== 'string' || !isPlain(item)) return null;
  const instant = parseInstant(measuredAt);
  if (instant === null) return null;
  // Every field was compared with what the DTO would accept.
  return { ...(item as unknown as SentReading), measuredAt: instant };
}
