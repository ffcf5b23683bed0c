import type { Band, Population, Unit } from './types';

/** Quanta in one mg/dL and in one mmol/L. */
export const QUANTA_PER_UNIT: readonly [number, number] = [10, 100];

/** Code of a unit in stored cells: 0 mg/dL, 1 mmol/L. Throws RangeError for an unknown unit. */
export function unitCode(unit: string): 0 | 1 {
  if (unit === 'mg/dL') return 0;
  if (unit === 'mmol/L') return 1;
  throw new RangeError('Unknown unit');
}

/** Limits in quanta of the native unit: 0.1 mg/dL, 0.01 mmol/L. */
export interface QuantaLimits {
  readonly veryLow: number;
  readonly low: number;
  /** Highest value of `target`, itself inside. */
  readonly high: number;
  /** Highest value of `high`, itself inside; null where that band has no end. */
  readonly veryHigh: number | null;
}

const STANDARD: readonly [QuantaLimits, QuantaLimits] = [
  { veryLow: 540, low: 700, high: 1800, veryHigh: 2500 },
  { veryLow: 300, low: 390, high: 1000, veryHigh: 1390 },
];
const PREGNANCY: readonly [QuantaLimits, QuantaLimits] = [
  { veryLow: 540, low: 630, high: 1400, veryHigh: null },
  { veryLow: 300, low: 350, high: 780, veryHigh: null },
];
/** Highest value of the tight range by unit: 140 mg/dL, 7.8 mmol/L. */
const TIGHT_HIGH: readonly [number, number] = [1400, 780];

const POPULATIONS: readonly Population[] = ['standard', 'older', 'pregnancy-t1', 'gestational'];

/** The bands of a population, lowest first. */
export const BANDS: readonly Band[] = ['veryLow', 'low', 'target', 'high', 'veryHigh'];

/** True for a text that names a population. */
export function isPopulation(text: unknown): text is Population {
  return POPULATIONS.some((name) => name === text);
}

/** True for the two populations with the limits of pregnancy. Throws RangeError for an unknown population. */
export function isPregnancy(population: Population): boolean {
  if (!isPopulation(population)) throw new RangeError('Unknown population');
  return population === 'pregnancy-t1' || population === 'gestational';
}

/** Limits in quanta for a unit (0 mg/dL, 1 mmol/L). Throws RangeError for an unknown population. */
export function quantaLimits(u: number, population: Population): QuantaLimits {
  const table = isPregnancy(population) ? PREGNANCY : STANDARD;
  return u === 0 ? table[0] : table[1];
}

/** Position of a value's band in `BANDS`; the value is given in quanta of its unit. */
export function bandIndex(q: number, limits: QuantaLimits): number {
  if (q < limits.veryLow) return 0;
  if (q < limits.low) return 1;
  if (q <= limits.high) return 2;
  return limits.veryHigh === null || q <= limits.veryHigh ? 3 : 4;
}

/** True for 70 to 140 mg/dL (3.9 to 7.8 mmol/L), both included; the value is given in quanta of its unit. */
export function isTightQuanta(q: number, u: number): boolean {
  return u === 0 ? q >= STANDARD[0].low && q <= TIGHT_HIGH[0] : q >= STANDARD[1].low && q <= TIGHT_HIGH[1];
}

/** Ranges a report lists: the bands, the totals below and above target, and the tight part of the target. */
export type RangeName = Band | 'belowTarget' | 'aboveTarget' | 'tight';

/** Limits of a range in some unit; null where the range is open. */
export interface Limits {
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Limits of every range of a population in a unit, for printing. Pregnancy populations have no `veryHigh` and no
 * `tight`: null. Throws RangeError for an unknown unit or population.
 */
export function bandLimits(population: Population, unit: Unit): Record<RangeName, Limits | null> {
  const u = unitCode(unit);
  const perUnit = QUANTA_PER_UNIT[u];
  const limits = quantaLimits(u, population);
  const [veryLow, low, high] = [limits.veryLow / perUnit, limits.low / perUnit, limits.high / perUnit];
  const veryHigh = limits.veryHigh === null ? null : limits.veryHigh / perUnit;
  return {
    veryLow: { min: null, max: veryLow },
    low: { min: veryLow, max: low },
    belowTarget: { min: null, max: low },
    target: { min: low, max: high },
    tight: veryHigh === null ? null : { min: low, max: TIGHT_HIGH[u] / perUnit },
    high: { min: high, max: veryHigh },
    veryHigh: veryHigh === null ? null : { min: veryHigh, max: null },
    aboveTarget: { min: high, max: null },
  };
}

/** A goal as printed in the consensus: strict, except the coefficient of variation. */
export interface Goal {
  readonly op: '<' | '<=' | '>';
  readonly percent: number;
}

/** Goals of a population; null where none is set. `mean` is in mg/dL and for the report only. */
export interface Goals {
  readonly target: Goal | null;
  readonly belowTarget: Goal | null;
  readonly veryLow: Goal | null;
  readonly aboveTarget: Goal | null;
  readonly veryHigh: Goal | null;
  readonly coefficientOfVariation: Goal | null;
  readonly meanMgDl: { readonly op: '<'; readonly value: number } | null;
  readonly gmi: Goal | null;
}

const under = (percent: number): Goal => ({ op: '<', percent });
const over = (percent: number): Goal => ({ op: '>', percent });
const STABLE: Goal = { op: '<=', percent: 36 };
const UNSET = { veryHigh: null, meanMgDl: null, gmi: null };

/** Goals by population (Battelino 2019; ADA Standards of Care 2024-2025). */
export const GOALS: Readonly<Record<Population, Goals>> = {
  standard: {
    target: over(70),
    belowTarget: under(4),
    veryLow: under(1),
    aboveTarget: under(25),
    veryHigh: under(5),
    coefficientOfVariation: STABLE,
    meanMgDl: { op: '<', value: 154 },
    gmi: under(7),
  },
  older: {
    ...UNSET,
    target: over(50),
    belowTarget: under(1),
    veryLow: null,
    aboveTarget: under(50),
    veryHigh: under(10),
    coefficientOfVariation: STABLE,
  },
  'pregnancy-t1': {
    ...UNSET,
    target: over(70),
    belowTarget: under(4),
    veryLow: under(1),
    aboveTarget: under(25),
    coefficientOfVariation: STABLE,
  },
  gestational: {
    ...UNSET,
    target: null,
    belowTarget: null,
    veryLow: null,
    aboveTarget: null,
    coefficientOfVariation: null,
  },
};

/** Whether an unrounded percentage meets a goal; null without a goal or without a value. */
export function meetsGoal(percent: number | null, goal: Goal | null): boolean | null {
  if (percent === null || goal === null) return null;
  if (goal.op === '<') return percent < goal.percent;
  return goal.op === '<=' ? percent <= goal.percent : percent > goal.percent;
}
