import { stepCells } from './coverage';
import { BANDS, bandIndex, quantaLimits, unitCode } from './populations';
import { compareText, Histogram, Histograms } from './histogram';
import { intervalOf, isPresent, kindOf, unitOf, type PresentReading } from './readings';
import { bandsOfCells } from './ranges';
import type { Block, Cell, CountCell, Day, Kind, LatestReading, Reading, StoredDay } from './types';
import { quanta } from './units';
import { clockOf, dayNumber, MINUTE_MS, startOfDayNumber } from './zone';

const HOUR_MS = 3_600_000;
/** Readings of a second sensor are skipped up to this much before a whole interval has passed. */
const DEVICE_TOLERANCE_MS = 10_000;

/** Order of readings that does not depend on the order they were given in: instant, storing instant, identity. */
function byInstant(a: PresentReading, b: PresentReading): number {
  return a.t - b.t || (a.createdAt ?? 0) - (b.createdAt ?? 0) || compareText(a.id ?? '', b.id ?? '');
}

/** Of two sensor readings at one instant: source `cgm` before `import`, then the latest stored. */
function preferred(a: PresentReading, b: PresentReading): PresentReading {
  const imported = (reading: PresentReading): number => (reading.source === 'import' ? 1 : 0);
  return imported(b) <= imported(a) ? b : a;
}

/** Sensor readings of a day that count, from readings in time order (specification section 4, a and b). */
function analysisSet(sorted: readonly PresentReading[]): PresentReading[] {
  const single: PresentReading[] = [];
  for (const reading of sorted) {
    const last = single.at(-1);
    if (last?.t === reading.t) single[single.length - 1] = preferred(last, reading);
    else single.push(reading);
  }
  const accepted: PresentReading[] = [];
  for (const reading of single) {
    if (!isSecondDevice(reading, accepted.at(-1))) accepted.push(reading);
  }
  return accepted;
}

/** True for a reading of another device that comes before the interval has passed. */
function isSecondDevice(reading: PresentReading, last: PresentReading | undefined): boolean {
  if (last?.deviceId === undefined || reading.deviceId === undefined || last.deviceId === reading.deviceId) {
    return false;
  }
  return reading.t - last.t < intervalOf(reading) * MINUTE_MS - DEVICE_TOLERANCE_MS;
}

/**
 * The sensor readings that count, oldest first, local day by local day (specification section 4): what the grid and the
 * metrics on it are computed from when several sensors or imports overlap. Throws RangeError for an unknown zone.
 */
export function analysisReadings<T extends Reading>(readings: readonly T[], zone: string): T[] {
  const clock = clockOf(zone);
  // Every reading of a list is present and of type T: only the order and the choice change.
  const own = readings.filter((reading) => isPresent(reading) && kindOf(reading) === 'cgm') as (T & PresentReading)[];
  own.sort(byInstant);
  const result: T[] = [];
  let from = 0;
  while (from < own.length) {
    const day = clock(own[from]?.t ?? 0).day;
    let to = from + 1;
    while (to < own.length && clock(own[to]?.t ?? 0).day === day) to += 1;
    result.push(...(analysisSet(own.slice(from, to)) as (T & PresentReading)[]));
    from = to;
  }
  return result;
}

/** The block of one kind; null without readings. */
function buildBlock(readings: readonly PresentReading[], kind: Kind, hourOf: (t: number) => number): Block | null {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return null;
  const hist = new Histogram();
  const hours = new Histograms<number>();
  const periods = new Histograms<string>();
  const sums: [number, number] = [0, 0];
  let minutes = 0;
  for (const reading of readings) {
    const unit = unitOf(reading);
    const [u, q, w] = [unitCode(unit), quanta(reading.value, unit), intervalOf(reading)];
    hist.add(u, q, 1, w);
    hours.of(hourOf(reading.t)).add(u, q, 1, w);
    if (kind === 'capillary' && reading.period) periods.of(reading.period).add(u, q, 1, 0);
    sums[u] += q;
    minutes += w;
  }
  const cells: Cell[] = hist.sorted();
  const block: Block = {
    n: readings.length,
    w: minutes,
    sums,
    first: first.t,
    last: last.t,
    steps: kind === 'cgm' ? stepCells(readings.map(({ t }) => t)) : [],
    hist: cells,
    hours: hours.sorted(),
    bands: bandsOfCells(cells),
  };
  if (kind === 'cgm') return block;
  return { ...block, periods: periods.sorted().map(([period, list]) => [period, list.map(countCell)]) };
}

function countCell([u, q, n]: Cell): CountCell {
  return [u, q, n];
}

/** Readings by source and meal context, in a fixed order. */
function countSources(readings: readonly PresentReading[]): [string, string, number][] {
  const counts = new Map<string, [string, string, number]>();
  for (const reading of readings) {
    const source = reading.source ?? (kindOf(reading) === 'cgm' ? 'cgm' : 'manual');
    const period = reading.period ?? '';
    const key = `${source}|${period}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, [source, period, 1]);
    else entry[2] += 1;
  }
  return [...counts.values()].sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]));
}

function isCritical(reading: PresentReading): boolean {
  const unit = unitOf(reading);
  const index = bandIndex(quanta(reading.value, unit), quantaLimits(unitCode(unit), 'standard'));
  return index === 0 || index === BANDS.length - 1;
}

function latestOf(reading: PresentReading): LatestReading {
  return { glucoseId: reading.id ?? null, value: reading.value, unit: unitOf(reading), measuredAt: reading.t };
}

/**
 * Rollup of one local day (`date` as `YYYY-MM-DD`), a pure function of the day's readings, whatever their order; null
 * when the day has none. Readings of other days are ignored. Throws RangeError for an unknown zone or unit, for what is
 * no calendar date, and below 1 mg/dL.
 */
export function buildDay(readings: readonly Reading[], date: string, zone: string): Day | null {
  const { from, to, minutes } = emptyDay(date, zone);
  const clock = clockOf(zone);
  const own = readings.filter(isPresent).filter(({ t }) => t >= from && t < to);
  own.sort(byInstant);
  const latest = own.at(-1);
  if (latest === undefined) return null;
  const hourOf = (t: number): number => Math.floor(clock(t).ms / HOUR_MS);
  const ofKind = (kind: Kind): PresentReading[] => own.filter((reading) => kindOf(reading) === kind);
  const critical = own.filter(isCritical).at(-1);
  return {
    date,
    tz: zone,
    from,
    to,
    minutes,
    cgm: buildBlock(analysisSet(ofKind('cgm')), 'cgm', hourOf),
    smbg: buildBlock(ofKind('capillary'), 'capillary', hourOf),
    latest: latestOf(latest),
    ...(critical === undefined ? {} : { lastCriticalAt: critical.t }),
    counts: countSources(own),
  };
}

/** A local day without readings, for lists that name every date. Throws RangeError like `dayStart`. */
export function emptyDay(date: string, zone: string): StoredDay & { from: number; to: number; minutes: number } {
  const day = dayNumber(date);
  const [from, to] = [startOfDayNumber(day, zone), startOfDayNumber(day + 1, zone)];
  return { date, from, to, minutes: (to - from) / MINUTE_MS, cgm: null, smbg: null };
}
