import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { NotificationRetentionJob } from './notification-retention.job';
import { Notification, NotificationSchema, UserCounter, UserCounterSchema } from './notification.schema';
import { NotificationsController } from './notifications.controller';
import { NotificationsRepository } from './notifications.repository';
import { NotificationsService } from './notifications.service';
import { Notifier } from './notifier.service';
import { NotificationsErasureStep } from './notifications-erasure.step';
import { NotificationsExport } from './notifications.export';

/** What accounts are told, and what they have read. */
@Module({
  imports: [
    UsersModule,
    MongooseModule.forFeature([
      { name: Notification.name, schema: NotificationSchema },
      { name: UserCounter.name, schema: UserCounterSchema },
    ]),
  ],
  controllers: [NotificationsController],
  providers: [
    NotificationsExport,
    NotificationsErasureStep,
    NotificationsRepository,
    NotificationsService,
    Notifier,
    NotificationRetentionJob,
  ],
  exports: [Notifier],
})
export class NotificationsModule {}
