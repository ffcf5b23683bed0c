import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../database/driver-errors';

/** A stored event on its way to what it causes. Absent fields are unset, never null. */
@Schema({ collection: 'outbox', versionKey: false })
export class OutboxEntry {
  _id!: Types.ObjectId;

  @Prop({ type: String, required: true })
  topic!: string;

  /** The aggregate: entries of one key are delivered in the order of `seq`. */
  @Prop({ type: String, required: true })
  key!: string;

  @Prop({ type: Number, required: true })
  seq!: number;

  /** The own id of entries that may repeat. */
  @Prop({ type: String, required: true })
  dedupeKey!: string;

  /** Removed when done. */
  @Prop({ type: Object })
  payload?: Record<string, unknown>;

  @Prop({ type: Date, required: true })
  availableAt!: Date;

  @Prop({ type: Number, default: 0 })
  attempts!: number;

  @Prop({ type: Date })
  lockedUntil?: Date;

  @Prop({ type: String })
  lockedBy?: string;

  @Prop({ type: Date })
  doneAt?: Date;

  @Prop({ type: Date })
  parkedAt?: Date;

  /** Name of the last failure, never its values. */
  @Prop({ type: String })
  lastError?: string;

  @Prop({ type: Date, required: true })
  createdAt!: Date;
}

export const OutboxEntrySchema = SchemaFactory.createForClass(OutboxEntry);
OutboxEntrySchema.index({ doneAt: 1, parkedAt: 1, availableAt: 1 }, { name: 'outbox_due' });
OutboxEntrySchema.index({ key: 1, seq: 1 }, { unique: true, name: 'outbox_key_seq' });
OutboxEntrySchema.index({ dedupeKey: 1 }, { unique: true, name: 'outbox_dedupe' });
OutboxEntrySchema.index({ doneAt: 1 }, { expireAfterSeconds: 604_800, name: 'outbox_ttl' });
duplicateKeyMeansRetry('outbox_dedupe');
duplicateKeyMeansRetry('outbox_key_seq');

/** The last sequence number given out for a key. */
@Schema({ collection: 'outboxkeys', versionKey: false })
export class OutboxKey {
  @Prop({ type: String, required: true })
  key!: string;

  @Prop({ type: Number, default: 0 })
  seq!: number;
}

export const OutboxKeySchema = SchemaFactory.createForClass(OutboxKey);
OutboxKeySchema.index({ key: 1 }, { unique: true, name: 'outboxkeys_key' });
duplicateKeyMeansRetry('outboxkeys_key');
