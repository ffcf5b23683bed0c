import { DateTime, IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const known = new Map<string, string | null>();
const KNOWN_MAX = 2_000;

/** The IANA zone of that name in its canonical upper and lower case, or null. Answers are remembered: the check costs 50 µs. */
export function canonicalZone(name: string): string | null {
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  let zone: string | null = null;
  if (name.length <= 64 && /^[A-Za-z][A-Za-z0-9+\-_/]*$/.test(name) && IANAZone.isValidZone(name)) {
    zone = /^(utc|etc\/utc|gmt)$/i.test(name) ? name.toUpperCase().replace('ETC/', 'Etc/') : inItsSpelling(name);
  }
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, zone);
  return zone;
}

// An alias (Asia/Kolkata) resolves to another name: people keep the one that they chose, as they wrote it.
function inItsSpelling(name: string): string {
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
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

/** Where a wall-clock time of a day lies on the time line. */
export interface WallTime {
  readonly instant: Date;
  /** False in an hour that the clocks skip: then `instant` is the end of that hour. */
  readonly exists: boolean;
}

/**
 * The clock on the wall of one calendar day: from minutes after midnight (0..1440, 1440 being the end of the day) to
 * instants. A time that occurs twice means the first; one that is skipped moves to the end of the skip.
 */
export function wallClockOf(day: string, zone: string): (minutes: number) => WallTime {
  const iana = IANAZone.create(zone);
  const midnight = Date.parse(`${day}T00:00:00.000Z`);
  // Offsets (minutes) before and after the day, wherever on earth it is: equal when no clock change is near.
  const before = iana.offset(midnight - DAY_MS);
  const after = iana.offset(midnight + 2 * DAY_MS);
  return (minutes) => {
    const wall = midnight + minutes * MINUTE_MS;
    if (before === after) return { instant: new Date(wall - before * MINUTE_MS), exists: true };
    const [early, late] = [Math.max(before, after), Math.min(before, after)].map((offset) => wall - offset * MINUTE_MS);
    for (const instant of [early, late])
      if (instant !== undefined && instant + iana.offset(instant) * MINUTE_MS === wall)
        return { instant: new Date(instant), exists: true };
    return { instant: new Date(changeBetween(iana, early ?? wall, late ?? wall)), exists: false };
  };
}

/** The first millisecond after `from`, up to `to`, at which the zone's clocks show another offset. */
function changeBetween(zone: IANAZone, from: number, to: number): number {
  const old = zone.offset(from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offset(middle) === old) low = middle;
    else high = middle;
  }
  return high;
}
