import { type Basis, dayStart, isPopulation, type Population, type Unit } from '@diabcare/glycemia';
import { AppError, invalidField } from '../../../common/errors';
import { canonicalZone, parseInstant } from '../../../common/time';
import { dateOf, countDates, nextDate } from '../days/dates';
import type { GlucosePatient } from '../glucose-patients.service';
import type { ReportName, ReportQuery } from './reports.dto';

/** The local days of a report. */
export interface ReportPeriod {
  readonly start: string;
  /** Included. */
  readonly end: string;
  readonly days: number;
  /** First instant of the first day and first instant after the last one, milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Elapsed minutes from start to end, or to now (glucose metrics section 6). */
  readonly minutes: number;
}

/** A report as it was asked for, every rule checked. */
export interface ReportRequest {
  readonly patient: GlucosePatient;
  readonly zone: string;
  /** The zone is another than the one of the stored days: everything is computed from readings. */
  readonly foreign: boolean;
  readonly population: Population;
  /** Null: decided by the data. */
  readonly basis: Basis | null;
  readonly unit: Unit;
  readonly period: ReportPeriod;
  readonly now: Date;
}

const DEFAULT_DAYS = 14;
const MINUTE_MS = 60_000;
/** Longest period of a computation from readings with a foreign zone, days. */
const FOREIGN_DAYS = 31;
/** Longest period of what needs the sequence of readings. */
const READINGS_DAYS = 90;
const MAX_DAYS: Readonly<Record<ReportName, number>> = {
  summary: 366,
  agp: 366,
  daily: 366,
  episodes: READINGS_DAYS,
  compare: 183,
};

/**
 * Reads a query by the rules of glucose metrics section 15.
 * @throws AppError INVALID_PERIOD, PERIOD_TOO_LONG, UNKNOWN_TIME_ZONE, UNKNOWN_POPULATION, UNKNOWN_UNIT, VALIDATION_FAILED
 */
export function reportRequest(
  patient: GlucosePatient,
  report: ReportName,
  query: ReportQuery,
  now: Date,
  limits: { readonly defaultDays?: number } = {},
): ReportRequest {
  const zone = query.tz === undefined ? patient.zone : canonicalZone(query.tz);
  if (zone === null) throw new AppError('UNKNOWN_TIME_ZONE');
  if (query.resolution !== undefined && query.resolution !== 5 && query.resolution !== 60)
    throw invalidField('resolution', 'enum', 'must be 5 or 60', 'doit être 5 ou 60');
  const period = periodOf(query, zone, now, limits.defaultDays ?? DEFAULT_DAYS);
  const foreign = zone !== patient.zone;
  if (period.days > longest(report, query, foreign)) throw new AppError('PERIOD_TOO_LONG');
  return {
    patient,
    zone,
    foreign,
    population: populationOf(query.population) ?? patient.population,
    basis: query.basis ?? null,
    unit: unitOf(query.unit),
    period,
    now,
  };
}

function longest(report: ReportName, query: ReportQuery, foreign: boolean): number {
  const needsReadings =
    (report === 'summary' && query.include !== undefined) || (report === 'agp' && query.resolution === 5);
  return Math.min(MAX_DAYS[report], needsReadings ? READINGS_DAYS : Infinity, foreign ? FOREIGN_DAYS : Infinity);
}

function populationOf(name: string | undefined): Population | null {
  if (name === undefined) return null;
  const population = name.toLowerCase();
  if (!isPopulation(population)) throw new AppError('UNKNOWN_POPULATION');
  return population;
}

function unitOf(name: string | undefined): Unit {
  const unit = (['mg/dL', 'mmol/L'] as const).find((known) => known.toLowerCase() === (name ?? 'mg/dL').toLowerCase());
  if (unit === undefined) throw new AppError('UNKNOWN_UNIT');
  return unit;
}

function periodOf(query: ReportQuery, zone: string, now: Date, defaultDays: number): ReportPeriod {
  const { start, end, days } = query;
  const today = dateOf(now, zone);
  if (start === undefined && end === undefined)
    return periodBetween(nextDate(today, 1 - (days ?? defaultDays)), today, zone, now);
  if (start === undefined || end === undefined || days !== undefined) throw new AppError('INVALID_PERIOD');
  const [first, last] = [dayOf('start', start, zone), dayOf('end', end, zone)];
  if (last < first || first > today) throw new AppError('INVALID_PERIOD');
  return periodBetween(first, last, zone, now);
}

/** The local day that a bare day names or an instant lies in. @throws AppError VALIDATION_FAILED */
function dayOf(field: string, text: string, zone: string): string {
  // "+" of an offset arrives as a space when a client forgets to encode it.
  const parsed = parseInstant(text) ?? parseInstant(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
  if (parsed === null)
    throw invalidField(field, 'day', 'must be a day YYYY-MM-DD or an instant', 'doit être un jour ou un instant');
  return parsed.dayOnly ? text.slice(0, 10) : dateOf(parsed.date, zone);
}

/** The period of some local days. */
function periodBetween(start: string, end: string, zone: string, now: Date): ReportPeriod {
  const [from, to] = [dayStart(start, zone), dayStart(nextDate(end, 1), zone)];
  const minutes = Math.max(0, Math.floor((Math.min(to, now.getTime()) - from) / MINUTE_MS));
  return { start, end, days: countDates(start, end), from, to, minutes };
}

/** The equally many local days directly before. */
export function periodBefore(period: ReportPeriod, zone: string, now: Date): ReportPeriod {
  return periodBetween(nextDate(period.start, -period.days), nextDate(period.start, -1), zone, now);
}
