/** Local days and clocks from the runtime's time zone data; offsets are cached, the host's zone is never read. */

/** Milliseconds of 24 hours. */
const DAY_MS = 86_400_000;
/** Milliseconds of one minute. */
export const MINUTE_MS = 60_000;
/** Offsets are kept by stretches of about three days; no zone changed its clocks twice so quickly. */
const CHUNK_MS = 2 ** 28;
/** Bounds of the caches: names in odd spellings and far dates must not fill the memory. */
const MAX_ZONES = 640;
const MAX_CHUNKS = 16_384;
const MAX_DATES = 8_192;
/** Instants of the years 100 to 9999, less a margin for the search around them. */
const MIN_INSTANT = Date.UTC(100, 1, 1);
const MAX_INSTANT = Date.UTC(9999, 10, 1);

/** Offsets of a stretch: `before` until the instant `change`, `after` from it on. Milliseconds. */
interface Chunk {
  readonly change: number;
  readonly before: number;
  readonly after: number;
  /** Least day number after the change: clocks set back over midnight do not bring the day before back. */
  readonly floorDay: number;
}

/** Clock of a zone. */
interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly chunks: Map<number, Chunk>;
}

const zones = new Map<string, Zone>();
const dates = new Map<number, string>();
/** The way back. */
const numbers = new Map<string, number>();

/** Local date and wall clock of an instant. */
export interface LocalParts {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes since local midnight by the clock, 0 to 1439. */
  readonly minuteOfDay: number;
  /** Monday 1 to Sunday 7. */
  readonly weekday: number;
  /** Minutes the local clock is ahead of UTC. */
  readonly offsetMinutes: number;
}

/** A zone by its IANA name. Throws RangeError for an unknown name and for a fixed offset such as `+01:00`. */
function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (!/^[A-Za-z]/.test(name)) throw new RangeError('Unknown time zone');
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new RangeError('Unknown time zone');
  }
  if (zones.size >= MAX_ZONES) zones.clear();
  const zone = { format, chunks: new Map<number, Chunk>() };
  zones.set(name, zone);
  return zone;
}

/** True for an IANA zone name that this runtime knows; fixed offsets are none. */
export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds the zone's clock is ahead of UTC at an instant, asked of the runtime. */
function rawOffset(zone: Zone, t: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of zone.format.formatToParts(t)) part[type] = Number(value);
  const local = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  );
  return local - Math.floor(t / 1000) * 1000;
}

/** The stretch of offsets that holds an instant. */
function chunkAt(zone: Zone, t: number): Chunk {
  const index = Math.floor(t / CHUNK_MS);
  const known = zone.chunks.get(index);
  if (known !== undefined) return known;
  if (zone.chunks.size >= MAX_CHUNKS) zone.chunks.clear();
  const chunk = readChunk(zone, index * CHUNK_MS);
  zone.chunks.set(index, chunk);
  return chunk;
}

/** Finds the offsets of a stretch, and by bisection the instant at which they change inside it. */
function readChunk(zone: Zone, start: number): Chunk {
  const before = rawOffset(zone, start);
  const after = rawOffset(zone, start + CHUNK_MS - 1);
  if (before === after) return { change: Infinity, before, after, floorDay: -Infinity };
  let [low, high] = [start, start + CHUNK_MS - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (rawOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return { change: high, before, after, floorDay: Math.floor((high - 1 + before) / DAY_MS) };
}

/** Local day number (days since 1970-01-01) and milliseconds since local midnight by the clock. */
export interface Clock {
  day: number;
  ms: number;
}

/** A function from instants to day and clock of one zone. It throws RangeError for what is no instant. */
export function clockOf(zoneName: string): (t: number) => Clock {
  const zone = zoneOf(zoneName);
  let chunkStart = NaN;
  let chunk: Chunk = { change: Infinity, before: 0, after: 0, floorDay: -Infinity };
  return (t) => {
    if (!(t >= chunkStart && t < chunkStart + CHUNK_MS)) {
      assertInstant(t);
      chunk = chunkAt(zone, t);
      chunkStart = Math.floor(t / CHUNK_MS) * CHUNK_MS;
    }
    const local = t + (t < chunk.change ? chunk.before : chunk.after);
    const day = Math.floor(local / DAY_MS);
    return { day: t >= chunk.change ? Math.max(day, chunk.floorDay) : day, ms: local - day * DAY_MS };
  };
}

function assertInstant(t: number): void {
  if (!(t >= MIN_INSTANT && t <= MAX_INSTANT)) throw new RangeError('Not an instant');
}

/** Day number of a calendar date. Throws RangeError for what is no date of the calendar. */
export function dayNumber(date: string): number {
  const known = numbers.get(date);
  if (known !== undefined) return known;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) {
    throw new RangeError('Not a calendar date YYYY-MM-DD');
  }
  if (numbers.size >= MAX_DATES) numbers.clear();
  numbers.set(date, time / DAY_MS);
  return time / DAY_MS;
}

/** Calendar date of a day number. */
function dateOfDay(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= MAX_DATES) dates.clear();
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
  dates.set(day, text);
  return text;
}

/** Least instant whose local date is that day or later. */
export function startOfDayNumber(day: number, zoneName: string): number {
  const zone = zoneOf(zoneName);
  const midnight = day * DAY_MS;
  assertInstant(midnight);
  // local clocks are less than two days apart from UTC
  for (let start = Math.floor((midnight - 2 * DAY_MS) / CHUNK_MS) * CHUNK_MS; ; start += CHUNK_MS) {
    const { change, before, after } = chunkAt(zone, start);
    const early = Math.max(start, midnight - before);
    if (early < Math.min(change, start + CHUNK_MS)) return early;
    const late = Math.max(change, midnight - after);
    if (late < start + CHUNK_MS) return late;
  }
}

/**
 * Least instant whose local date is `date` (`YYYY-MM-DD`) or later, epoch milliseconds; a day may start at 01:00.
 * Throws RangeError for an unknown zone and for what is no calendar date.
 */
export function dayStart(date: string, zone: string): number {
  return startOfDayNumber(dayNumber(date), zone);
}

/** Elapsed minutes of a local day: 0 for a date the zone skipped. Throws RangeError like `dayStart`. */
export function dayMinutes(date: string, zone: string): number {
  const day = dayNumber(date);
  return (startOfDayNumber(day + 1, zone) - startOfDayNumber(day, zone)) / MINUTE_MS;
}

/**
 * Local date and clock of an instant. The date is the one whose `dayStart` lies at or before the instant, also while
 * clocks set back over midnight repeat an hour of the day before. Throws RangeError for an unknown zone and for what is
 * no instant.
 */
export function localParts(t: number, zone: string): LocalParts {
  const { day, ms } = clockOf(zone)(t);
  const date = dateOfDay(day);
  const seconds = Math.floor(ms / 1000);
  const minuteOfDay = Math.floor(seconds / 60);
  const { change, before, after } = chunkAt(zoneOf(zone), t);
  return {
    date,
    year: Number(date.slice(0, -6)),
    month: Number(date.slice(-5, -3)),
    day: Number(date.slice(-2)),
    hour: Math.floor(minuteOfDay / 60),
    minute: minuteOfDay % 60,
    second: seconds % 60,
    minuteOfDay,
    weekday: ((((day + 3) % 7) + 7) % 7) + 1,
    offsetMinutes: (t < change ? before : after) / MINUTE_MS,
  };
}

/** The date a number of days later (or earlier). Throws RangeError for what is no calendar date. */
export function addDays(date: string, days: number): string {
  return dateOfDay(dayNumber(date) + days);
}
