import { ApiProperty } from '@nestjs/swagger';
import { USER_TYPES } from '../../../common/enums';
import { MAX_PAGE } from '../../../common/pagination';
import { Bool, Int, ManyOf, Str } from '../../../common/validation';
import { NOTIFICATION_TYPES, type NotificationType, SEVERITIES } from '../notification.schema';

class NotificationFilterQuery {
  @Bool({ optional: true, default: false })
  unreadOnly?: boolean;

  @ManyOf(NOTIFICATION_TYPES, { optional: true })
  type?: NotificationType[];

  @Int({ optional: true, min: 1, default: 20, description: 'Values above 100 are clamped' })
  limit?: number;
}

/** Query of GET /notifications. */
export class NotificationsQuery extends NotificationFilterQuery {
  @Str({ optional: true, max: 64, description: 'Instant or notification id; strictly older ones are answered' })
  before?: string;
}

/** Query of GET /notifications/my-notifications. */
export class MyNotificationsQuery extends NotificationFilterQuery {
  @Int({ optional: true, min: 1, max: MAX_PAGE, default: 1 })
  page?: number;
}

/** A notification. */
export class NotificationResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  userId!: string;

  @ApiProperty({ type: 'string', enum: USER_TYPES })
  userType!: string;

  @ApiProperty({ type: 'string', enum: NOTIFICATION_TYPES })
  type!: string;

  @ApiProperty({ type: 'string', example: 'New appointment' })
  title!: string;

  @ApiProperty({ type: 'string' })
  message!: string;

  @ApiProperty({ type: 'string', description: 'Repeats message' })
  body!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: '`event` and the ids needed to open the screen',
  })
  data!: Record<string, unknown>;

  @ApiProperty({ type: 'string', format: 'date-time' })
  timestamp!: Date;

  @ApiProperty({ type: 'boolean' })
  isRead!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readAt!: Date | null;

  @ApiProperty({ type: 'string', nullable: true })
  relatedId!: string | null;

  @ApiProperty({ type: 'string', enum: SEVERITIES })
  severity!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** Answer of GET /notifications. */
export class NotificationListResponse {
  @ApiProperty({ type: [NotificationResponse] })
  notifications!: NotificationResponse[];

  @ApiProperty({ type: 'integer', description: 'All unread of the caller, whatever the filters' })
  unreadCount!: number;

  @ApiProperty({ type: 'boolean' })
  hasMore!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: '_id of the last notification of the page' })
  nextCursor!: string | null;
}

/** Answer of PATCH /notifications/:notificationId/read. */
export class NotificationReadResponse {
  @ApiProperty({ type: 'boolean', enum: [true] })
  success!: true;

  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'boolean', enum: [true] })
  isRead!: true;
}

/** Answer of PATCH /notifications/read-all. */
export class AllReadResponse {
  @ApiProperty({ type: 'boolean', enum: [true] })
  success!: true;

  @ApiProperty({ type: 'integer' })
  updated!: number;
}

/** `{ count }` of unread notifications. */
export class UnreadCountResponse {
  @ApiProperty({ type: 'integer' })
  count!: number;
}
