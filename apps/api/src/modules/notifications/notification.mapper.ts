import type { NotificationResponse } from './dto/notification.dto';
import type { NotificationRecord } from './notifications.repository';

/** A notification as REST and sockets show it. */
export function toNotification(record: NotificationRecord): NotificationResponse {
  return {
    _id: record._id.toHexString(),
    userId: record.userId.toHexString(),
    userType: record.userType,
    type: record.type,
    title: record.title,
    message: record.message,
    body: record.body,
    data: { ...record.data },
    timestamp: record.timestamp,
    isRead: record.isRead,
    readAt: record.readAt ?? null,
    relatedId: record.relatedId?.toHexString() ?? null,
    severity: record.severity,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
