import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** One counter of an hourly or daily limit, shared by all instances. */
@Schema({ collection: 'ratelimits', versionKey: false })
export class RateLimitCounter {
  /** `<limit>:<user id, address or hash>:<window start>` */
  @Prop({ type: String, required: true })
  key!: string;

  @Prop({ type: Number, default: 0 })
  count!: number;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;
}

export const RateLimitCounterSchema = SchemaFactory.createForClass(RateLimitCounter);
RateLimitCounterSchema.index({ key: 1 }, { unique: true, name: 'ratelimits_key' });
RateLimitCounterSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'ratelimits_ttl' });
