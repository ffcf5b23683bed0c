import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../../platform/database';

/** Lets a calendar application read its owner's appointments, until it is replaced or deleted. */
@Schema({ collection: 'calendartokens', timestamps: true, versionKey: false })
export class CalendarToken {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  /** SHA-256 of the token: what is stored opens nothing. */
  @Prop({ type: String, required: true })
  tokenHash!: string;
}

export const CalendarTokenSchema = SchemaFactory.createForClass(CalendarToken);
CalendarTokenSchema.index({ userId: 1 }, { unique: true, name: 'calendartokens_user' });
CalendarTokenSchema.index({ tokenHash: 1 }, { unique: true, name: 'calendartokens_hash' });
// Two first calls at once: the losing one replaces the other's token.
duplicateKeyMeansRetry('calendartokens_user');
