import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../../platform/database';

/**
 * How many appointments somebody has in each week, by status and type; hidden ones count nowhere. A doctor's own are
 * under `doctorId` = `ownerId`; a patient's are kept for each doctor, and their sum is the patient's. Derived: changed in
 * the transaction of every change, and trusted only beside the owner's head (see `HEAD_SPAN`).
 */
@Schema({ collection: 'appointmentcounts', versionKey: false })
export class AppointmentCount {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  ownerId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  doctorId!: Types.ObjectId;

  /** Which 64 weeks (see `counted-weeks.policy`), or the head. */
  @Prop({ type: Number, required: true })
  span!: number;

  /** In a head only: by which party's field the owner's appointments are found. */
  @Prop({ type: String })
  side?: 'patientId' | 'doctorId';

  /** Place of the week in its span, then the cell of status and type. A cell that is absent is 0. */
  @Prop({ type: Object, default: {} })
  weeks!: Record<string, Record<string, number>>;
}

export const AppointmentCountSchema = SchemaFactory.createForClass(AppointmentCount);
AppointmentCountSchema.index({ ownerId: 1, doctorId: 1, span: 1 }, { unique: true, name: 'appointmentcounts_owner' });
duplicateKeyMeansRetry('appointmentcounts_owner');
