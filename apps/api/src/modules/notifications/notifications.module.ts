import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { AlertNotificationsRepository } from './alert-notifications.repository';
import { AlertNotifier } from './alert-notifier.service';
import { DeliveryChannels } from './deliveries/delivery-channels.service';
import { NotificationDeliveriesListener } from './deliveries/notification-deliveries.listener';
import { NotificationDeliveries } from './deliveries/notification-deliveries.service';
import { DeviceToken, DeviceTokenSchema } from './devices/device-token.schema';
import { DeviceTokensController } from './devices/device-tokens.controller';
import { DeviceTokensListener } from './devices/device-tokens.listener';
import { DeviceTokensRepository } from './devices/device-tokens.repository';
import { DeviceTokensService } from './devices/device-tokens.service';
import { NotificationRetentionJob } from './notification-retention.job';
import { Notification, NotificationSchema, UserCounter, UserCounterSchema } from './notification.schema';
import { NotificationsController } from './notifications.controller';
import { NotificationsRepository } from './notifications.repository';
import { NotificationsService } from './notifications.service';
import { Notifier } from './notifier.service';
import { NotificationsErasureStep } from './notifications-erasure.step';
import { NotificationsExport } from './notifications.export';
import { NotificationPreferencesController } from './preferences/notification-preferences.controller';
import { NotificationPreferencesRepository } from './preferences/notification-preferences.repository';
import { NotificationPreferences, NotificationPreferencesSchema } from './preferences/notification-preferences.schema';
import { NotificationPreferencesService } from './preferences/notification-preferences.service';

/** What accounts are told, and what they have read. */
@Module({
  imports: [
    UsersModule,
    MongooseModule.forFeature([
      { name: Notification.name, schema: NotificationSchema },
      { name: UserCounter.name, schema: UserCounterSchema },
      { name: DeviceToken.name, schema: DeviceTokenSchema },
      { name: NotificationPreferences.name, schema: NotificationPreferencesSchema },
    ]),
  ],
  controllers: [NotificationsController, NotificationPreferencesController, DeviceTokensController],
  providers: [
    NotificationsExport,
    NotificationsErasureStep,
    NotificationsRepository,
    NotificationsService,
    Notifier,
    AlertNotifier,
    AlertNotificationsRepository,
    NotificationRetentionJob,
    NotificationPreferencesRepository,
    NotificationPreferencesService,
    DeviceTokensRepository,
    DeviceTokensService,
    DeviceTokensListener,
    DeliveryChannels,
    NotificationDeliveries,
    NotificationDeliveriesListener,
  ],
  exports: [Notifier, AlertNotifier],
})
export class NotificationsModule {}
