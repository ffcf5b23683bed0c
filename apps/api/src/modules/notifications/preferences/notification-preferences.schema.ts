import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../../platform/database';
import type { NotificationType } from '../notification.schema';
import type { Channels, QuietHours } from './notification-preferences.policy';

/** How an account wants to be told; accounts without a document take the defaults. */
@Schema({ collection: 'notificationpreferences', timestamps: true, versionKey: false })
export class NotificationPreferences {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  /** Absent: the account's own zone, also when that changes later. */
  @Prop({ type: String })
  timeZone?: string;

  @Prop({ type: Object, required: true })
  quietHours!: QuietHours;

  @Prop({ type: Object, required: true })
  types!: Readonly<Record<NotificationType, Channels>>;
}

export const NotificationPreferencesSchema = SchemaFactory.createForClass(NotificationPreferences);
NotificationPreferencesSchema.index({ userId: 1 }, { unique: true, name: 'notificationpreferences_user' });
duplicateKeyMeansRetry('notificationpreferences_user');
