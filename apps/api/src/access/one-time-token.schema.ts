import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** What a mailed token is for: 60 minutes to reset a password, 7 days to take up an invitation. */
export const ONE_TIME_TOKEN_KINDS = ['password_reset', 'invitation'] as const;
export type OneTimeTokenKind = (typeof ONE_TIME_TOKEN_KINDS)[number];

/** Lets whoever reads an account's mail set its password, once. */
@Schema({ collection: 'onetimetokens', timestamps: true, versionKey: false })
export class OneTimeToken {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: String, enum: ONE_TIME_TOKEN_KINDS, required: true })
  kind!: OneTimeTokenKind;

  /** SHA-256 of the token: what is stored opens nothing. */
  @Prop({ type: String, required: true })
  tokenHash!: string;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;

  @Prop({ type: Date })
  usedAt?: Date;

  createdAt!: Date;
  updatedAt!: Date;
}

export const OneTimeTokenSchema = SchemaFactory.createForClass(OneTimeToken);
OneTimeTokenSchema.index({ tokenHash: 1 }, { unique: true, name: 'onetimetokens_hash' });
OneTimeTokenSchema.index({ userId: 1, kind: 1 }, { name: 'onetimetokens_user' });
OneTimeTokenSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'onetimetokens_ttl' });
