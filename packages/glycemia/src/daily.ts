import { activePercent } from './coverage';
import { compareText } from './histogram';
import { mergeDays } from './merge';
import { rangeSummaries, summarize, type RangeSummaries } from './summary';
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

function summaryOfDay(day: StoredDay, population: Population, options: DailyOptions): DailySummary {
  const { basis = 'cgm', now, unit = 'mg/dL' } = options;
  const merged = mergeDays([day]);
  const block = basis === 'cgm' ? merged.cgm : merged.smbg;
  const elapsed = now === undefined || day.from === undefined ? merged.minutes : (now - Number(day.from)) / MINUTE_MS;
  const windowMinutes = Math.max(0, Math.min(merged.minutes, elapsed));
  const summary = summarize(merged, population, { basis, windowMinutes, periodDays: 1, unit });
  const percent = basis === 'cgm' ? (activePercent(block?.w ?? 0, windowMinutes) ?? 0) : null;
  return {
    date: day.date,
    minutesInDay: merged.minutes,
    readings: block?.n ?? 0,
    minutes: basis === 'cgm' ? (block?.w ?? 0) : null,
    activePercent: percent,
    mean: summary.mean,
    standardDeviation: summary.standardDeviation,
    coefficientOfVariation: summary.coefficientOfVariation,
    min: summary.min,
    max: summary.max,
    ranges: rangeSummaries(block?.bands ?? null, population, basis, unit),
    firstReading: block?.first ?? null,
    lastReading: block?.last ?? null,
    partial: percent === null ? null : percent < WHOLE_PERCENT,
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
