import { isPregnancy } from './populations';
import type { Basis, Population } from './types';

/** Why a metric is null although there are readings. */
export type Refusal = 'NOT_FOR_PREGNANCY' | 'CGM_REQUIRED' | 'INSUFFICIENT_READINGS';

/** Metrics by key with the reason they are refused for. */
export type Refused = Readonly<Record<string, Refusal>>;

/** Not meaningful in pregnancy. */
const NOT_FOR_PREGNANCY = ['gmi', 'gmiMmolMol', 'estimatedA1c', 'gri'];
/** Need a sensor. */
const CGM_REQUIRED = ['activePercent', 'wornPercent', 'minutes', 'minutesPerDay', 'gmi', 'gmiMmolMol', 'gri'];
/** Metrics of the regular grid, which need a sensor as well. */
const VARIABILITY = ['conga1', 'conga2', 'conga4', 'conga24', 'modd', 'mag', 'mage'];

/** Capillary readings below which dispersion and risk are refused. */
export const LEAST_SMBG = 30;
const NEED_MANY = [
  'standardDeviation',
  'coefficientOfVariation',
  'estimatedA1c',
  'p05',
  'p10',
  'p90',
  'p95',
  'lbgi',
  'hbgi',
  'grade',
  'gradeHypoPercent',
  'gradeEuPercent',
  'gradeHyperPercent',
  'jIndex',
  'mValue',
  'hyperIndex',
  'hypoIndex',
  'igc',
];
/** Capillary readings for a median and for quartiles. */
const LEAST_MEDIAN = 3;
const LEAST_QUARTILES = 5;

/** ADRR from capillary readings counts days with three of them, and needs fourteen such days. */
export const ADRR_READINGS_A_DAY = 3;
const ADRR_DAYS = 14;

function assign(refused: Record<string, Refusal>, keys: readonly string[], reason: Refusal): void {
  for (const key of keys) refused[key] = reason;
}

/**
 * Refused metrics of a summary by key (specification sections 3 and 12). `n` counts readings, `adrrDays` the days with
 * at least three of them. Throws RangeError for an unknown population.
 */
export function refusals(population: Population, basis: Basis, n: number, adrrDays: number): Record<string, Refusal> {
  const refused: Record<string, Refusal> = {};
  if (basis === 'smbg') {
    assign(refused, CGM_REQUIRED, 'CGM_REQUIRED');
    if (n < LEAST_SMBG) assign(refused, NEED_MANY, 'INSUFFICIENT_READINGS');
    if (n < LEAST_MEDIAN) assign(refused, ['p50'], 'INSUFFICIENT_READINGS');
    if (n < LEAST_QUARTILES) assign(refused, ['p25', 'p75', 'iqr'], 'INSUFFICIENT_READINGS');
    if (adrrDays < ADRR_DAYS) assign(refused, ['adrr'], 'INSUFFICIENT_READINGS');
  }
  if (isPregnancy(population)) assign(refused, NOT_FOR_PREGNANCY, 'NOT_FOR_PREGNANCY');
  return refused;
}

/** Refused metrics of the variability part, by key: all of them for capillary readings. */
export function refusedVariability(basis: Basis): Record<string, Refusal> {
  const refused: Record<string, Refusal> = {};
  if (basis === 'smbg') assign(refused, VARIABILITY, 'CGM_REQUIRED');
  return refused;
}

/** Whether quartiles and median of a number of capillary readings are shown. */
export function shownQuantiles(n: number): { median: boolean; quartiles: boolean; others: boolean } {
  return { median: n >= LEAST_MEDIAN, quartiles: n >= LEAST_QUARTILES, others: n >= LEAST_SMBG };
}
