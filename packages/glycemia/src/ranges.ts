import { at, roundTo } from './numbers';
import { BANDS, bandIndex, isPregnancy, isTightQuanta, quantaLimits, unitCode, type RangeName } from './populations';
import { intervalOf, normalize, unitOf } from './readings';
import type { BandCounts, Cell, Population, Reading } from './types';
import { quanta } from './units';

/** One range: how many readings, how many minutes, and its share in percent by the chosen weighting. */
export interface RangeShare {
  readonly count: number;
  readonly minutes: number;
  readonly percent: number | null;
}

/** Ranges of a set of readings. Pregnancy populations have neither `veryHigh` nor `tight`: null. */
export interface Ranges extends Readonly<Record<Exclude<RangeName, 'veryHigh' | 'tight'>, RangeShare>> {
  readonly veryHigh: RangeShare | null;
  readonly tight: RangeShare | null;
  /** All readings and all minutes. */
  readonly total: { readonly count: number; readonly minutes: number };
}

/** Whether a percentage counts readings or the minutes they stand for. */
export type Weighting = 'readings' | 'minutes';

/** Counts by band that are still being added to. */
export interface MutableBands {
  std: { n: number[]; w: number[]; tight: number[] };
  preg: { n: number[]; w: number[] };
}

/** Bands without a reading. */
export function emptyBands(): MutableBands {
  return {
    std: { n: [0, 0, 0, 0, 0], w: [0, 0, 0, 0, 0], tight: [0, 0] },
    preg: { n: [0, 0, 0, 0], w: [0, 0, 0, 0] },
  };
}

const add = (list: number[], index: number, amount: number): void => {
  list[index] = at(list, index) + amount;
};

/** Adds one histogram cell to the bands of both tables. */
function addToBands(bands: MutableBands, [u, q, n, w]: Cell): void {
  const std = bandIndex(q, quantaLimits(u, 'standard'));
  const preg = bandIndex(q, quantaLimits(u, 'gestational'));
  add(bands.std.n, std, n);
  add(bands.std.w, std, w);
  add(bands.preg.n, preg, n);
  add(bands.preg.w, preg, w);
  if (!isTightQuanta(q, u)) return;
  add(bands.std.tight, 0, n);
  add(bands.std.tight, 1, w);
}

/** Bands of a histogram. */
export function bandsOfCells(cells: readonly Cell[]): MutableBands {
  const bands = emptyBands();
  for (const cell of cells) addToBands(bands, cell);
  return bands;
}

const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);

/** Ranges of a population from counts by band. Throws RangeError for an unknown population or weighting. */
export function rangesOfBands(bands: BandCounts, population: Population, weighting: string): Ranges {
  if (weighting !== 'readings' && weighting !== 'minutes') throw new RangeError('Unknown weighting');
  const pregnant = isPregnancy(population);
  const { n, w } = pregnant ? bands.preg : bands.std;
  const total = { count: sum(n), minutes: sum(w) };
  const whole = weighting === 'readings' ? total.count : total.minutes;
  const share = (count: number, minutes: number): RangeShare => {
    const part = weighting === 'readings' ? count : minutes;
    return { count, minutes, percent: whole === 0 ? null : (100 * part) / whole };
  };
  const bandAt = (...indices: number[]): RangeShare =>
    share(sum(indices.map((index) => at(n, index))), sum(indices.map((index) => at(w, index))));
  return {
    veryLow: bandAt(0),
    low: bandAt(1),
    belowTarget: bandAt(0, 1),
    target: bandAt(2),
    tight: pregnant ? null : share(at(bands.std.tight, 0), at(bands.std.tight, 1)),
    high: bandAt(3),
    veryHigh: pregnant ? null : bandAt(BANDS.length - 1),
    aboveTarget: pregnant ? bandAt(3) : bandAt(3, BANDS.length - 1),
    total,
  };
}

/**
 * Ranges of readings, or of values in mg/dL, which stand for equal times and no known minutes. Weighted by readings
 * unless asked otherwise. Throws RangeError for an unknown population, unit or weighting and below 1 mg/dL.
 */
export function ranges(
  data: readonly Reading[] | readonly number[],
  population: Population,
  { weighting = 'readings' }: { readonly weighting?: Weighting } = {},
): Ranges {
  const values = data.filter((item) => typeof item === 'number');
  const readings = data.filter((item) => typeof item !== 'number');
  const bands = emptyBands();
  for (const reading of normalize(readings)) {
    const unit = unitOf(reading);
    addToBands(bands, [unitCode(unit), quanta(reading.value, unit), 1, intervalOf(reading)]);
  }
  for (const value of values) if (Number.isFinite(value)) addToBands(bands, [0, quanta(value, 'mg/dL'), 1, 0]);
  return rangesOfBands(bands, population, values.length > 0 ? 'readings' : weighting);
}

/** Percentages of time the glycemia risk index is made of. */
export interface GriInput {
  readonly veryLow: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly veryHigh: number | null;
}

/** Zone of a glycemia risk index, A the best. */
export type GriZone = 'A' | 'B' | 'C' | 'D' | 'E';

/** Glycemia risk index, 0 to 100, before capping, its components and zone. */
export interface Gri {
  readonly value: number;
  readonly raw: number;
  readonly hypo: number;
  readonly hyper: number;
  readonly zone: GriZone;
}

/** Highest index of each zone but the last. */
const GRI_ZONES: readonly (readonly [number, GriZone])[] = [
  [20, 'A'],
  [40, 'B'],
  [60, 'C'],
  [80, 'D'],
];

/**
 * Glycemia risk index (Klonoff 2022) from percentages of time below 54, 54-69, 181-250 and above 250 mg/dL; null when
 * one is missing. Not for pregnancy and not for capillary readings.
 */
export function gri({ veryLow, low, high, veryHigh }: GriInput): Gri | null {
  if (veryLow === null || low === null || high === null || veryHigh === null) return null;
  const raw = 3 * veryLow + 2.4 * low + 1.6 * veryHigh + 0.8 * high;
  if (!Number.isFinite(raw)) return null;
  const value = Math.min(100, raw);
  const rounded = roundTo(value, 6);
  const zone = GRI_ZONES.find(([limit]) => rounded <= limit)?.[1] ?? 'E';
  return { value, raw, hypo: veryLow + 0.8 * low, hyper: veryHigh + 0.5 * high, zone };
}
