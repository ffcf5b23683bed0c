import { compareText } from './histogram';
import { at } from './numbers';
import { isPregnancy } from './populations';
import type { Basis, BandCounts, Population, StoredDay } from './types';

/** Counts of a period: minutes for sensors; for capillary readings, readings and the days of the period. */
export interface TideCounts {
  /** Window minutes; calendar days for basis `smbg`. */
  readonly window: number;
  /** Analysed minutes, or readings. */
  readonly total: number;
  /** Below 54 mg/dL. */
  readonly veryLow: number;
  readonly belowTarget: number;
  readonly target: number;
  /** Default `cgm`. */
  readonly basis?: Basis | undefined;
}

/** Group of a worklist. */
export type TideGroup = 1 | 2 | 3 | 4 | 5 | 6;

/** Group with its code. */
export interface TideResult {
  readonly group: TideGroup;
  readonly code: 'very-low' | 'low' | 'tir-drop' | 'low-tir' | 'insufficient' | 'on-track';
}

/** Percentages that put a patient into groups 1, 2 and 4; null is not tested. */
const LIMITS: Readonly<Record<Population, readonly [number, number | null, number | null]>> = {
  standard: [1, 4, 65],
  'pregnancy-t1': [1, 4, 65],
  older: [1, 1, 45],
  gestational: [1, null, null],
};
/** Drop of time in range, points, beyond which a patient is flagged. */
const DROP_POINTS = 15;

/** Whether a period carries a verdict: half of the window in minutes, or a capillary reading per day. */
function isCovered({ total, window, basis }: TideCounts): boolean {
  return total > 0 && (basis === 'smbg' ? total >= window : 2 * total >= window);
}

function assertWhole(counts: TideCounts): void {
  const { window, total, veryLow, belowTarget, target } = counts;
  if (![total, veryLow, belowTarget, target].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError('Counts are whole numbers of at least 0');
  }
  if (!(window >= 0)) throw new RangeError('A window is at least 0');
}

/**
 * Group of a patient by whole counts of the period and the one before it, the first that applies (specification section
 * 15.1); no quotient is formed, so exactly 15 points are no drop. Throws RangeError for an unknown population and for
 * counts that are not whole.
 */
export function tideGroup(current: TideCounts, previous: TideCounts, population: Population): TideResult {
  isPregnancy(population);
  assertWhole(current);
  assertWhole(previous);
  const [veryLow, low, target] = LIMITS[population];
  const { total } = current;
  if (!isCovered(current)) return { group: 5, code: 'insufficient' };
  if (100 * current.veryLow > veryLow * total) return { group: 1, code: 'very-low' };
  if (low !== null && 100 * current.belowTarget > low * total) return { group: 2, code: 'low' };
  const change = 100 * (current.target * previous.total - previous.target * total);
  if (isCovered(previous) && change < -DROP_POINTS * total * previous.total) return { group: 3, code: 'tir-drop' };
  if (target !== null && 100 * current.target < target * total) return { group: 4, code: 'low-tir' };
  return { group: 6, code: 'on-track' };
}

/** A patient in a worklist. */
export interface TideEntry {
  readonly group: TideGroup;
  readonly target: number;
  readonly total: number;
  readonly patientId: string;
  /** Instant of the newest reading ever, epoch milliseconds; null when never measured. */
  readonly lastReading: number | null;
}

/**
 * Order of a worklist, for `sort`: by group; in group 5 by last reading, never measured first; in the others by time in
 * range ascending, compared without division; ties by patient id.
 */
export function tideOrder(a: TideEntry, b: TideEntry): number {
  if (a.group !== b.group) return a.group - b.group;
  const within =
    a.group === 5 ? compareInstants(a.lastReading, b.lastReading) : Math.sign(a.target * b.total - b.target * a.total);
  return within || compareText(a.patientId, b.patientId);
}

function compareInstants(a: number | null, b: number | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return Math.sign(a - b);
}

/** Counts of day documents (`bands` suffices) for a window in minutes, or in days for basis `smbg`. */
export function tideCounts(
  days: readonly StoredDay[],
  population: Population,
  basis: Basis,
  window: number,
): TideCounts {
  const pregnant = isPregnancy(population);
  const sums = [0, 0, 0, 0, 0];
  for (const day of days) {
    const bands: BandCounts | undefined = (basis === 'cgm' ? day.cgm : day.smbg)?.bands;
    if (bands === undefined) continue;
    const { n, w } = pregnant ? bands.preg : bands.std;
    const counts = basis === 'cgm' ? w : n;
    for (let band = 0; band < counts.length; band += 1) sums[band] = at(sums, band) + at(counts, band);
  }
  const [veryLow, low, target] = [at(sums, 0), at(sums, 1), at(sums, 2)];
  const total = sums.reduce((sum, count) => sum + count, 0);
  return { window, total, veryLow, belowTarget: veryLow + low, target, basis };
}
