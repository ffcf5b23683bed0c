import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../../platform/database';

/** Opens an account's calendar feed to whoever has the address; one per account. */
@Schema({ collection: 'calendartokens', timestamps: true, versionKey: false })
export class CalendarToken {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  /** SHA-256 of the token. */
  @Prop({ type: String, required: true })
  tokenHash!: string;

  createdAt!: Date;
  updatedAt!: Date;
}

export const CalendarTokenSchema = SchemaFactory.createForClass(CalendarToken);
CalendarTokenSchema.index({ userId: 1 }, { unique: true, name: 'calendartokens_user' });
CalendarTokenSchema.index({ tokenHash: 1 }, { unique: true, name: 'calendartokens_hash' });
duplicateKeyMeansRetry('calendartokens_user');
