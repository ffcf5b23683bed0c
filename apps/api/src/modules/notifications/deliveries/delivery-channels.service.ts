import { Injectable } from '@nestjs/common';
import type { Role } from '../../../common/enums';
import { AccountsRepository } from '../../users';
import {
  type Channels,
  channelsFor,
  completePreferences,
  type MasterSwitches,
  type Occasion,
} from '../preferences/notification-preferences.policy';
import { NotificationPreferencesRepository } from '../preferences/notification-preferences.repository';

/** Whom an event is for. */
export interface Recipient {
  readonly id: string;
  readonly role: Role;
  readonly timeZone: string;
}

/** The switches of a pharmacist; absent means on. */
interface PharmacistSwitches {
  readonly notificationsPush?: boolean;
  readonly notificationsEmail?: boolean;
}

/** By which ways an account is to be told of an event: its preferences, its quiet hours, its master switches. */
@Injectable()
export class DeliveryChannels {
  constructor(
    private readonly preferences: NotificationPreferencesRepository,
    private readonly accounts: AccountsRepository,
  ) {}

  async of(recipient: Recipient, occasion: Occasion): Promise<Channels> {
    const [given, masters] = await Promise.all([this.preferences.find(recipient.id), this.mastersOf(recipient)]);
    return channelsFor(completePreferences(given, recipient.timeZone), masters, occasion);
  }

  private async mastersOf({ id, role }: Recipient): Promise<MasterSwitches> {
    if (role !== 'PHARMACIEN') return { push: true, email: true };
    // Fields of one role, which the type of all accounts does not name.
    const account = (await this.accounts.findById(id)) as PharmacistSwitches | null;
    return { push: account?.notificationsPush !== false, email: account?.notificationsEmail !== false };
  }
}
