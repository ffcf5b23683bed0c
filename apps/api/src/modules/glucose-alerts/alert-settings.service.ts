import { Injectable } from '@nestjs/common';
import { AuditTrail, type PatientScope } from '../../access';
import { invalidField } from '../../common/errors';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { GlucosePatients } from '../glucose';
import { sameValue } from '../users';
import { emitSettingsChanged } from './alert-settings.events';
import {
  completeSettings,
  type GivenSettings,
  type GlycemicPopulation,
  settingsProblem,
  type SettingsProblem,
} from './alert-settings.policy';
import { AlertSettingsRepository } from './alert-settings.repository';
import type { AlertSettingsBody, AlertSettingsResponse } from './dto/alert-settings.dto';
import type { AlertSettings } from './engine/alert-types';

const PROBLEMS: Readonly<Record<SettingsProblem['rule'], readonly [string, string]>> = {
  unit: ['must have mgdl or mmol', 'doit avoir mgdl ou mmol'],
  pair: ['must be the same limit in both units', 'doit être la même limite dans les deux unités'],
  range: ['is out of range', 'est hors limites'],
  horizon: ['must be 20 or 30', 'doit être 20 ou 30'],
  order: ['must be above the limit below it', 'doit dépasser la limite inférieure'],
};

/** Limits and levels of a patient's alerts: the patient's own, and those that a linked doctor may set. */
@Injectable()
export class AlertSettingsService {
  constructor(
    private readonly repository: AlertSettingsRepository,
    private readonly patients: GlucosePatients,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Complete, also when nothing was ever set. A doctor's look is recorded. */
  async get(scope: PatientScope): Promise<AlertSettingsResponse> {
    const [{ given, updatedAt }, population] = await Promise.all([
      this.repository.find(scope.patientId),
      this.populationOf(scope),
      this.audit.recordRead(scope.actor, scope.patientId, 'glucose.read', 'alert-settings'),
    ]);
    return { ...completeSettings(given, population), updatedAt };
  }

  /**
   * What is not in the body takes the default. The patient is told of a doctor's change.
   * @throws AppError VALIDATION_FAILED for limits out of range or order, or that are no pair
   */
  async replace(scope: PatientScope, body: AlertSettingsBody): Promise<AlertSettingsResponse> {
    const given: GivenSettings = { ...body };
    const population = await this.populationOf(scope);
    const problem = settingsProblem(given, population);
    if (problem !== null) throw invalidField(problem.field, problem.rule, ...PROBLEMS[problem.rule]);
    const now = this.clock.now();
    const settings = completeSettings(given, population);
    await this.work.run(async (tx) => {
      const before = await this.repository.find(scope.patientId, tx);
      await this.repository.replace(tx, scope.patientId, given, now);
      const changes = changedKeys(completeSettings(before.given, population), settings);
      if (changes.length > 0) emitSettingsChanged(tx, { patientId: scope.patientId, actorId: scope.actor.id });
      if (scope.via === 'link' || changes.length > 0)
        await this.audit.record(
          {
            action: 'alert_settings.updated',
            actor: scope.actor,
            resource: 'alert-settings',
            patientId: scope.patientId,
            changes,
          },
          tx,
        );
    });
    return { ...settings, updatedAt: now };
  }

  private async populationOf(scope: PatientScope): Promise<GlycemicPopulation> {
    return (await this.patients.find(scope.patientId)).population;
  }
}

/** Names of the settings that differ. */
function changedKeys(before: AlertSettings, after: AlertSettings): string[] {
  // All keys are those of the type.
  return (Object.keys(after) as (keyof AlertSettings)[]).filter((key) => !sameValue(before[key], after[key]));
}
