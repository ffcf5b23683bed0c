import { activePercent } from './coverage';
import { compareText } from './histogram';
import { mergeDays } from './merge';
import type { RangeSummaries } from './range-summary';
import { summarize } from './summary';
import type { Basis, Population, StoredDay, Unit } from './types';
import { MINUTE_MS } from './zone';

/** A day with less of its elapsed time covered is partial, %. */
const WHOLE_PERCENT = 70;

/** Figures of one local day, unrounded, concentrations in mg/dL. */
export interface DailySummary {
  readonly date: string;
  readonly minutesInDay: number;
  readonly readings: number;
  /** Sensor minutes; null for capillary readings, like the two figures made from them. */
  readonly minutes: number | null;
  /** Percent of the elapsed part of the day. */
  readonly activePercent: number | null;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly coefficientOfVariation: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly ranges: RangeSummaries;
  readonly firstReading: number | null;
  readonly lastReading: number | null;
  readonly partial: boolean | null;
  readonly capillaryReadings: number;
}

/** What daily figures rest on. */
export interface DailyOptions {
  /** Default `cgm`. */
  readonly basis?: Basis | undefined;
  /** Cuts a day that is not over yet to its elapsed part. */
  readonly now?: number | undefined;
  /** Unit of the limits in `ranges`. */
  readonly unit?: Unit | undefined;
}

/** Minutes of a day up to `now`, at most all of them. */
function elapsedMinutes(day: StoredDay, minutes: number, now: number | undefined): number {
  if (now === undefined || day.from === undefined) return minutes;
  return Math.max(0, Math.min(minutes, (now - Number(day.from)) / MINUTE_MS));
}

type Coverage = Pick<DailySummary, 'minutes' | 'activePercent' | 'partial'>;

const NO_COVERAGE: Coverage = { minutes: null, activePercent: null, partial: null };

function coverageOf(minutes: number, windowMinutes: number): Coverage {
  const percent = activePercent(minutes, windowMinutes) ?? 0;
  return { minutes, activePercent: percent, partial: percent < WHOLE_PERCENT };
}

function summaryOfDay(day: StoredDay, population: Population, options: DailyOptions): DailySummary {
  const { basis = 'cgm', now, unit } = options;
  const merged = mergeDays([day]);
  const windowMinutes = elapsedMinutes(day, merged.minutes, now);
  const summary = summarize(merged, population, { basis, windowMinutes, periodDays: 1, unit });
  const { readings, firstReading, lastReading } = summary.sufficiency;
  const covered = basis === 'cgm' ? coverageOf(merged.cgm?.w ?? 0, windowMinutes) : NO_COVERAGE;
  return {
    date: day.date,
    minutesInDay: merged.minutes,
    readings,
    ...covered,
    mean: summary.mean,
    standardDeviation: summary.standardDeviation,
    coefficientOfVariation: summary.coefficientOfVariation,
    min: summary.min,
    max: summary.max,
    ranges: summary.ranges,
    firstReading,
    lastReading,
    capillaryReadings: merged.smbg?.n ?? 0,
  };
}

/**
 * Figures of each local day, ascending by date. A date without readings is listed with zeros and nulls when it is handed
 * over as an empty day (`emptyDay`). Throws RangeError for an unknown population or unit.
 */
export function dailySummaries(
  days: readonly StoredDay[],
  population: Population,
  options: DailyOptions = {},
): DailySummary[] {
  return [...days].sort((a, b) => compareText(a.date, b.date)).map((day) => summaryOfDay(day, population, options));
}
