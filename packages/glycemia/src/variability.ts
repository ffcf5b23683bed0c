import type { Grid } from './grid';
import { halfEven } from './numbers';
import { clockOf, MINUTE_MS } from './zone';

const MINUTES_A_DAY = 1440;

/** Differences between points a number of places apart, where both have a value. */
function differences(grid: Grid, lag: number): number[] {
  const result: number[] = [];
  for (let index = lag; index < grid.points.length; index += 1) {
    const [now, then] = [grid.points[index]?.x ?? null, grid.points[index - lag]?.x ?? null];
    if (now !== null && then !== null) result.push(now - then);
  }
  return result;
}

/**
 * CONGA (McDonnell 2005): sample standard deviation of the change over some hours of elapsed time, mg/dL; null below
 * two pairs and without a grid. Throws RangeError for hours of 0 or less.
 */
export function conga(grid: Grid | null, hours: number): number | null {
  if (!(hours > 0 && Number.isFinite(hours))) throw new RangeError('CONGA needs hours above 0');
  if (grid === null) return null;
  const lag = Math.max(1, Math.round(halfEven(60 / grid.stepMinutes) * hours));
  const changes = differences(grid, lag);
  if (changes.length < 2) return null;
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return Math.sqrt(changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / (changes.length - 1));
}

/** MAG (Hermanides 2010): mean absolute change per hour, mg/dL per h; null without a pair and without a grid. */
export function mag(grid: Grid | null): number | null {
  if (grid === null) return null;
  const changes = differences(grid, 1);
  if (changes.length === 0) return null;
  const total = changes.reduce((sum, change) => sum + Math.abs(change), 0);
  return total / ((changes.length * grid.stepMinutes) / 60);
}

/**
 * MODD (Molnar 1972; Service 1980): mean absolute difference to the same wall clock some local days earlier, mg/dL; of a
 * clock time that occurs twice the earlier counts. Null without a pair and without a grid. Throws RangeError for an
 * unknown zone and for a lag that is no whole number of days above 0.
 */
export function modd(grid: Grid | null, zone: string, lagDays = 1): number | null {
  const clock = clockOf(zone);
  if (!(Number.isInteger(lagDays) && lagDays > 0)) throw new RangeError('MODD needs a whole number of days above 0');
  const byClock = new Map<number, number | null>();
  for (const { t, x } of grid?.points ?? []) {
    const { day, ms } = clock(t);
    const key = day * MINUTES_A_DAY + Math.floor(ms / MINUTE_MS);
    if (!byClock.has(key)) byClock.set(key, x);
  }
  let [sum, pairs] = [0, 0];
  for (const [key, x] of byClock) {
    const earlier = byClock.get(key - lagDays * MINUTES_A_DAY) ?? null;
    if (x === null || earlier === null) continue;
    sum += Math.abs(x - earlier);
    pairs += 1;
  }
  return pairs === 0 ? null : sum / pairs;
}
