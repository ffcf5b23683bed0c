import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** The first call under an Idempotency-Key and, once done, its outcome. */
@Schema({ collection: 'idempotencykeys', versionKey: false })
export class IdempotencyKey {
  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  method!: string;

  @Prop({ type: String, required: true })
  path!: string;

  @Prop({ type: String, required: true })
  key!: string;

  @Prop({ type: String, required: true })
  bodyHash!: string;

  @Prop({ type: String, enum: ['in_progress', 'done'], required: true })
  state!: 'in_progress' | 'done';

  /** Random per call: only the holder may write the outcome. */
  @Prop({ type: String, required: true })
  claim!: string;

  @Prop({ type: Number })
  status?: number;

  @Prop({ type: Object })
  body?: unknown;

  @Prop({ type: Date, required: true })
  lockedUntil!: Date;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;
}

export const IdempotencyKeySchema = SchemaFactory.createForClass(IdempotencyKey);
IdempotencyKeySchema.index({ userId: 1, method: 1, path: 1, key: 1 }, { unique: true, name: 'idempotencykeys_key' });
IdempotencyKeySchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'idempotencykeys_ttl' });
