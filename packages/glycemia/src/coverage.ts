import { at, halfEven } from './numbers';
import { cgmSeries, kindOf } from './readings';
import type { Reading, StepCell } from './types';
import { MINUTE_MS } from './zone';

/** Percent of active time from which data are sufficient (Danne 2017; Battelino 2019). */
const SUFFICIENT_PERCENT = 70;
/** Days a period needs to be sufficient. */
const SUFFICIENT_DAYS = 14;
/** Sampling intervals of sensors, minutes. */
const KNOWN_INTERVALS = [1, 3, 5, 15];
/** A batch needs as many readings before an interval is read off it. */
const LEAST_BATCH = 4;

/** Steps between consecutive instants, by their length in minutes rounded half to even, ascending. */
export function stepCells(t: ArrayLike<number>): StepCell[] {
  const cells = new Map<number, [number, number, number]>();
  for (let index = 1; index < t.length; index += 1) {
    const ms = at(t, index) - at(t, index - 1);
    const m = halfEven(ms / MINUTE_MS);
    const cell = cells.get(m);
    if (cell === undefined) cells.set(m, [m, 1, ms]);
    else {
      cell[1] += 1;
      cell[2] += ms;
    }
  }
  return [...cells.values()].sort((a, b) => a[0] - b[0]);
}

/** Lower median of the steps in whole minutes; null without steps. */
export function medianStep(steps: readonly StepCell[]): number | null {
  const total = steps.reduce((sum, [, c]) => sum + c, 0);
  let left = Math.floor((total - 1) / 2);
  for (const [m, c] of steps) {
    if (left < c) return m;
    left -= c;
  }
  return null;
}

/** Lower median of the steps between sensor readings in whole minutes (dt0); null below two readings. */
export function stepMinutes(readings: readonly Reading[]): number | null {
  return medianStep(stepCells(cgmSeries(readings).t));
}

/** Worn percent from steps and the instants of the first and the last reading; see `activePercentWorn`. */
export function wornPercent(steps: readonly StepCell[], first: number, last: number): number | null {
  const dt0 = medianStep(steps);
  if (dt0 === null || dt0 === 0) return null;
  const expected = halfEven(halfEven((last - first) / MINUTE_MS) / dt0) + 1;
  let [gapMs, gaps] = [0, 0];
  for (const [m, c, ms] of steps) {
    if (m <= dt0) continue;
    gapMs += ms;
    gaps += c;
  }
  const missing = halfEven((gapMs / MINUTE_MS - gaps * dt0) / dt0);
  return (100 * (expected - missing)) / expected;
}

/**
 * Percent of the sensor readings expected between the first and the last that are there (convention of the R package
 * iglu). Null below two readings or when most share an instant. Throws RangeError for an unknown unit or below 1 mg/dL.
 */
export function activePercentWorn(readings: readonly Reading[]): number | null {
  const { t } = cgmSeries(readings);
  return wornPercent(stepCells(t), at(t, 0), at(t, t.length - 1));
}

/**
 * Sampling interval of a batch that names none: its median step snapped to 1, 3, 5 or 15 minutes; null below four
 * sensor readings.
 */
export function inferInterval(readings: readonly Reading[]): number | null {
  const { t } = cgmSeries(readings.filter((reading) => kindOf(reading) === 'cgm'));
  if (t.length < LEAST_BATCH) return null;
  const steps = Float64Array.from({ length: t.length - 1 }, (_, index) => at(t, index + 1) - at(t, index)).sort();
  const minutes = at(steps, Math.floor((steps.length - 1) / 2)) / MINUTE_MS;
  return KNOWN_INTERVALS.reduce((best, next) => (Math.abs(next - minutes) < Math.abs(best - minutes) ? next : best));
}

/** Why a period does not carry its figures. */
export type InsufficientReason = 'NO_DATA' | 'PERIOD_TOO_SHORT' | 'LOW_COVERAGE' | 'INSUFFICIENT_READINGS';

/** Verdict on a period. */
export interface Sufficiency {
  readonly sufficient: boolean;
  readonly reason: InsufficientReason | null;
}

/** Sensor minutes in percent of the window, capped at the window; null for an empty window. */
export function activePercent(minutes: number, windowMinutes: number): number | null {
  return windowMinutes > 0 ? (100 * Math.min(minutes, windowMinutes)) / windowMinutes : null;
}

/** Sufficiency of sensor data: at least 14 days and 70 % active time (specification section 6). */
export function sufficiencyOf(minutes: number, windowMinutes: number, periodDays: number): Sufficiency {
  const percent = activePercent(minutes, windowMinutes);
  if (minutes === 0) return { sufficient: false, reason: 'NO_DATA' };
  if (periodDays < SUFFICIENT_DAYS) return { sufficient: false, reason: 'PERIOD_TOO_SHORT' };
  if (percent === null || percent < SUFFICIENT_PERCENT) return { sufficient: false, reason: 'LOW_COVERAGE' };
  return { sufficient: true, reason: null };
}
