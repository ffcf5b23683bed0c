import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** A job: recurring ones have `every` and a dedupeKey, so one document serves all processes. */
@Schema({ collection: 'jobs', versionKey: false })
export class Job {
  @Prop({ type: String, required: true })
  name!: string;

  @Prop({ type: String })
  dedupeKey?: string;

  @Prop({ type: Object, default: {} })
  payload!: Record<string, unknown>;

  @Prop({ type: Date, required: true })
  runAt!: Date;

  @Prop({ type: Date })
  lockedUntil?: Date;

  @Prop({ type: String })
  lockedBy?: string;

  @Prop({ type: Number, default: 0 })
  attempts!: number;

  @Prop({ type: Date })
  doneAt?: Date;

  @Prop({ type: Date })
  parkedAt?: Date;

  @Prop({ type: String })
  lastError?: string;

  /** Seconds between two runs. */
  @Prop({ type: Number })
  every?: number;
}

export const JobSchema = SchemaFactory.createForClass(Job);
JobSchema.index(
  { dedupeKey: 1 },
  { unique: true, name: 'jobs_dedupe', partialFilterExpression: { dedupeKey: { $exists: true } } },
);
JobSchema.index({ doneAt: 1, parkedAt: 1, runAt: 1 }, { name: 'jobs_due' });
JobSchema.index({ doneAt: 1 }, { expireAfterSeconds: 2_592_000, name: 'jobs_ttl' });
