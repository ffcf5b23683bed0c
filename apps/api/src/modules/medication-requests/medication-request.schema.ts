import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** How soon the patient needs the medication. */
export const URGENCY_LEVELS = ['normal', 'urgent'] as const;
export type UrgencyLevel = (typeof URGENCY_LEVELS)[number];

/** States of a request as a whole; the moves between them are in its machine. */
export const GLOBAL_STATUSES = ['open', 'confirmed', 'closed', 'expired'] as const;
export type GlobalStatus = (typeof GLOBAL_STATUSES)[number];

/** States of one pharmacy’s part of a request: its answer, or none yet, or too late. */
export const RESPONSE_STATUSES = ['pending', 'accepted', 'unavailable', 'declined', 'ignored', 'expired'] as const;
export type ResponseStatus = (typeof RESPONSE_STATUSES)[number];

/** What a pharmacy may answer. */
export const ANSWERS = ['accepted', 'unavailable', 'declined', 'ignored'] as const;
export type Answer = (typeof ANSWERS)[number];

/** How long a pharmacy needs to prepare the order. */
export const PREPARATION_DELAYS = ['immediate', '30min', '1h', '2h', 'other'] as const;
export type PreparationDelay = (typeof PREPARATION_DELAYS)[number];

/** How the points of an entry came about. */
export interface PointsBreakdown {
  readonly basePoints: number;
  readonly bonusPoints: number;
  readonly reason: string;
}

/** One pharmacy's entry in a request. Absent fields are unset, never null. */
export interface PharmacyEntry {
  readonly pharmacyId: Types.ObjectId;
  readonly status: ResponseStatus;
  /** Whole minutes from creation to response. */
  readonly responseTime?: number;
  /** Currency units. */
  readonly indicativePrice?: number;
  readonly preparationDelay?: PreparationDelay;
  readonly pharmacyMessage?: string;
  readonly pickupDeadline?: Date;
  readonly respondedAt?: Date;
  readonly expiredAt?: Date;
  /** By the table of contract 40 section 4.1; the pharmacy's total may have moved by less, since it never falls below 0. */
  readonly pointsAwarded: number;
  readonly pointsBreakdown?: PointsBreakdown;
  readonly distanceKm?: number;
  readonly pharmacyName?: string;
  readonly pharmacyAddress?: string;
  /** `[longitude, latitude]` */
  readonly pharmacyCoordinates?: readonly [number, number];
}

/** GeoJSON point, `[longitude, latitude]`. */
export interface RequestPlace {
  readonly type: 'Point';
  readonly coordinates: readonly [number, number];
}

/** A patient's request for a medication to one or several pharmacies. Absent fields are unset, never null. */
@Schema({ collection: 'medicationrequests', timestamps: true })
export class MedicationRequest {
  _id!: Types.ObjectId;
  __v!: number;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  medicationName!: string;

  @Prop({ type: String, required: true })
  dosage!: string;

  @Prop({ type: String })
  medicationId?: string;

  @Prop({ type: String })
  format?: string;

  @Prop({ type: String })
  patientNote?: string;

  @Prop({ type: Number, required: true })
  quantity!: number;

  @Prop({ type: String, enum: URGENCY_LEVELS, default: 'normal' })
  urgencyLevel!: UrgencyLevel;

  @Prop({ type: [Object], default: [] })
  pharmacyResponses!: readonly PharmacyEntry[];

  @Prop({ type: String, enum: GLOBAL_STATUSES, default: 'open' })
  globalStatus!: GlobalStatus;

  @Prop({ type: Types.ObjectId })
  selectedPharmacyId?: Types.ObjectId;

  @Prop({ type: Boolean, default: false })
  isPickedUp!: boolean;

  @Prop({ type: Date })
  pickedUpAt?: Date;

  /** Until then pharmacies may respond. */
  @Prop({ type: Date, required: true })
  expiresAt!: Date;

  /** Until then an accepted offer can be confirmed or picked up. */
  @Prop({ type: Date, required: true })
  confirmationDeadline!: Date;

  /** When time next changes it: `expiresAt`, then the deadline. Internal; meaningless once it is not open. */
  @Prop({ type: Date })
  dueAt?: Date;

  @Prop({ type: Object })
  patientLocation?: RequestPlace;

  /** Radius of the search, km; absent when the patient chose the pharmacies. */
  @Prop({ type: Number })
  requestRadiusKm?: number;
}

export const MedicationRequestSchema = SchemaFactory.createForClass(MedicationRequest);
MedicationRequestSchema.index({ patientId: 1, createdAt: -1 }, { name: 'medicationrequests_patient' });
MedicationRequestSchema.index(
  { 'pharmacyResponses.pharmacyId': 1, globalStatus: 1, createdAt: -1 },
  { name: 'medicationrequests_pharmacy' },
);
MedicationRequestSchema.index(
  { selectedPharmacyId: 1, pickedUpAt: -1 },
  { name: 'medicationrequests_pickups', partialFilterExpression: { isPickedUp: true } },
);
// A pharmacy's history by time alone: the embedded engine uses an index only for filters that it covers (decision 14).
MedicationRequestSchema.index(
  { 'pharmacyResponses.pharmacyId': 1, createdAt: -1, _id: -1 },
  { name: 'medicationrequests_history' },
);
for (const due of ['expiresAt', 'confirmationDeadline', 'dueAt'])
  MedicationRequestSchema.index(
    { globalStatus: 1, [due]: 1 },
    { name: `medicationrequests_${due}`, partialFilterExpression: { globalStatus: 'open' } },
  );
MedicationRequestSchema.index({ patientLocation: '2dsphere' }, { name: 'medicationrequests_location', sparse: true });
