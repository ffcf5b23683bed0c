import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { USER_TYPES, type UserType } from '../../../common/enums';
import { duplicateKeyMeansRetry } from '../../../platform/database';

/** An address for pushes: one app on one device, registered by one session of one account. */
@Schema({ collection: 'devicetokens', timestamps: true, versionKey: false })
export class DeviceToken {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId })
  sessionId?: Types.ObjectId;

  /** As the push provider gave it to the app; never in a response or a log. */
  @Prop({ type: String, required: true })
  token!: string;

  /** SHA-256 of the token: what it is found and kept unique by. */
  @Prop({ type: String, required: true })
  tokenHash!: string;

  @Prop({ type: String, enum: USER_TYPES, required: true })
  userType!: UserType;

  /** When the app last registered it. */
  @Prop({ type: Date, required: true })
  lastUsedAt!: Date;
}

export const DeviceTokenSchema = SchemaFactory.createForClass(DeviceToken);
DeviceTokenSchema.index({ tokenHash: 1 }, { unique: true, name: 'devicetokens_hash' });
DeviceTokenSchema.index({ userId: 1, lastUsedAt: 1 }, { name: 'devicetokens_user' });
DeviceTokenSchema.index({ sessionId: 1 }, { name: 'devicetokens_session' });
duplicateKeyMeansRetry('devicetokens_hash');
