import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, CurrentPatient, Endpoint, type PatientScope } from '../../../access';
import { QueryDto } from '../../../platform/http';
import { ReportQuery, ReportResponse } from './reports.dto';
import { ReportsService } from './reports.service';

const REPORT = {
  description: 'Reports: summary, agp, daily, episodes, compare. Keys of each: docs/glucose.md.',
  textParams: ['report'],
  response: ReportResponse,
  errors: ['INVALID_PERIOD', 'PERIOD_TOO_LONG', 'UNKNOWN_TIME_ZONE', 'UNKNOWN_POPULATION', 'UNKNOWN_UNIT', 'NOT_FOUND'],
} as const;

/** Clinical reports. */
@ApiTags('glucose')
@Controller()
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('glucose/analytics/:report')
  @Endpoint('GET', { ...REPORT, summary: 'A clinical report on own readings', roles: ['PATIENT'] })
  own(@CurrentActor() actor: Actor, @Param('report') report: string, @QueryDto() query: ReportQuery) {
    return this.reports.own(actor, report, query);
  }

  @Get('patients/:patientId/glucose/analytics/:report')
  @Endpoint('GET', {
    ...REPORT,
    summary: "A clinical report on a patient's readings",
    roles: ['PATIENT', 'MEDECIN'],
    space: { param: 'patientId', self: ['PATIENT'], linked: true },
  })
  ofPatient(@CurrentPatient() patient: PatientScope, @Param('report') report: string, @QueryDto() query: ReportQuery) {
    return this.reports.ofPatient(patient, report, query);
  }
}
