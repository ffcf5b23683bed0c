import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../access';
import { invalidField } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { UnitOfWork } from '../../../platform/database';
import { AccountDirectory } from '../../users';
import type { PreferencesBody, PreferencesResponse } from '../dto/preferences.dto';
import { completePreferences, type PartialPreferences, type Preferences } from './notification-preferences.policy';
import { NotificationPreferencesRepository } from './notification-preferences.repository';

/** How the caller wants to be told. */
@Injectable()
export class NotificationPreferencesService {
  constructor(
    private readonly repository: NotificationPreferencesRepository,
    private readonly directory: AccountDirectory,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Complete, also when nothing was ever set. */
  async get(actor: Actor): Promise<PreferencesResponse> {
    return this.complete(actor, await this.repository.find(actor.id));
  }

  /** What is not in the body takes the default. @throws AppError VALIDATION_FAILED when quiet hours have no length */
  async replace(actor: Actor, body: PreferencesBody): Promise<PreferencesResponse> {
    const preferences = await this.complete(actor, body);
    const { quietHours, types } = preferences;
    if (quietHours.start === quietHours.end)
      throw invalidField('quietHours.end', 'differs', 'must differ from start', 'doit différer de start');
    const { timeZone } = body;
    const stored = { quietHours, types, ...(timeZone === undefined ? {} : { timeZone }) };
    await this.work.run((tx) => this.repository.replace(tx, actor.id, stored, this.clock.now()));
    return preferences;
  }

  private async complete(actor: Actor, given: PartialPreferences): Promise<Preferences> {
    const account = await this.directory.findOne(actor.id);
    return completePreferences(given, account?.timeZone ?? 'UTC');
  }
}
