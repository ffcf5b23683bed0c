import { Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentPatient, Endpoint, IdParam, type PatientScope } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { AlertSettingsService } from './alert-settings.service';
import { AlertsService } from './alerts.service';
import { AlertListResponse, AlertResponse, AlertsQuery } from './dto/alert.dto';
import { AlertSettingsBody, AlertSettingsResponse } from './dto/alert-settings.dto';

const OF_PATIENT = {
  roles: ['PATIENT', 'MEDECIN'],
  space: { param: 'id', self: ['PATIENT'], linked: true },
} as const;

/** A patient's glucose alerts, for linked doctors and for the patient. */
@ApiTags('glucose alerts')
@Controller('patients/:id/glucose')
export class PatientAlertsController {
  constructor(
    private readonly alerts: AlertsService,
    private readonly settings: AlertSettingsService,
  ) {}

  @Get('alerts')
  @Endpoint('GET', {
    ...OF_PATIENT,
    summary: "A patient's alerts, newest first",
    description: 'Told and acknowledged are those of the caller.',
    response: AlertListResponse,
    errors: ['ACCESS_DISABLED', 'INVALID_CURSOR', 'NOT_FOUND'],
  })
  list(@CurrentPatient() patient: PatientScope, @QueryDto() query: AlertsQuery) {
    return this.alerts.list(patient, query);
  }

  @Post('alerts/:alertId/acknowledge')
  @Endpoint('POST', {
    ...OF_PATIENT,
    summary: "Acknowledges the caller's own copy of an alert",
    status: 200,
    response: AlertResponse,
    errors: ['ACCESS_DISABLED', 'NOT_FOUND', 'ALERT_CLOSED', 'CONCURRENT_UPDATE'],
  })
  acknowledge(@CurrentPatient() patient: PatientScope, @IdParam('alertId') alertId: string) {
    return this.alerts.acknowledge(patient, alertId);
  }

  @Get('alert-settings')
  @Endpoint('GET', {
    ...OF_PATIENT,
    summary: "Limits and levels of a patient's alerts",
    response: AlertSettingsResponse,
    errors: ['ACCESS_DISABLED'],
  })
  getSettings(@CurrentPatient() patient: PatientScope) {
    return this.settings.get(patient);
  }

  @Put('alert-settings')
  @Endpoint('PUT', {
    ...OF_PATIENT,
    summary: 'Replaces the settings; the patient is told of a change by a doctor',
    response: AlertSettingsResponse,
    errors: ['ACCESS_DISABLED', 'CONCURRENT_UPDATE'],
  })
  replaceSettings(@CurrentPatient() patient: PatientScope, @BodyDto() body: AlertSettingsBody) {
    return this.settings.replace(patient, body);
  }
}
