import { type Day, buildDay } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import type { DayView } from '../days/day-documents.service';
import { byDate, Rollups } from '../days/rollups.service';
import { type AnalysisReading, GlucoseReadings } from '../glucose-readings.repository';
import type { ReportPeriod, ReportRequest } from './report-request';

/** The one way in which reports read: day documents where they serve, readings where nothing else does. */
@Injectable()
export class ReportData {
  constructor(
    private readonly rollups: Rollups,
    private readonly readings: GlucoseReadings,
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

  /** Readings of a period, oldest first, with a margin on both sides in milliseconds. */
  async readingsOf(request: ReportRequest, marginMs = 0): Promise<AnalysisReading[]> {
    const { from, to } = request.period;
    return this.readings.between(request.patient.id, new Date(from - marginMs), new Date(to + marginMs));
  }
}
