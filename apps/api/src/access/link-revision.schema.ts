import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../platform/database';

/** Says by one number whether a doctor's active links are still those that somebody has read (decision 24). */
@Schema({ collection: 'linkrevisions', versionKey: false })
export class LinkRevision {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  doctorId!: Types.ObjectId;

  /** Raised in the transaction of every change of a link of the doctor; no document before the first one. */
  @Prop({ type: Number, required: true })
  rev!: number;
}

export const LinkRevisionSchema = SchemaFactory.createForClass(LinkRevision);
LinkRevisionSchema.index({ doctorId: 1 }, { unique: true, name: 'linkrevisions_doctor' });
duplicateKeyMeansRetry('linkrevisions_doctor');
