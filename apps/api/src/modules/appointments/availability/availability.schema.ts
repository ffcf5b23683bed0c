import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../../platform/database';
import type { AppointmentType } from '../appointment.schema';

/** Step of slot starts, minutes, where a doctor says nothing else. */
export const DEFAULT_SLOT_MINUTES = 30;

/** Hours of one day on the wall clock, `[start, end)` as `HH:MM`; without a type both are possible. */
export interface AvailabilityInterval {
  readonly start: string;
  readonly end: string;
  readonly type?: AppointmentType;
}

/** Hours of every week. */
export interface AvailabilityRule extends AvailabilityInterval {
  /** ISO: 1 = Monday .. 7 = Sunday */
  readonly weekday: number;
}

/** Replaces the rules of one date: closed, or other hours. */
export interface AvailabilityException {
  /** `YYYY-MM-DD` in the availability's zone */
  readonly date: string;
  readonly closed: boolean;
  readonly intervals: readonly AvailabilityInterval[];
}

/** When a doctor receives. Wall-clock hours in the doctor's chosen zone, so that they survive clock changes. */
@Schema({ collection: 'doctoravailabilities', timestamps: true, versionKey: false })
export class DoctorAvailability {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  doctorId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  timeZone!: string;

  @Prop({ type: Number, default: DEFAULT_SLOT_MINUTES })
  slotMinutes!: number;

  @Prop({ type: Boolean, default: true })
  published!: boolean;

  @Prop({ type: [Object], default: [] })
  rules!: AvailabilityRule[];

  @Prop({ type: [Object], default: [] })
  exceptions!: AvailabilityException[];
}

export const DoctorAvailabilitySchema = SchemaFactory.createForClass(DoctorAvailability);
DoctorAvailabilitySchema.index({ doctorId: 1 }, { unique: true, name: 'doctoravailabilities_doctor' });
// Two first calls at once: the losing one finds the other's document.
duplicateKeyMeansRetry('doctoravailabilities_doctor');
