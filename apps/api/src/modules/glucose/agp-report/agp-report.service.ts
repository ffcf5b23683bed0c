import { agpReport, defaultBasis, mergeDays, summarize } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type PatientScope } from '../../../access';
import { AppError } from '../../../common/errors';
import { displayName } from '../../../common/names';
import { Clock } from '../../../common/time';
import { currentContext } from '../../../platform/context/request-context';
import { AccountDirectory } from '../../users';
import { nextDate } from '../days/dates';
import { GlucosePatients } from '../glucose-patients.service';
import { ReportData } from '../reports/report-data.service';
import { type ReportRequest, reportRequest } from '../reports/report-request';
import { agpPage } from './agp-page';
import type { AgpReportQuery } from './agp-report.dto';
import type { Drawing } from './drawing';
import { writePdf } from './pdf-writer';
import type { ReportContent } from './report-content';
import { writeSvg } from './svg-writer';
import { textsOf } from './texts';

/** A written report with the name of its file. */
export interface WrittenReport {
  readonly fileName: string;
  readonly content: Buffer;
}

const MIN_DAYS = 7;
const MAX_DAYS = 90;
const SHOWN_DAYS = 14;
const DAY_MS = 86_400_000;

/** The one-page AGP report. */
@Injectable()
export class AgpReportService {
  constructor(
    private readonly data: ReportData,
    private readonly patients: GlucosePatients,
    private readonly directory: AccountDirectory,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async pdf(scope: PatientScope, query: AgpReportQuery): Promise<WrittenReport> {
    const { drawing, request } = await this.draw(scope, query);
    return { fileName: fileName(request, 'pdf'), content: await writePdf(drawing, request.now) };
  }

  async svg(scope: PatientScope, query: AgpReportQuery): Promise<WrittenReport> {
    const { drawing, request } = await this.draw(scope, query);
    return { fileName: fileName(request, 'svg'), content: Buffer.from(writeSvg(drawing)) };
  }

  private async draw(
    scope: PatientScope,
    query: AgpReportQuery,
  ): Promise<{ drawing: Drawing; request: ReportRequest }> {
    const patient = await this.patients.find(scope.patientId);
    const request = reportRequest(patient, 'agp', query, this.clock.now());
    const { days } = request.period;
    if (days < MIN_DAYS) throw new AppError('INVALID_PERIOD');
    if (days > MAX_DAYS) throw new AppError('PERIOD_TOO_LONG');
    const [content] = await Promise.all([
      this.content(request, query.lang ?? currentContext()?.locale ?? 'en'),
      this.audit.recordRead(scope.actor, scope.patientId, 'analytics.read', 'analytics/agp-report'),
    ]);
    return { drawing: agpPage(content), request };
  }

  private async content(request: ReportRequest, language: 'en' | 'fr'): Promise<ReportContent> {
    const { period, patient, population, unit, now, zone } = request;
    const [stored, account] = await Promise.all([
      this.data.days(request, period, 'whole'),
      this.directory.findOne(patient.id),
    ]);
    const merged = mergeDays(stored);
    const basis = request.basis ?? defaultBasis(merged);
    const options = {
      basis,
      windowMinutes: period.minutes,
      periodDays: period.days,
      unit,
      insulin: patient.takesInsulin,
    };
    return {
      patientName: displayName(account),
      birthDate: account?.dateNaissance?.toISOString().slice(0, 10) ?? null,
      period,
      zone,
      population,
      basis,
      unit,
      generatedAt: now,
      summary: summarize(merged, population, options),
      agp: agpReport(merged, population, { ...options, now: now.getTime() }),
      readings: await this.data.readingsOf(basis === 'smbg' ? request : lastDays(request)),
      texts: textsOf(language),
      language,
    };
  }
}

/** The request for the days that are shown one by one. */
function lastDays(request: ReportRequest): ReportRequest {
  const { period } = request;
  const start = nextDate(period.end, 1 - Math.min(SHOWN_DAYS, period.days));
  // A day more at the start: the border is that of the longest day there is.
  return {
    ...request,
    period: { ...period, start, from: Math.max(period.from, period.to - (SHOWN_DAYS + 1) * DAY_MS) },
  };
}

function fileName({ period }: ReportRequest, extension: string): string {
  return `agp-${period.start}-${period.end}.${extension}`;
}
