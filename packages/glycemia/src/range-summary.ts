import { bandLimits, GOALS, meetsGoal, type Goal, type Limits, type RangeName } from './populations';
import { emptyBands, gri, rangesOfBands, type Gri } from './ranges';
import type { BandCounts, Basis, Population, Unit } from './types';

const MINUTES_A_DAY = 1440;

/** One range of a summary. Minutes are null for capillary readings. */
export interface RangeSummary {
  readonly percent: number | null;
  readonly minutes: number | null;
  readonly minutesPerDay: number | null;
  readonly readings: number;
  readonly limits: Limits;
  readonly goal: Goal | null;
  readonly met: boolean | null;
}

/** Ranges of a summary; pregnancy populations have neither `veryHigh` nor `tight`. */
export type RangeSummaries = Readonly<Record<RangeName, RangeSummary | null>>;

/** Ranges of counts by band with limits and goals; percentages count minutes for sensors and readings otherwise. */
export function rangeSummaries(
  bands: BandCounts | null,
  population: Population,
  basis: Basis,
  unit: Unit = 'mg/dL',
): RangeSummaries {
  const shares = rangesOfBands(bands ?? emptyBands(), population, basis === 'cgm' ? 'minutes' : 'readings');
  const limits = bandLimits(population, unit);
  const goals = GOALS[population];
  const summary = (name: RangeName): RangeSummary | null => {
    const [share, limit] = [shares[name], limits[name]];
    if (share === null || limit === null) return null;
    const goal = name === 'tight' || name === 'low' || name === 'high' ? null : goals[name];
    const { percent } = share;
    return {
      percent,
      minutes: basis === 'cgm' ? share.minutes : null,
      minutesPerDay: basis === 'cgm' && percent !== null ? (percent / 100) * MINUTES_A_DAY : null,
      readings: share.count,
      limits: limit,
      goal,
      met: meetsGoal(percent, goal),
    };
  };
  return {
    veryLow: summary('veryLow'),
    low: summary('low'),
    belowTarget: summary('belowTarget'),
    target: summary('target'),
    tight: summary('tight'),
    high: summary('high'),
    veryHigh: summary('veryHigh'),
    aboveTarget: summary('aboveTarget'),
  };
}

/** Glycemia risk index of the ranges of a summary; null without data and in pregnancy. */
export function griOf({ veryLow, low, high, veryHigh }: RangeSummaries): Gri | null {
  const percent = (range: RangeSummary | null): number | null => range?.percent ?? null;
  return gri({ veryLow: percent(veryLow), low: percent(low), high: percent(high), veryHigh: percent(veryHigh) });
}
