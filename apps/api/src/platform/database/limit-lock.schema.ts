import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { duplicateKeyMeansRetry } from './driver-errors';

/** What changes that are judged by counting several documents conflict on: `<rule>:<owner id>`. */
@Schema({ collection: 'limitlocks', versionKey: false })
export class LimitLock {
  @Prop({ type: String, required: true })
  key!: string;

  @Prop({ type: Number, default: 0 })
  version!: number;
}

export const LimitLockSchema = SchemaFactory.createForClass(LimitLock);
LimitLockSchema.index({ key: 1 }, { unique: true, name: 'limitlocks_key' });
duplicateKeyMeansRetry('limitlocks_key');
