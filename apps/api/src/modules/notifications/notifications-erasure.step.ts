import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ERASED_NAME } from '../../common/names';
import { ErasureSteps } from '../users';
import { AlertNotificationsRepository } from './alert-notifications.repository';
import { DeviceTokensRepository } from './devices/device-tokens.repository';
import { NotificationsRepository } from './notifications.repository';
import { NotificationPreferencesRepository } from './preferences/notification-preferences.repository';

/** An erased account is told nothing more; its name and its readings leave what others were told. */
@Injectable()
export class NotificationsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly repository: NotificationsRepository,
    private readonly alerts: AlertNotificationsRepository,
    private readonly devices: DeviceTokensRepository,
    private readonly preferences: NotificationPreferencesRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'notifications',
      run: async ({ userId }) => {
        await this.devices.deleteOf(userId);
        await this.preferences.deleteOf(userId);
        await this.repository.deleteOf(userId);
        await this.repository.renameActor(userId, ERASED_NAME);
        await this.alerts.forgetReadings(userId);
      },
    });
  }
}
