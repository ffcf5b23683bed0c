import { Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, ownScope } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { AlertSettingsService } from './alert-settings.service';
import { AlertsService } from './alerts.service';
import { AlertListResponse, AlertResponse, AlertsQuery, SnoozeBody } from './dto/alert.dto';
import { AlertSettingsBody, AlertSettingsResponse } from './dto/alert-settings.dto';

const PATIENT = ['PATIENT'] as const;

/** The caller's own glucose alerts. */
@ApiTags('glucose alerts')
@Controller('glucose')
export class GlucoseAlertsController {
  constructor(
    private readonly alerts: AlertsService,
    private readonly settings: AlertSettingsService,
  ) {}

  @Get('alerts')
  @Endpoint('GET', {
    summary: 'Alerts, newest first',
    roles: PATIENT,
    response: AlertListResponse,
    errors: ['INVALID_CURSOR', 'NOT_FOUND'],
  })
  list(@CurrentActor() actor: Actor, @QueryDto() query: AlertsQuery) {
    return this.alerts.list(ownScope(actor), query);
  }

  @Post('alerts/:id/acknowledge')
  @Endpoint('POST', {
    summary: 'Acknowledges an alert: repeats stop',
    roles: PATIENT,
    status: 200,
    response: AlertResponse,
    errors: ['NOT_FOUND', 'ALERT_CLOSED', 'CONCURRENT_UPDATE'],
  })
  acknowledge(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.alerts.acknowledge(ownScope(actor), id);
  }

  @Post('alerts/:id/snooze')
  @Endpoint('POST', {
    summary: 'Silences an alert for some minutes, at its level and below',
    description: 'A higher level is told all the same.',
    roles: PATIENT,
    status: 200,
    response: AlertResponse,
    errors: ['NOT_FOUND', 'ALERT_CLOSED', 'SNOOZE_TOO_LONG', 'CONCURRENT_UPDATE'],
  })
  snooze(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: SnoozeBody) {
    return this.alerts.snooze(ownScope(actor), id, body.minutes);
  }

  @Get('alert-settings')
  @Endpoint('GET', {
    summary: 'Limits and levels of the alerts',
    description: 'These alerts never replace those of a sensor.',
    roles: PATIENT,
    response: AlertSettingsResponse,
  })
  getSettings(@CurrentActor() actor: Actor) {
    return this.settings.get(ownScope(actor));
  }

  @Put('alert-settings')
  @Endpoint('PUT', {
    summary: 'Replaces the settings; what is absent takes its default',
    description:
      'These alerts never replace those of a sensor. Urgent low can be raised, never lowered or switched off.',
    roles: PATIENT,
    response: AlertSettingsResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  replaceSettings(@CurrentActor() actor: Actor, @BodyDto() body: AlertSettingsBody) {
    return this.settings.replace(ownScope(actor), body);
  }
}
