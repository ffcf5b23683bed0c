import { medianStep, stepCells } from './coverage';
import { at } from './numbers';
import { cgmSeries, type Series } from './readings';
import type { Reading } from './types';
import { clockOf, MINUTE_MS, startOfDayNumber } from './zone';

/** One point of a grid: instant, and glucose in mg/dL or null where nothing is known. */
export interface GridPoint {
  readonly t: number;
  readonly x: number | null;
}

/** Values at regular instants, from the first step after local midnight of the first reading's day on. */
export interface Grid {
  readonly stepMinutes: number;
  readonly points: readonly GridPoint[];
}

/** How a grid is made. */
export interface GridOptions {
  /** Default: the lower median of the steps between readings. */
  readonly stepMinutes?: number | undefined;
  /** Longest gap that is bridged by a straight line, default 45. */
  readonly maxGapMinutes?: number | undefined;
}

const MAX_GAP = 45;
/** Readings further apart than this carry no grid. */
const MAX_STEP = 45;
const MINUTES_A_DAY = 1440;

/** The step nearest to the wanted one that divides a day; null when it is too long. */
function gridStep(wanted: number): number | null {
  const step = Math.max(wanted, 1);
  if (step > MAX_STEP) return null;
  if (MINUTES_A_DAY % step === 0) return step;
  if (step > 20) return 20;
  const rest = step % 5;
  return rest > 2 ? step + 5 - rest : step - rest;
}

/** Value at an instant between two neighbours; null outside the series and in a gap that is too long. */
function valueAt({ t, x }: Series, next: number, instant: number, maxGapMs: number): number | null {
  if (at(t, next) === instant) return at(x, next);
  if (next === 0) return null;
  const [before, after] = [at(t, next - 1), at(t, next)];
  if (after - before > maxGapMs) return null;
  const [from, to] = [at(x, next - 1), at(x, next)];
  return from + ((to - from) * (instant - before)) / (after - before);
}

/**
 * Sensor readings on a regular grid (specification section 7); null below two readings and when most are more than
 * 45 minutes apart. Throws RangeError for a step of 0 or less, an unknown zone or unit, and below 1 mg/dL.
 */
export function grid(readings: readonly Reading[], zone: string, options: GridOptions = {}): Grid | null {
  const { stepMinutes, maxGapMinutes = MAX_GAP } = options;
  if (stepMinutes !== undefined && !(stepMinutes > 0)) throw new RangeError('A step is longer than 0 minutes');
  const clock = clockOf(zone);
  const series = cgmSeries(readings);
  const median = medianStep(stepCells(series.t));
  const step = median === null ? null : gridStep(stepMinutes ?? median);
  if (step === null) return null;
  const stepMs = step * MINUTE_MS;
  const maxGapMs = maxGapMinutes * MINUTE_MS;
  const origin = startOfDayNumber(clock(at(series.t, 0)).day, zone);
  const last = at(series.t, series.t.length - 1);
  const points: GridPoint[] = [];
  let next = 0;
  for (let k = 1; origin + k * stepMs <= last; k += 1) {
    const t = origin + k * stepMs;
    while (at(series.t, next) < t) next += 1;
    points.push({ t, x: valueAt(series, next, t, maxGapMs) });
  }
  return { stepMinutes: step, points };
}

/** Minutes of a grid that have a value, of the points from `from` up to but excluding `to`. */
export function recordedMinutes(of: Grid | null, from = -Infinity, to = Infinity): number {
  if (of === null) return 0;
  const known = of.points.filter(({ t, x }) => x !== null && t >= from && t < to);
  return known.length * of.stepMinutes;
}
