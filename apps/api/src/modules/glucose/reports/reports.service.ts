import {
  agpFiveMinute,
  agpReport,
  type Basis,
  compare,
  type Day,
  defaultBasis,
  type Merged,
  mergeDays,
  type Summary,
  summarize,
} from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, ownScope, type PatientScope } from '../../../access';
import { AppError } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { datesBetween } from '../days/dates';
import { GlucosePatients } from '../glucose-patients.service';
import { dailyRows } from './daily-rows';
import { EpisodesReport } from './episodes.service';
import { ReportData } from './report-data.service';
import { formatReport } from './report-format';
import { periodBefore, type ReportPeriod, type ReportRequest, reportRequest } from './report-request';
import { REPORTS, type ReportName, type ReportQuery, type ReportResponse } from './reports.dto';
import { withReasons } from './refusals';
import { gridOf, variabilityOf } from './variability';

/** What a report adds to the keys that all have. */
interface ReportContent {
  readonly basis: Basis;
  readonly body: Record<string, unknown>;
  /** Reasons that the numbers of readings do not tell. */
  readonly refused: Readonly<Record<string, string>>;
}

/** The five clinical reports (glucose metrics section 15). */
@Injectable()
export class ReportsService {
  constructor(
    private readonly data: ReportData,
    private readonly episodes: EpisodesReport,
    private readonly patients: GlucosePatients,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** A report on the caller's own readings. */
  async own(actor: Actor, report: string, query: ReportQuery): Promise<ReportResponse> {
    return this.make(ownScope(actor), nameOf(report), query);
  }

  /** A report on one patient; a doctor's look is recorded. */
  async ofPatient(scope: PatientScope, report: string, query: ReportQuery): Promise<ReportResponse> {
    const name = nameOf(report);
    const [made] = await Promise.all([
      this.make(scope, name, query),
      this.audit.recordRead(scope.actor, scope.patientId, 'analytics.read', `analytics/${name}`),
    ]);
    return made;
  }

  private async make(scope: PatientScope, report: ReportName, query: ReportQuery): Promise<ReportResponse> {
    const patient = await this.patients.find(scope.patientId);
    const request = reportRequest(patient, report, query, this.clock.now());
    const { basis, body, refused: known } = await this.content(report, request, query);
    const refused = withReasons(body, { basis, population: request.population }, known);
    const { start, end, days, from, to, minutes } = request.period;
    const { body: formatted, units } = formatReport(
      { period: { start, end, days, from: new Date(from), to: new Date(to), minutes }, ...body },
      request.unit,
    );
    const { period, ...rest } = formatted;
    return {
      spec: 'glucose-metrics/1',
      patientId: patient.id,
      timeZone: request.zone,
      population: request.population,
      basis,
      unit: request.unit,
      // formatReport keeps the shape of what it was given
      period: period as ReportResponse['period'],
      generatedAt: request.now,
      units,
      refused,
      ...rest,
    };
  }

  private content(report: ReportName, request: ReportRequest, query: ReportQuery): Promise<ReportContent> {
    switch (report) {
      case 'summary':
        return this.summary(request, query.include !== undefined);
      case 'agp':
        return query.resolution === 5 ? this.agpFine(request) : this.agp(request);
      case 'daily':
        return this.daily(request);
      case 'episodes':
        return this.episodes.make(request, query);
      case 'compare':
        return this.compare(request);
    }
  }

  private async summary(request: ReportRequest, withVariability: boolean): Promise<ReportContent> {
    const { period } = request;
    const { merged } = await this.data.summed(request, period, 'hist');
    const summary = summaryOfMerged(request, period, merged);
    const body = toSummaryBody(summary);
    if (!withVariability) return { basis: summary.basis, body, refused: summary.refused };
    const { variability, refused } = await this.data.computed(request, `variability ${summary.basis}`, 0, (readings) =>
      variabilityOf(readings, request.zone, summary.basis),
    );
    return { basis: summary.basis, body: { ...body, variability }, refused: { ...summary.refused, ...refused } };
  }

  private async compare(request: ReportRequest): Promise<ReportContent> {
    const before = periodBefore(request.period, request.zone, request.now);
    const whole: ReportPeriod = { ...request.period, start: before.start, from: before.from };
    const days = await this.data.days(request, whole, 'hist');
    const current = summaryOf(
      request,
      request.period,
      days.filter(({ date }) => date >= request.period.start),
    );
    const previous = summaryOf(
      { ...request, basis: current.basis },
      before,
      days.filter(({ date }) => date < request.period.start),
    );
    return {
      basis: current.basis,
      body: { current: toSummaryBody(current), previous: toSummaryBody(previous), ...compare(current, previous) },
      refused: { ...previous.refused, ...current.refused },
    };
  }

  private async agp(request: ReportRequest): Promise<ReportContent> {
    const { period, now } = request;
    const { merged } = await this.data.summed(request, period, 'hours');
    const { basis, ...report } = this.profile(request, merged, now);
    const refused: Record<string, string> = basis === 'smbg' ? { smoothed: 'CGM_REQUIRED' } : {};
    if (report.bins === null && report.reason !== null) refused['bins'] = report.reason;
    return { basis, body: { ...report }, refused };
  }

  private profile(request: ReportRequest, merged: Merged, now: Date) {
    const { basis, ...options } = summaryOptions(request, request.period, merged);
    return { basis, ...agpReport(merged, request.population, { ...options, basis, now: now.getTime() }) };
  }

  /** Percentiles of five minutes, from the readings; what the hours tell (sufficiency, blocks) stays. */
  private async agpFine(request: ReportRequest): Promise<ReportContent> {
    const { merged } = await this.data.summed(request, request.period, 'hours');
    const { basis, ...hourly } = this.profile(request, merged, request.now);
    if (basis === 'smbg' || hourly.bins === null) {
      const reason = basis === 'smbg' ? 'CGM_REQUIRED' : (hourly.reason ?? 'NO_DATA');
      return { basis, body: { ...hourly, binMinutes: 5, bins: null }, refused: { bins: reason } };
    }
    const bins = await this.data.computed(request, 'agp', 0, (readings) =>
      agpFiveMinute(gridOf(readings, request.zone, { stepMinutes: 5 }), request.zone),
    );
    return { basis, body: { ...hourly, binMinutes: 5, bins }, refused: {} };
  }

  private async daily(request: ReportRequest): Promise<ReportContent> {
    const { period, zone, population, unit, now } = request;
    const { days: found, merged } = await this.data.summed(request, period, 'hist');
    const basis = request.basis ?? defaultBasis(merged);
    const days = dailyRows(
      datesBetween(period.start, period.end),
      new Map(found.map((day) => [day.date, day])),
      zone,
      population,
      { basis, now: now.getTime(), unit },
    );
    return { basis, body: { days: days.map(withInstants) }, refused: {} };
  }
}

/** @throws AppError NOT_FOUND for a report that does not exist */
function nameOf(text: string): ReportName {
  const name = REPORTS.find((known) => known === text.toLowerCase());
  if (name === undefined) throw new AppError('NOT_FOUND');
  return name;
}

function summaryOptions(request: ReportRequest, period: ReportPeriod, merged: Merged) {
  return {
    basis: request.basis ?? defaultBasis(merged),
    windowMinutes: period.minutes,
    periodDays: period.days,
    unit: request.unit,
    insulin: request.patient.takesInsulin,
  };
}

function summaryOf(request: ReportRequest, period: ReportPeriod, days: readonly Day[]): Summary {
  return summaryOfMerged(request, period, mergeDays(days));
}

function summaryOfMerged(request: ReportRequest, period: ReportPeriod, merged: Merged): Summary {
  return summarize(merged, request.population, summaryOptions(request, period, merged));
}

/** A day with its instants as the API writes them. */
function withInstants<T extends { firstReading: number | null; lastReading: number | null }>(part: T) {
  return { ...part, firstReading: instant(part.firstReading), lastReading: instant(part.lastReading) };
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

/** The keys of a summary in the API: what the report's head says already is left out. */
function toSummaryBody(summary: Summary): Record<string, unknown> {
  const { population: _population, basis: _basis, periodDays: _days, refused: _refused, smbg, gri, ...rest } = summary;
  return {
    ...rest,
    sufficiency: withInstants(rest.sufficiency),
    gri: gri === null ? null : { value: gri.value, zone: gri.zone, hypoComponent: gri.hypo, hyperComponent: gri.hyper },
    ...(smbg === null ? {} : { smbg }),
  };
}
