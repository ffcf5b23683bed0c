import { grid, type GridPoint } from './grid';
import type { Reading } from './types';
import { difference } from './values';
import { MINUTE_MS } from './zone';

/** Mean amplitude of glycemic excursions in mg/dL: rises, falls, and both. */
export interface Mage {
  readonly avg: number | null;
  readonly plus: number | null;
  readonly minus: number | null;
  /** Values of different algorithms are not comparable. */
  readonly algorithm: 'ma-5-32';
}

const STEP = 5;
/** Longest run of missing points inside a segment, minutes. */
const MAX_MISSING = 180;
const SHORT = 5;
const LONG = 32;
/** Least standard deviation of a segment that has excursions, mg/dL. */
const LEAST_SD = 1;

type Value = number | null;

/** Stretches of a grid without missing ends, split where too many points are missing. */
function segmentsOf(points: readonly GridPoint[]): GridPoint[][] {
  const segments: GridPoint[][] = [];
  let current: GridPoint[] = [];
  let gap: GridPoint[] = [];
  for (const point of points) {
    if (point.x === null) {
      gap.push(point);
      continue;
    }
    if (current.length === 0 || gap.length * STEP > MAX_MISSING) {
      current = [];
      segments.push(current);
    } else current.push(...gap);
    gap = [];
    current.push(point);
  }
  return segments;
}

/** Sample standard deviation of the values that are there. */
function sdOfPoints(values: readonly Value[]): number {
  const known = values.filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1));
}

/** Trailing means over a window, missing points ignored; the first ones take the mean of the first full window. */
function trailingMeans(values: readonly Value[], window: number): Value[] {
  const means = values.map((_, index) => meanOfWindow(values, Math.max(0, index + 1 - window), index));
  const full = means[window - 1] ?? null;
  return means.map((value, index) => (index < window - 1 ? full : value));
}

/** Mean of the values between two positions, both included; summed anew each time so that equal means stay equal. */
function meanOfWindow(values: readonly Value[], from: number, to: number): Value {
  let [sum, known] = [0, 0];
  for (let index = from; index <= to; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? null : sum / known;
}

/** A point where the short mean crosses the long one, and what to look for until the next crossing. */
interface Crossing {
  readonly index: number;
  readonly kind: 'max' | 'min';
}

/** What begins at a point where the difference of the means changes its sign, against the point before or the listed. */
function turn(delta: readonly Value[], index: number, listed: number): Crossing['kind'] | null {
  const [now, before] = [delta[index] ?? null, delta[index - 1] ?? null];
  if (now === null || before === null) return null;
  const reference = now * before < 0 ? before : listed;
  if (now * reference >= 0) return null;
  return now > reference ? 'max' : 'min';
}

/** The list of crossings: the first point, the crossings, the last point. */
function crossingsOf(values: readonly Value[]): Crossing[] {
  const long = trailingMeans(values, LONG);
  const delta = trailingMeans(values, SHORT).map((short, index) => difference(short, long[index] ?? null));
  const crossings: Crossing[] = [{ index: 0, kind: (delta[0] ?? 0) > 0 ? 'max' : 'min' }];
  for (let index = 1; index < values.length; index += 1) {
    const listed = delta[crossings.at(-1)?.index ?? 0] ?? 0;
    const kind = values[index - 1] === null || values[index] === null ? null : turn(delta, index, listed);
    if (kind !== null) crossings.push({ index, kind });
  }
  return [...crossings, { index: values.length - 1, kind: 'min' }];
}

/** First position of the greatest (or least) value between two positions, both included. */
function extremePosition(values: readonly Value[], from: number, to: number, kind: 'max' | 'min'): number {
  let best = from;
  for (let index = from; index <= to; index += 1) {
    const [value, known] = [values[index] ?? null, values[best] ?? null];
    if (value === null) continue;
    if (known === null || (kind === 'max' ? value > known : value < known)) best = index;
  }
  return best;
}

/** Values of the turning points. */
function turningValues(values: readonly Value[]): number[] {
  const crossings = crossingsOf(values);
  const turning: number[] = [];
  let previous = 0;
  crossings.slice(0, -1).forEach(({ kind }, entry) => {
    previous = extremePosition(values, previous, crossings[entry + 1]?.index ?? 0, kind);
    turning.push(values[previous] ?? 0);
  });
  return turning;
}

/**
 * Rises of at least `s` between turning points (steps 6 and 7). Falls are the rises of the mirrored values, with the one
 * difference that the next search starts at the end of the fall, not where it was left.
 */
function rises(y: readonly number[], s: number, falls: boolean): number[] {
  const found: number[] = [];
  const of = (index: number): number => y[index] ?? 0;
  let [start, j, least] = [0, 0, 0];
  while (j < y.length) {
    if (of(j) < of(least)) least = j;
    if (of(j) - of(least) < s) {
      j += 1;
      continue;
    }
    let [top, k] = [j, j];
    for (; ; k += 1) {
      if (of(k) > of(top)) top = k;
      if (of(k) - of(top) < -s || k === y.length - 1) break;
    }
    found.push(of(top) - of(least));
    start = falls ? top : k;
    j = k;
    least = start;
    for (let index = start; index <= j; index += 1) if (of(index) < of(least)) least = index;
  }
  return found;
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean rise and mean fall of a segment with its duration; null when the segment is too short or too flat. */
function segmentMage(points: readonly GridPoint[]): { plus: Value; minus: Value; duration: number } | null {
  const values = points.map(({ x }) => x);
  if (values.length < LONG) return null;
  const s = sdOfPoints(values);
  if (!(s >= LEAST_SD)) return null;
  const y = turningValues(values);
  const mirrored = y.map((value) => -value);
  const duration = (points.length - 1) * STEP * MINUTE_MS;
  return { plus: meanOf(rises(y, s, false)), minus: meanOf(rises(mirrored, s, true)), duration };
}

/** Mean of values weighted by duration; null without values. */
function weightedMean(items: readonly (readonly [Value, number])[]): number | null {
  let [sum, weight] = [0, 0];
  for (const [value, duration] of items) {
    if (value === null) continue;
    sum += value * duration;
    weight += duration;
  }
  return weight === 0 ? null : sum / weight;
}

/**
 * MAGE of sensor readings (Service 1970) by moving averages over 5 and 32 points (Fernandes 2022), mg/dL; null without
 * an excursion. Throws RangeError for an unknown zone or unit and below 1 mg/dL.
 */
export function mage(readings: readonly Reading[], zone: string): Mage {
  const points = grid(readings, zone, { stepMinutes: STEP })?.points ?? [];
  const segments = segmentsOf(points).flatMap((segment) => segmentMage(segment) ?? []);
  const plus = segments.map((segment) => [segment.plus, segment.duration] as const);
  const minus = segments.map((segment) => [segment.minus, segment.duration] as const);
  return {
    avg: weightedMean([...plus, ...minus]),
    plus: weightedMean(plus),
    minus: weightedMean(minus),
    algorithm: 'ma-5-32',
  };
}
