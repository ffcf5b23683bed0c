import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureSteps } from '../users';
import { AlertSettingsRepository } from './alert-settings.repository';
import { AlertStatesRepository } from './alert-states.repository';
import { AlertsRepository } from './alerts.repository';

/** Removes the alerts of an erased patient with settings and state; the doctor's part of others' alerts is an id only. */
@Injectable()
export class GlucoseAlertsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly alerts: AlertsRepository,
    private readonly states: AlertStatesRepository,
    private readonly settings: AlertSettingsRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'glucose-alerts',
      run: async ({ userId, role }) => {
        if (role !== 'PATIENT') return;
        // The state first: without it no timer finds the patient again.
        await this.states.deleteOf(userId);
        await this.alerts.deleteOf(userId);
        await this.settings.deleteOf(userId);
      },
    });
  }
}
