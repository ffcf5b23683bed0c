import { BANDS, bandIndex, isTightQuanta, QUANTA_PER_UNIT, quantaLimits, unitCode } from './populations';
import type { Band, Population, Unit } from './types';

/** Milligrams per decilitre in one millimole per litre. The only conversion constant of the library. */
export const MGDL_PER_MMOL = 18.0182;

/** Least value that is glucose at all, mg/dL; below it the risk function has no value. */
const LEAST_MGDL = 1;

/** Returns a value in mg/dL when it can be glucose. Throws RangeError below 1 mg/dL and for what is not finite. */
export function assertMgdl(mgdl: number): number {
  if (!Number.isFinite(mgdl) || mgdl < LEAST_MGDL) throw new RangeError('Glucose below 1 mg/dL or not a number');
  return mgdl;
}

/**
 * A glucose value in mg/dL, not rounded. Throws RangeError for an unknown unit, a value below 1 mg/dL and a value that
 * is not finite.
 */
export function toMgdl(value: number, unit: Unit): number {
  return assertMgdl(unitCode(unit) === 0 ? value : value * MGDL_PER_MMOL);
}

/** A concentration or a difference of concentrations in mmol/L, not rounded; null stays null. */
export function toMmol(mgdl: number): number;
export function toMmol(mgdl: number | null): number | null;
export function toMmol(mgdl: number | null): number | null {
  if (mgdl === null) return null;
  if (!Number.isFinite(mgdl)) throw new RangeError('A concentration must be finite');
  return mgdl / MGDL_PER_MMOL;
}

/**
 * The analysis value: an integer number of 0.1 mg/dL or 0.01 mmol/L, ties up. Throws RangeError like `toMgdl`.
 */
export function quanta(value: number, unit: Unit): number {
  toMgdl(value, unit);
  return Math.floor(value * QUANTA_PER_UNIT[unitCode(unit)] + 0.5);
}

/** Statistic value in mg/dL of quanta in a unit (0 mg/dL, 1 mmol/L). */
export function quantaToMgdl(q: number, u: number): number {
  return u === 0 ? q / 10 : (q / 100) * MGDL_PER_MMOL;
}

/**
 * Band of a value by the limits of its own unit; it is never converted first. Throws RangeError for an unknown unit or
 * population and a value that cannot be glucose.
 */
export function classify(value: number, unit: Unit, population: Population): Band {
  const limits = quantaLimits(unitCode(unit), population);
  return BANDS[bandIndex(quanta(value, unit), limits)] ?? 'target';
}

/** True for 70 to 140 mg/dL, 3.9 to 7.8 mmol/L. Throws RangeError like `quanta`. */
export function isTight(value: number, unit: Unit): boolean {
  return isTightQuanta(quanta(value, unit), unitCode(unit));
}

/**
 * A value for people, with its unit: whole mg/dL, or mmol/L with one decimal, ties up; one decimal more where the
 * rounding would show another band. Throws RangeError like `classify`.
 */
export function formatGlucose(value: number, unit: Unit, population: Population): string {
  const q = quanta(value, unit);
  const limits = quantaLimits(unitCode(unit), population);
  const rounded = Math.floor((q + 5) / 10) * 10;
  const same = bandIndex(rounded, limits) === bandIndex(q, limits);
  const [perUnit, decimals] = unit === 'mg/dL' ? [10, 0] : [100, 1];
  return same ? `${(rounded / perUnit).toFixed(decimals)} ${unit}` : `${(q / perUnit).toFixed(decimals + 1)} ${unit}`;
}
