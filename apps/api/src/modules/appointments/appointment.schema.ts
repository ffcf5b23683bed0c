import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** Where the two meet. */
export const APPOINTMENT_TYPES = ['Online', 'Physical'] as const;
export type AppointmentType = (typeof APPOINTMENT_TYPES)[number];

/** States of an appointment; the moves between them are in its machine. */
export const APPOINTMENT_STATUSES = ['Pending', 'Confirmed', 'Completed', 'Cancelled'] as const;
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

/** The two roles that hold appointments. */
export type AppointmentSide = 'PATIENT' | 'MEDECIN';

/** Shortest appointment, minutes. */
export const MIN_DURATION_MINUTES = 5;

/** Longest appointment, minutes: bounds every search for overlaps. */
export const MAX_DURATION_MINUTES = 240;

/** When the reminders of a Confirmed appointment are due, and when they were told. A told one is not due any more. */
export interface AppointmentReminders {
  readonly due24h?: Date;
  readonly due1h?: Date;
  readonly sent24hAt?: Date;
  readonly sent1hAt?: Date;
}

/** A meeting of a patient and a doctor. Absent fields are unset, never null. */
@Schema({ collection: 'appointments', timestamps: true })
export class Appointment {
  _id!: Types.ObjectId;
  __v!: number;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  doctorId!: Types.ObjectId;

  @Prop({ type: Date, required: true })
  dateTime!: Date;

  @Prop({ type: Number, default: 30 })
  durationMinutes!: number;

  @Prop({ type: Date, required: true })
  endTime!: Date;

  /** For display only. */
  @Prop({ type: String })
  timeZone!: string;

  /** Calendar day in the doctor's zone, as it was at booking or move. */
  @Prop({ type: String, required: true })
  day!: string;

  @Prop({ type: String, enum: APPOINTMENT_TYPES, default: 'Physical' })
  type!: AppointmentType;

  @Prop({ type: String, enum: APPOINTMENT_STATUSES, default: 'Pending' })
  status!: AppointmentStatus;

  @Prop({ type: String, default: '' })
  notes!: string;

  @Prop({ type: String })
  reason?: string;

  @Prop({ type: String })
  meetingUrl?: string;

  @Prop({ type: String, enum: ['PATIENT', 'MEDECIN'], required: true })
  createdByRole!: AppointmentSide;

  /** Who must confirm while Pending. */
  @Prop({ type: String, enum: ['PATIENT', 'MEDECIN'] })
  awaiting?: AppointmentSide;

  /** End of the patient's time to confirm. */
  @Prop({ type: Date })
  expiresAt?: Date;

  @Prop({ type: Date })
  patientConfirmedAt?: Date;

  @Prop({ type: String, enum: ['PATIENT', 'MEDECIN', 'SYSTEM'] })
  cancelledBy?: AppointmentSide | 'SYSTEM';

  /** iCalendar SEQUENCE: raised on each change. */
  @Prop({ type: Number, default: 0 })
  sequence!: number;

  /** Set by confirmation, gone with the state Confirmed. */
  @Prop({ type: Object })
  reminders?: AppointmentReminders;

  @Prop({ type: Date })
  deletedAt?: Date;

  @Prop({ type: Types.ObjectId })
  deletedBy?: Types.ObjectId;
}

export const AppointmentSchema = SchemaFactory.createForClass(Appointment);
const OPEN = { status: { $in: ['Pending', 'Confirmed'] } };
AppointmentSchema.index({ doctorId: 1, deletedAt: 1, dateTime: -1, _id: -1 }, { name: 'appointments_doctor' });
AppointmentSchema.index({ patientId: 1, deletedAt: 1, dateTime: -1, _id: -1 }, { name: 'appointments_patient' });
AppointmentSchema.index(
  { doctorId: 1, status: 1, dateTime: 1, endTime: 1 },
  { name: 'appointments_doctor_open', partialFilterExpression: OPEN },
);
AppointmentSchema.index(
  { patientId: 1, status: 1, dateTime: 1, endTime: 1 },
  { name: 'appointments_patient_open', partialFilterExpression: OPEN },
);
AppointmentSchema.index({ doctorId: 1, day: 1, status: 1 }, { name: 'appointments_day' });
AppointmentSchema.index(
  { status: 1, expiresAt: 1 },
  { name: 'appointments_expiry', partialFilterExpression: { status: 'Pending' } },
);
AppointmentSchema.index(
  { status: 1, dateTime: 1 },
  { name: 'appointments_overdue', partialFilterExpression: { status: 'Pending' } },
);

// One index for each reminder; a status instead of a condition on the date itself, which no engine's planner would see.
for (const due of ['due24h', 'due1h'])
  AppointmentSchema.index(
    { status: 1, [`reminders.${due}`]: 1 },
    { name: `appointments_${due}`, partialFilterExpression: { status: 'Confirmed' } },
  );

/** What bookings that could overlap, or compete for a day, conflict on. */
@Schema({ collection: 'bookinglocks', versionKey: false })
export class BookingLock {
  @Prop({ type: Types.ObjectId, required: true })
  ownerId!: Types.ObjectId;

  /** `U:<UTC day>`, or `L:<day in the doctor's zone>` */
  @Prop({ type: String, required: true })
  day!: string;

  @Prop({ type: Number, default: 0 })
  version!: number;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;
}

export const BookingLockSchema = SchemaFactory.createForClass(BookingLock);
BookingLockSchema.index({ ownerId: 1, day: 1 }, { unique: true, name: 'bookinglocks_day' });
BookingLockSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'bookinglocks_ttl' });
duplicateKeyMeansRetry('bookinglocks_day');
