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

interface WallClock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millis: number;
}

/** The time of day of a match, or null when there is no such time; 24:00 is the end of the day. */
function wallClock(h = '0', mi = '0', s = '0', fraction = ''): WallClock | null {
  const clock = {
    hour: Number(h),
    minute: Number(mi),
    second: Number(s),
    millis: Number(fraction.padEnd(3, '0').slice(0, 3)),
  };
  if (clock.hour > 24 || clock.minute > 59 || clock.second > 59) return null;
  return clock.hour === 24 && clock.minute + clock.second + clock.millis > 0 ? null : clock;
}

/** Midnight UTC of a calendar day, or null when there is no such day or the year is outside 1900..2200. */
function calendarDay(year: number, month: number, day: number): Date | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && year >= 1900 && year <= 2200 ? date : null;
}

/**
 * Reads an ISO-8601 date-time or day. Fractions beyond milliseconds are cut, a value without offset is UTC, a bare day
 * is midnight UTC. Null for anything else, for days that do not exist and for years outside 1900..2200.
 */
export function parseInstant(text: string): ParsedInstant | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, y, mo, d, h, mi, s, fraction, zone] = match;
  const midnight = calendarDay(Number(y), Number(mo), Number(d));
  const clock = wallClock(h, mi, s, fraction);
  const offset = offsetMinutes(zone);
  if (midnight === null || clock === null || offset === null) return null;
  const ofDay = ((clock.hour * 60 + clock.minute - offset) * 60 + clock.second) * 1_000 + clock.millis;
  return { date: new Date(midnight.getTime() + ofDay), zoned: zone !== undefined, dayOnly: h === undefined };
}

/** Is the instant later than now, beyond what wall-clock times without offset need? */
export function isInFuture(instant: ParsedInstant, now: Date): boolean {
  const tolerance = instant.zoned ? FUTURE_TOLERANCE_ZONED_MS : FUTURE_TOLERANCE_LOCAL_MS;
  return instant.date.getTime() > now.getTime() + tolerance;
}
