import { activePercent } from './coverage';
import { compareText } from './histogram';
import { type MergedBlock, mergeDays } from './merge';
import { type RangeSummaries, rangeSummaries } from './range-summary';
import { refusals } from './refusals';
import { meanOf, quantileOf, sampleOfCells, sdOf } from './sample';
import { meanOfSums } from './summary';
import type { Basis, Population, StoredDay, Unit } from './types';
import { percentOf } from './values';
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

/** The values of a summary that a day shows, by the same rules, without the indices that it does not. */
function valuesOf(block: MergedBlock | null, population: Population, basis: Basis) {
  const sample = sampleOfCells(block?.hist ?? []);
  const refused = refusals(population, basis, block?.n ?? 0, 0);
  const shown = (key: string, value: number | null): number | null => (key in refused ? null : value);
  const mean = block === null ? null : (meanOf(sample) ?? meanOfSums(block));
  const sd = sdOf(sample, mean);
  return {
    mean,
    standardDeviation: shown('standardDeviation', sd),
    coefficientOfVariation: shown('coefficientOfVariation', percentOf(sd, mean)),
    min: quantileOf(sample, 0),
    max: quantileOf(sample, 1),
  };
}

/** First and last reading of a block. */
function extentOf(block: MergedBlock | null) {
  return { firstReading: block?.first ?? null, lastReading: block?.last ?? null };
}

function summaryOfDay(day: StoredDay, population: Population, options: DailyOptions): DailySummary {
  const { basis = 'cgm', now, unit } = options;
  const merged = mergeDays([day]);
  const windowMinutes = elapsedMinutes(day, merged.minutes, now);
  const block = basis === 'cgm' ? merged.cgm : merged.smbg;
  const covered = basis === 'cgm' ? coverageOf(block?.w ?? 0, windowMinutes) : NO_COVERAGE;
  return {
    date: day.date,
    minutesInDay: merged.minutes,
    readings: block?.n ?? 0,
    ...covered,
    ...valuesOf(block, population, basis),
    ranges: rangeSummaries(block?.bands ?? null, population, basis, unit),
    ...extentOf(block),
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
