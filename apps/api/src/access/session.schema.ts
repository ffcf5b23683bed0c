import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A sign-in on one device. Holds no token and no hash of one: tokens name it. */
@Schema({ collection: 'sessions', timestamps: true, versionKey: false })
export class Session {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  /** When the identity was last proven; irreversible actions need a recent one. */
  @Prop({ type: Date, required: true })
  authenticatedAt!: Date;

  @Prop({ type: String, enum: ['password', 'google'], required: true })
  authMethod!: 'password' | 'google';

  /** Number of the refresh token that is valid now. */
  @Prop({ type: Number, default: 0 })
  rotation!: number;

  @Prop({ type: Date })
  rotatedAt?: Date;

  @Prop({ type: String })
  deviceInfo?: string;

  @Prop({ type: String })
  ipAddress?: string;

  @Prop({ type: String })
  userAgent?: string;

  /** Moves with each refresh. */
  @Prop({ type: Date, required: true })
  expiresAt!: Date;

  /** 90 days after the beginning, whatever happens. */
  @Prop({ type: Date, required: true })
  absoluteExpiresAt!: Date;

  @Prop({ type: Boolean, default: true })
  isActive!: boolean;

  @Prop({ type: String })
  endedReason?: string;

  @Prop({ type: Date, required: true })
  lastActivityAt!: Date;

  createdAt!: Date;
  updatedAt!: Date;
}

export const SessionSchema = SchemaFactory.createForClass(Session);
SessionSchema.index({ userId: 1, isActive: 1, lastActivityAt: -1 }, { name: 'sessions_user_active' });
SessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'sessions_ttl' });
