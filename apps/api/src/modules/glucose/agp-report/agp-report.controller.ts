import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentPatient, Endpoint, type PatientScope } from '../../../access';
import { QueryDto } from '../../../platform/http';
import { AgpReportQuery } from './agp-report.dto';
import { AgpReportService, type WrittenReport } from './agp-report.service';

const REPORT = {
  roles: ['PATIENT', 'MEDECIN'],
  space: { param: 'id', self: ['PATIENT'], linked: true },
  errors: ['INVALID_PERIOD', 'PERIOD_TOO_LONG', 'UNKNOWN_TIME_ZONE', 'UNKNOWN_POPULATION', 'UNKNOWN_UNIT'],
} as const;
const NOT_STORED = ['Cache-Control', 'private, no-store'] as const;

function inline({ fileName, content }: WrittenReport, type: string): StreamableFile {
  return new StreamableFile(content, { type, disposition: `inline; filename="${fileName}"`, length: content.length });
}

/** The one-page AGP report of a patient. */
@ApiTags('glucose')
@Controller('patients')
export class AgpReportController {
  constructor(private readonly reports: AgpReportService) {}

  @Get(':id/reports/agp.pdf')
  @Header(...NOT_STORED)
  @Endpoint('GET', { ...REPORT, summary: 'One-page AGP report as PDF', response: { text: 'application/pdf' } })
  async pdf(@CurrentPatient() patient: PatientScope, @QueryDto() query: AgpReportQuery): Promise<StreamableFile> {
    return inline(await this.reports.pdf(patient, query), 'application/pdf');
  }

  @Get(':id/reports/agp.svg')
  @Header(...NOT_STORED)
  @Endpoint('GET', { ...REPORT, summary: 'One-page AGP report as SVG', response: { text: 'image/svg+xml' } })
  async svg(@CurrentPatient() patient: PatientScope, @QueryDto() query: AgpReportQuery): Promise<StreamableFile> {
    return inline(await this.reports.svg(patient, query), 'image/svg+xml');
  }
}
