import type { RangeName } from './populations';
import type { Summary } from './summary';
import { difference } from './values';

/** Coverage and days both periods need, and the change of time in range that means something, points. */
const LEAST_PERCENT = 70;
const LEAST_DAYS = 7;
const MEANINGFUL_POINTS = 5;

/** Change of one period against another: current less previous; null where either side is null. */
export interface Comparison {
  readonly delta: {
    readonly mean: number | null;
    readonly coefficientOfVariation: number | null;
    readonly gmi: number | null;
    readonly gri: number | null;
    readonly lbgi: number | null;
    readonly hbgi: number | null;
    readonly activePercent: number | null;
    /** Points of percent. */
    readonly ranges: Readonly<Record<RangeName, number | null>>;
  };
  readonly comparable: boolean;
  readonly meaningful: boolean;
}

function isComparable({ sufficiency, periodDays }: Summary): boolean {
  return (sufficiency.activePercent ?? 0) >= LEAST_PERCENT && periodDays >= LEAST_DAYS;
}

/** Compares two summaries of equally long periods (specification section 10). */
export function compare(current: Summary, previous: Summary): Comparison {
  const points = (name: RangeName): number | null =>
    difference(current.ranges[name]?.percent ?? null, previous.ranges[name]?.percent ?? null);
  const ranges = {
    veryLow: points('veryLow'),
    low: points('low'),
    belowTarget: points('belowTarget'),
    target: points('target'),
    tight: points('tight'),
    high: points('high'),
    veryHigh: points('veryHigh'),
    aboveTarget: points('aboveTarget'),
  };
  const comparable = isComparable(current) && isComparable(previous);
  return {
    delta: {
      mean: difference(current.mean, previous.mean),
      coefficientOfVariation: difference(current.coefficientOfVariation, previous.coefficientOfVariation),
      gmi: difference(current.gmi, previous.gmi),
      gri: difference(current.gri?.value ?? null, previous.gri?.value ?? null),
      lbgi: difference(current.risk.lbgi, previous.risk.lbgi),
      hbgi: difference(current.risk.hbgi, previous.risk.hbgi),
      activePercent: difference(current.sufficiency.activePercent, previous.sufficiency.activePercent),
      ranges,
    },
    comparable,
    meaningful: comparable && Math.abs(ranges.target ?? 0) >= MEANINGFUL_POINTS,
  };
}
