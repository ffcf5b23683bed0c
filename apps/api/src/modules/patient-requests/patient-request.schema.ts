import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeans } from '../../platform/database';

/** States of a request; the moves between them are in its machine. */
export const REQUEST_STATUSES = ['pending', 'accepted', 'declined'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Who asks whom: patient_link the doctor, access_renewal the patient; access_confirmation records a change. */
export const REQUEST_TYPES = ['patient_link', 'access_renewal', 'access_confirmation'] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];

/** One side asking the other for a link or for access; or (access_confirmation) the record of a change of access. */
@Schema({ collection: 'patientrequests', timestamps: true, versionKey: false })
export class PatientRequest {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  doctorId!: Types.ObjectId;

  @Prop({ type: String, enum: REQUEST_STATUSES, default: 'pending' })
  status!: RequestStatus;

  @Prop({ type: String, enum: REQUEST_TYPES, default: 'patient_link' })
  requestType!: RequestType;

  @Prop({ type: Date, required: true })
  requestDate!: Date;

  @Prop({ type: String, default: '' })
  urgentNote!: string;

  @Prop({ type: String, default: '' })
  declineReason!: string;

  @Prop({ type: Date })
  respondedAt?: Date;

  @Prop({ type: String })
  respondedByRole?: string;

  @Prop({ type: Boolean })
  authorizationEnabled?: boolean;
}

export const PatientRequestSchema = SchemaFactory.createForClass(PatientRequest);
PatientRequestSchema.index(
  { patientId: 1, doctorId: 1, requestType: 1 },
  { unique: true, name: 'patientrequests_pending', partialFilterExpression: { status: 'pending' } },
);
PatientRequestSchema.index(
  { doctorId: 1, status: 1, requestType: 1, requestDate: -1 },
  { name: 'patientrequests_doctor' },
);
PatientRequestSchema.index({ patientId: 1, requestDate: -1 }, { name: 'patientrequests_patient' });
PatientRequestSchema.index(
  { patientId: 1, status: 1, requestType: 1, requestDate: -1 },
  { name: 'patientrequests_patient_pending' },
);
duplicateKeyMeans('patientrequests_pending', 'REQUEST_PENDING');
