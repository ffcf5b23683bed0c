import { isPregnancy, QUANTA_PER_UNIT, unitCode, type Limits } from './populations';
import { meanOf, sampleOfCells } from './sample';
import type { CountCell, Population, Unit } from './types';

/** Capillary target of a meal context. The upper limit is inside unless `maxOpen`. */
export interface ContextTarget extends Limits {
  readonly maxOpen: boolean;
}

/** Capillary readings of one meal context. */
export interface ContextSummary {
  readonly period: string;
  readonly n: number;
  /** mg/dL. */
  readonly mean: number | null;
  /** Share of the readings inside the target, %; null without a target. */
  readonly inTargetPercent: number | null;
  readonly target: ContextTarget | null;
}

/** Limits in quanta by unit (0.1 mg/dL, 0.01 mmol/L). */
interface TargetQuanta {
  readonly min: readonly [number, number] | null;
  readonly max: readonly [number, number];
  readonly maxOpen: boolean;
}

/** ADA Standards of Care 2024-2025. */
const BEFORE: TargetQuanta = { min: [800, 440], max: [1300, 720], maxOpen: false };
const GENERAL: Readonly<Record<string, TargetQuanta>> = {
  fasting: BEFORE,
  before_meal: BEFORE,
  after_meal: { min: null, max: [1800, 1000], maxOpen: true },
};
/** After a meal: the limits at one and at two hours taken together, because the delay is not recorded. */
const PREGNANT: Readonly<Record<string, TargetQuanta>> = {
  fasting: { min: [700, 390], max: [950, 530], maxOpen: false },
  after_meal: { min: [1000, 560], max: [1400, 780], maxOpen: false },
};

/** Order of the contexts in a report; others follow by name. */
const ORDER = ['fasting', 'before_meal', 'after_meal', 'bedtime', 'random'];

/** Limits that bind; lower limits of pregnancy bind with insulin only. */
function targetQuanta(period: string, population: Population, insulin: boolean): TargetQuanta | null {
  const pregnant = isPregnancy(population);
  const target = (pregnant ? PREGNANT : GENERAL)[period] ?? null;
  return target !== null && pregnant && !insulin ? { ...target, min: null } : target;
}

/** Capillary target of a meal context in a unit; null where none is set. Throws RangeError for an unknown population. */
export function contextTarget(
  period: string,
  population: Population,
  unit: Unit = 'mg/dL',
  insulin = false,
): ContextTarget | null {
  const target = targetQuanta(period, population, insulin);
  if (target === null) return null;
  const u = unitCode(unit);
  const perUnit = QUANTA_PER_UNIT[u];
  return {
    min: target.min === null ? null : target.min[u] / perUnit,
    max: target.max[u] / perUnit,
    maxOpen: target.maxOpen,
  };
}

/** Whether a reading, in quanta of its own unit, lies inside a target. */
function inside(u: 0 | 1, q: number, { min, max, maxOpen }: TargetQuanta): boolean {
  return (min === null || q >= min[u]) && (maxOpen ? q < max[u] : q <= max[u]);
}

/** Readings by meal context with the share inside the capillary target of each. */
export function contextSummaries(
  periods: readonly (readonly [string, readonly CountCell[]])[],
  population: Population,
  options: { readonly unit?: Unit; readonly insulin?: boolean } = {},
): ContextSummary[] {
  const rank = (period: string): number => (ORDER.includes(period) ? ORDER.indexOf(period) : ORDER.length);
  const { unit = 'mg/dL', insulin = false } = options;
  const summaries = periods.map(([period, cells]) => {
    const sample = sampleOfCells(cells);
    const target = targetQuanta(period, population, insulin);
    const hits = cells.reduce((sum, [u, q, n]) => {
      return target !== null && inside(u === 0 ? 0 : 1, q, target) ? sum + n : sum;
    }, 0);
    return {
      period,
      n: sample.total,
      mean: meanOf(sample),
      inTargetPercent: target === null || sample.total === 0 ? null : (100 * hits) / sample.total,
      target: contextTarget(period, population, unit, insulin),
    };
  });
  return summaries.sort((a, b) => rank(a.period) - rank(b.period));
}
