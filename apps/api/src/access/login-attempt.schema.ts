import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** Failed sign-ins of one account address or one client address. */
@Schema({ collection: 'loginattempts', versionKey: false })
export class LoginAttempt {
  /** `account:<hash of e-mail>` or `ip:<address>` */
  @Prop({ type: String, required: true })
  key!: string;

  @Prop({ type: Number, default: 0 })
  failures!: number;

  @Prop({ type: Date })
  windowStartedAt?: Date;

  @Prop({ type: Date })
  lockedUntil?: Date;

  @Prop({ type: Number, default: 0 })
  lockLevel!: number;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;
}

export const LoginAttemptSchema = SchemaFactory.createForClass(LoginAttempt);
LoginAttemptSchema.index({ key: 1 }, { unique: true, name: 'loginattempts_key' });
LoginAttemptSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'loginattempts_ttl' });
