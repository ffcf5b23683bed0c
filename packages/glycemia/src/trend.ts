import { at, roundTo } from './numbers';
import { cgmSeries, type Series } from './readings';
import type { Reading } from './types';
import { MINUTE_MS } from './zone';

/** Direction of change, in the names sensors use. */
export type Arrow =
  'None' | 'Flat' | 'FortyFiveUp' | 'FortyFiveDown' | 'SingleUp' | 'SingleDown' | 'DoubleUp' | 'DoubleDown';

/** Present change and where it leads, unrounded; null values with arrow `None`. */
export interface Trend {
  readonly arrow: Arrow;
  /** mg/dL per minute. */
  readonly slope: number | null;
  /** Instant of the newest reading, epoch milliseconds. */
  readonly at: number;
  /** The line 20 and 30 minutes after the newest reading, mg/dL. */
  readonly predicted20: number | null;
  readonly predicted30: number | null;
  /** Readings the line rests on. */
  readonly used: number;
}

/** A newest reading older than this tells nothing about now. */
const MAX_AGE_MS = 15 * MINUTE_MS;
const TARGET_STEP_MS = 5 * MINUTE_MS;
const TOLERANCE_MS = 150_000;
const LEAST_MEMBERS = 3;
/** Sensors with a longer interval give two readings only. */
const FAST_INTERVAL = 5;
const SLOW_TOLERANCE_MINUTES = 2.5;
/** Falls slower than this predict nothing, mg/dL per minute. */
const PREDICTIVE_SLOPE = -1;

/** Index of the reading nearest to an instant within the tolerance, the older one of two; -1 for none. */
function nearest({ t }: Series, instant: number): number {
  let best = -1;
  for (let index = t.length - 1; index >= 0; index -= 1) {
    const distance = Math.abs(at(t, index) - instant);
    if (at(t, index) < instant - TOLERANCE_MS) break;
    if (distance <= TOLERANCE_MS && (best < 0 || distance <= Math.abs(at(t, best) - instant))) best = index;
  }
  return best;
}

/** Indices of the readings the line is laid through; empty when there is no trend. */
function members(series: Series, interval: number): number[] {
  const last = series.t.length - 1;
  const newest = at(series.t, last);
  if (interval > FAST_INTERVAL) {
    const close = last > 0 && newest - at(series.t, last - 1) <= (interval + SLOW_TOLERANCE_MINUTES) * MINUTE_MS;
    return close ? [last, last - 1] : [];
  }
  const found = [1, 2, 3].map((j) => nearest(series, newest - j * TARGET_STEP_MS)).filter((index) => index >= 0);
  const set = [...new Set([last, ...found])];
  return set.length < LEAST_MEMBERS ? [] : set;
}

/** Value at the newest reading and slope per minute by ordinary least squares. */
function line({ t, x }: Series, indices: readonly number[]): { value: number; slope: number } {
  const newest = at(t, t.length - 1);
  const points = indices.map((index) => [(at(t, index) - newest) / MINUTE_MS, at(x, index)] as const);
  const meanT = points.reduce((sum, [minute]) => sum + minute, 0) / points.length;
  const meanX = points.reduce((sum, [, value]) => sum + value, 0) / points.length;
  let [covariance, variance] = [0, 0];
  for (const [minute, value] of points) {
    covariance += (minute - meanT) * (value - meanX);
    variance += (minute - meanT) ** 2;
  }
  const slope = covariance / variance;
  return { value: meanX - slope * meanT, slope };
}

/** Arrow of a slope in mg/dL per minute, compared at three decimals. */
function arrowOf(slope: number): Arrow {
  const rate = roundTo(slope, 3);
  const speed = Math.abs(rate);
  if (speed <= 1) return 'Flat';
  if (speed <= 2) return rate > 0 ? 'FortyFiveUp' : 'FortyFiveDown';
  if (speed <= 3) return rate > 0 ? 'SingleUp' : 'SingleDown';
  return rate > 0 ? 'DoubleUp' : 'DoubleDown';
}

/**
 * Trend of the newest sensor readings at the instant `now` for a sensor with that interval in minutes; null when the
 * newest reading is older than 15 minutes, arrow `None` when too few readings are near. Throws RangeError for an unknown
 * unit, an interval of 0 or less, and below 1 mg/dL.
 */
export function recentTrend(readings: readonly Reading[], now: number, interval: number): Trend | null {
  if (!(interval > 0)) throw new RangeError('An interval is longer than 0 minutes');
  const series = cgmSeries(readings);
  if (series.t.length === 0) return null;
  const newest = at(series.t, series.t.length - 1);
  if (now - newest > MAX_AGE_MS) return null;
  const indices = members(series, interval);
  if (indices.length === 0) {
    return { arrow: 'None', slope: null, at: newest, predicted20: null, predicted30: null, used: 0 };
  }
  const { value, slope } = line(series, indices);
  return {
    arrow: arrowOf(slope),
    slope,
    at: newest,
    predicted20: value + slope * 20,
    predicted30: value + slope * 30,
    used: indices.length,
  };
}

/**
 * Whether a trend leads below a limit: the present value is not below it, the fall is at least 1 mg/dL per minute, and
 * the line 20 or 30 minutes ahead is below it. Only trends of three or four readings predict.
 */
export function predictsLow(trend: Trend | null, current: number, lowMgDl = 70, horizon: 20 | 30 = 20): boolean {
  if (trend === null || trend.slope === null || trend.used < LEAST_MEMBERS || current < lowMgDl) return false;
  const predicted = horizon === 20 ? trend.predicted20 : trend.predicted30;
  return predicted !== null && roundTo(trend.slope, 3) <= PREDICTIVE_SLOPE && roundTo(predicted, 1) < lowMgDl;
}
