export { AlertNotifier } from './alert-notifier.service';
export { notificationText } from './notification-texts';
export { NotificationsModule } from './notifications.module';
export { Notifier } from './notifier.service';
