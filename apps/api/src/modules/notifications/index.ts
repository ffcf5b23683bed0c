export { notificationText } from './notification-texts';
export { NotificationsModule } from './notifications.module';
export { Notifier } from './notifier.service';
