import { classify, ea1c, quantaToMgdl } from '@diabcare/glycemia';
import { roundHalfAway } from '../../../common/numbers';
import type { DayCells } from './windows.service';

/** Count, extremes and mean of values in mg/dL, unrounded; all 0 without values. */
export interface ValueStats {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

const UNIT = 'mg/dL' as const;
/** Weeks that differ by less, in mg/dL, are the same. */
const STABLE_MGDL = 5;

/** Statistics of all values of some days. */
export function valueStats(days: readonly DayCells[]): ValueStats {
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (const { cells } of days) {
    for (const [u, q, n] of cells) {
      const x = quantaToMgdl(q, u);
      count += n;
      sum += n * x;
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
  }
  return count === 0 ? { count: 0, mean: 0, min: 0, max: 0 } : { count, mean: sum / count, min, max };
}

/** Readings below, in and above the target, each classified in its own unit. */
export interface RangeCounts {
  readonly below: number;
  readonly inside: number;
  readonly above: number;
  readonly total: number;
}

/** Counts by class. */
export function rangeCounts(days: readonly DayCells[]): RangeCounts {
  let [below, inside, above] = [0, 0, 0];
  for (const { cells } of days) {
    for (const [u, q, n] of cells) {
      const band = u === 0 ? classify(q / 10, 'mg/dL', 'standard') : classify(q / 100, 'mmol/L', 'standard');
      if (band === 'target') inside += n;
      else if (band === 'low' || band === 'veryLow') below += n;
      else above += n;
    }
  }
  return { below, inside, above, total: below + inside + above };
}

/** `{ average, min, max, count, unit }` of a window. */
export function toSummary(stats: ValueStats) {
  return {
    average: roundHalfAway(stats.mean, 1),
    min: roundHalfAway(stats.min, 1),
    max: roundHalfAway(stats.max, 1),
    count: stats.count,
    unit: UNIT,
  };
}

/** Means by local day, oldest first. */
export function toDailyAverages(days: readonly DayCells[]) {
  return days.map((day) => {
    const { average, count, unit } = toSummary(valueStats([day]));
    return { date: day.date, average, count, unit };
  });
}

/** Summaries by local day, oldest first. */
export function toChart(days: readonly DayCells[]) {
  return days.map((day) => ({ date: day.date, ...toSummary(valueStats([day])) }));
}

/** How many readings were below and above the target. */
export function toAlertCounts({ below, above, total }: RangeCounts) {
  return { hypoCount: below, hyperCount: above, total };
}

/** Estimated HbA1c (Nathan 2008) of a mean; 0 without readings. */
export function toHba1c(stats: ValueStats) {
  const estimate = stats.count === 0 ? 0 : roundHalfAway(ea1c(stats.mean) ?? 0, 1);
  return {
    estimatedHbA1c: estimate,
    estimatedHba1c: estimate,
    averageGlucose: roundHalfAway(stats.mean, 1),
    count: stats.count,
    unit: UNIT,
  };
}

/** Shares of readings by class, under both names. */
export function toTimeInRange({ below, inside, above, total }: RangeCounts) {
  const share = (count: number): number => (total === 0 ? 0 : roundHalfAway((100 * count) / total, 1));
  const [inRange, aboveRange, belowRange] = [share(inside), share(above), share(below)];
  return {
    inRangePercent: inRange,
    aboveRangePercent: aboveRange,
    belowRangePercent: belowRange,
    inRange,
    aboveRange,
    belowRange,
    inRangeCount: inside,
    aboveRangeCount: above,
    belowRangeCount: below,
    total,
    unit: UNIT,
  };
}

/** The last week against the one before. Without readings in either there is no trend. */
export function toTrend(last: ValueStats, previous: ValueStats) {
  const known = last.count > 0 && previous.count > 0;
  const difference = known ? last.mean - previous.mean : 0;
  const trend = Math.abs(difference) < STABLE_MGDL ? 'stable' : difference < 0 ? 'improving' : 'worsening';
  return {
    trend,
    difference: roundHalfAway(difference, 1),
    lastWeekAverage: roundHalfAway(last.mean, 1),
    previousWeekAverage: roundHalfAway(previous.mean, 1),
    unit: UNIT,
  };
}
