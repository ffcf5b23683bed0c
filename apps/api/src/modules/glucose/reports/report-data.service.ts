import { buildDay, type Day, type Merged, mergeDays } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { DayView } from '../days/day-documents.service';
import { PatientVersions } from '../days/patient-versions.repository';
import { byDate, Rollups } from '../days/rollups.service';
import { type AnalysisReading, GlucoseReadings } from '../glucose-readings.repository';
import type { ReportPeriod, ReportRequest } from './report-request';

/** Periods whose sum is kept; one with hours takes up to half a megabyte. */
const MAX_SUMS = 64;

/** Results from sequences that are kept: lists of episodes and a few numbers each. */
const MAX_RESULTS = 256;

/** Days of a period and their sum. */
export interface SummedDays {
  readonly days: readonly Day[];
  readonly merged: Merged;
}

/** The one way in which reports read: day documents where they serve, readings where nothing else does. */
@Injectable()
export class ReportData {
  private readonly sums = new LRUCache<string, SummedDays>({ max: MAX_SUMS });
  private readonly results = new LRUCache<string, { readonly version: string; readonly value: object }>({
    max: MAX_RESULTS,
  });

  constructor(
    private readonly rollups: Rollups,
    private readonly readings: GlucoseReadings,
    private readonly versions: PatientVersions,
  ) {}

  /** Days with readings of a period, in order; in a foreign zone they are built from the readings. */
  async days(request: ReportRequest, period: ReportPeriod, view: DayView): Promise<readonly Day[]> {
    if (!request.foreign) return this.rollups.current(request.patient, period.start, period.end, view);
    const readings = await this.readings.between(request.patient.id, new Date(period.from), new Date(period.to));
    return [...byDate(readings, request.zone)].flatMap(([date, ofDay]) => {
      const day = buildDay(ofDay, date, request.zone);
      return day === null ? [] : [day];
    });
  }

  /** A period's days with their sum; that of the same documents is not formed again. */
  async summed(request: ReportRequest, period: ReportPeriod, view: DayView): Promise<SummedDays> {
    const days = await this.days(request, period, view);
    if (request.foreign) return { days, merged: mergeDays(days) };
    const key = `${request.patient.id}|${period.start}|${period.end}|${view}`;
    const known = this.sums.get(key);
    if (known !== undefined && isSame(known.days, days)) return known;
    const summed = { days, merged: mergeDays(days) };
    this.sums.set(key, summed);
    return summed;
  }

  /** Readings of a period, oldest first, with a margin on both sides in milliseconds. */
  async readingsOf(request: ReportRequest, marginMs = 0): Promise<AnalysisReading[]> {
    const { from, to } = request.period;
    return this.readings.between(request.patient.id, new Date(from - marginMs), new Date(to + marginMs));
  }

  /**
   * What a computation makes of the period's readings, as a function of them, the zone, the population and the basis
   * asked for; not computed again before something is written to the patient's readings.
   */
  async computed<T extends object>(
    request: ReportRequest,
    name: string,
    marginMs: number,
    compute: (readings: AnalysisReading[]) => T,
  ): Promise<T> {
    const { patient, period, zone, population, basis } = request;
    const key = [patient.id, name, period.from, period.to, zone, population, basis ?? ''].join('|');
    const version = await this.versions.one(patient.id);
    const known = this.results.get(key);
    // Under one name lies what one computation made.
    if (known !== undefined && known.version === version) return known.value as T;
    const value = compute(await this.readingsOf(request, marginMs));
    if (version !== null) this.results.set(key, { version, value });
    return value;
  }
}

/** Documents in memory are never changed: the same objects say the same. */
function isSame(known: readonly Day[], days: readonly Day[]): boolean {
  return known.length === days.length && known.every((day, index) => day === days[index]);
}
