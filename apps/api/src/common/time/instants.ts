/** An instant as it was sent: whether it carried an offset decides how much "future" is tolerated. */
export interface ParsedInstant {
  readonly date: Date;
  /** False for a bare day or a date-time without `Z` or offset (read as UTC). */
  readonly zoned: boolean;
  /** True when only a calendar day was sent. */
  readonly dayOnly: boolean;
}

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/i;
const MINUTE_MS = 60_000;

/** Tolerance of "not in the future" for values with an offset, and for local times without one (contract 00 section 3). */
const FUTURE_TOLERANCE_ZONED_MS = 10 * MINUTE_MS;
const FUTURE_TOLERANCE_LOCAL_MS = 14 * 60 * MINUTE_MS;

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const digits = text.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || '0');
  if (hours > 15 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/**
 * Reads an ISO-8601 date-time or day. Fractions beyond milliseconds are cut, a value without offset is UTC, a bare day
 * is midnight UTC. Null for anything else, for days that do not exist and for years outside 1900..2200.
 */
export function parseInstant(text: string): ParsedInstant | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, y, mo, d, h, mi, s, fraction, zone] = match;
  const [year, month, day] = [Number(y), Number(mo), Number(d)];
  const [hour, minute, second] = [Number(h ?? 0), Number(mi ?? 0), Number(s ?? 0)];
  if (year < 1900 || year > 2200 || hour > 24 || minute > 59 || second > 59) return null;
  const millis = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  if (hour === 24 && (minute > 0 || second > 0 || millis > 0)) return null;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  const calendarDay = new Date(Date.UTC(year, month - 1, day));
  if (calendarDay.getUTCMonth() !== month - 1 || calendarDay.getUTCDate() !== day) return null;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millis) - offset * MINUTE_MS);
  return { date, zoned: zone !== undefined, dayOnly: h === undefined };
}

/** Is the instant later than now, beyond what wall-clock times without offset need? */
export function isInFuture(instant: ParsedInstant, now: Date): boolean {
  const tolerance = instant.zoned ? FUTURE_TOLERANCE_ZONED_MS : FUTURE_TOLERANCE_LOCAL_MS;
  return instant.date.getTime() > now.getTime() + tolerance;
}
