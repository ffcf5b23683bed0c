import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { USER_TYPES, type UserType } from '../../common/enums';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** What a notification is about. */
export const NOTIFICATION_TYPES = ['patient_alert', 'new_request', 'appointment', 'message', 'medication'] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** How urgent a notification is, least first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Flat facts that a client needs to open the right screen. */
export type NotificationData = Readonly<Record<string, string | number | boolean>>;

/** Something that an account is told. */
@Schema({ collection: 'notifications', timestamps: true, versionKey: false, minimize: false })
export class Notification {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: String, enum: USER_TYPES, required: true })
  userType!: UserType;

  @Prop({ type: String, enum: NOTIFICATION_TYPES, required: true })
  type!: NotificationType;

  @Prop({ type: String, required: true })
  title!: string;

  @Prop({ type: String, required: true })
  message!: string;

  @Prop({ type: String })
  body!: string;

  @Prop({ type: Object, default: {} })
  data!: NotificationData;

  @Prop({ type: Date, required: true })
  timestamp!: Date;

  @Prop({ type: Boolean, default: false })
  isRead!: boolean;

  @Prop({ type: Date })
  readAt?: Date;

  @Prop({ type: Types.ObjectId })
  relatedId?: Types.ObjectId;

  @Prop({ type: String, enum: SEVERITIES, default: 'info' })
  severity!: Severity;

  /** One unread notification per key: `message:<conversationId>`; its own id for those that stand alone. */
  @Prop({ type: String, required: true })
  collapseKey!: string;

  @Prop({ type: String })
  alertKey?: string;

  /** Whose name stands in the text, and how it was written: erasing that account takes it out again. Internal. */
  @Prop({ type: Types.ObjectId })
  actorId?: Types.ObjectId;

  @Prop({ type: String })
  actorName?: string;
}

// On a sharded cluster: hashed userId. Every query and unique index here begins with it.
export const NotificationSchema = SchemaFactory.createForClass(Notification);
NotificationSchema.index({ userId: 1, timestamp: -1, _id: -1 }, { name: 'notifications_list' });
NotificationSchema.index({ userId: 1, type: 1, timestamp: -1 }, { name: 'notifications_type' });
NotificationSchema.index({ userId: 1, isRead: 1, timestamp: -1 }, { name: 'notifications_unread' });
NotificationSchema.index(
  { userId: 1, alertKey: 1 },
  { name: 'notifications_alert', partialFilterExpression: { alertKey: { $exists: true } } },
);
NotificationSchema.index(
  { userId: 1, collapseKey: 1 },
  {
    unique: true,
    name: 'notifications_collapse',
    partialFilterExpression: { isRead: false },
  },
);
NotificationSchema.index({ actorId: 1 }, { name: 'notifications_actor' });
NotificationSchema.index({ timestamp: 1 }, { name: 'notifications_retention' });
duplicateKeyMeansRetry('notifications_collapse');

/** What is counted per account, so that polled screens read one document. */
@Schema({ collection: 'usercounters', versionKey: false })
export class UserCounter {
  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: Number, default: 0 })
  unreadNotifications!: number;

  /** Number of the last real-time event of the account. */
  @Prop({ type: Number, default: 0 })
  eventSeq!: number;

  /** Raised where nothing else changes but two transactions must not pass each other unseen. */
  @Prop({ type: Number, default: 0 })
  touched!: number;
}

export const UserCounterSchema = SchemaFactory.createForClass(UserCounter);
UserCounterSchema.index({ userId: 1 }, { unique: true, name: 'usercounters_user' });
duplicateKeyMeansRetry('usercounters_user');
