export { notificationText } from './notification-texts';
export { NotificationsModule } from './notifications.module';
export { type NotificationEvent, Notifier } from './notifier.service';
