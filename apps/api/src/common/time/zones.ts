import { DateTime, IANAZone } from 'luxon';

const known = new Map<string, string | null>();
const KNOWN_MAX = 2_000;

/** The IANA zone of that name in its canonical upper and lower case, or null. Answers are remembered: the check costs 50 µs. */
export function canonicalZone(name: string): string | null {
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  let zone: string | null = null;
  if (name.length <= 64 && /^[A-Za-z][A-Za-z0-9+\-_/]*$/.test(name) && IANAZone.isValidZone(name)) {
    zone = /^(utc|etc\/utc|gmt)$/i.test(name) ? name.toUpperCase().replace('ETC/', 'Etc/') : name;
  }
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, zone);
  return zone;
}

/** The calendar day `YYYY-MM-DD` of an instant in a zone. */
export function localDay(instant: Date, zone: string): string {
  return DateTime.fromJSDate(instant, { zone }).toISODate() ?? instant.toISOString().slice(0, 10);
}

/**
 * First instant of a calendar day in a zone and first instant of the next day: 23 to 25 hours apart. Where midnight
 * does not exist (clocks go forward at 00:00) the day starts at the first existing minute.
 */
export function dayBounds(day: string, zone: string): { start: Date; end: Date } {
  const start = DateTime.fromISO(day, { zone }).startOf('day');
  return { start: start.toJSDate(), end: start.plus({ days: 1 }).startOf('day').toJSDate() };
}

/** The UTC calendar days that `[start, end)` touches, ascending. */
export function utcDaysTouched(start: Date, end: Date): string[] {
  const days: string[] = [];
  const cursor = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
  while (cursor < end) {
    days.push(cursor.toISOString().slice(0, 10));
    cursor.setUTCDate(cursor.getUTCDate() + 1);
  }
  return days;
}

/** Completed years between a birth day (midnight UTC) and an instant in a zone. */
export function completedYears(birth: Date, now: Date, zone: string): number {
  const today = localDay(now, zone);
  const born = birth.toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}
