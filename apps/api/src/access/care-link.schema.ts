import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../platform/database';

/** The care relation of a patient and a doctor: the only source of truth for who may see what. */
@Schema({ collection: 'carelinks', timestamps: true, versionKey: false })
export class CareLink {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  doctorId!: Types.ObjectId;

  @Prop({ type: String, enum: ['active', 'ended'], default: 'active' })
  status!: 'active' | 'ended';

  /** The patient's consent; off means the doctor sees no clinical data. */
  @Prop({ type: Boolean, default: true })
  accessEnabled!: boolean;

  @Prop({ type: Date, required: true })
  since!: Date;

  @Prop({ type: Date })
  endedAt?: Date;

  @Prop({ type: Types.ObjectId })
  endedBy?: Types.ObjectId;

  @Prop({ type: String, enum: ['request', 'invitation', 'import'], default: 'request' })
  origin!: 'request' | 'invitation' | 'import';

  createdAt!: Date;
  updatedAt!: Date;
}

export const CareLinkSchema = SchemaFactory.createForClass(CareLink);
CareLinkSchema.index(
  { patientId: 1, doctorId: 1 },
  { unique: true, name: 'carelinks_active_pair', partialFilterExpression: { status: 'active' } },
);
CareLinkSchema.index({ doctorId: 1, status: 1, accessEnabled: 1, since: -1 }, { name: 'carelinks_doctor' });
CareLinkSchema.index({ patientId: 1, status: 1, since: -1 }, { name: 'carelinks_patient' });
// Two accepts of one pair raced: the losing transaction runs again and finds the link.
duplicateKeyMeansRetry('carelinks_active_pair');
