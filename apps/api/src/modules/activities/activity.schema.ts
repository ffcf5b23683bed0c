import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** What can happen to a pharmacy (contract 00 section 9). `points_earned` is read from older data and never written. */
export const ACTIVITY_TYPES = [
  'request_received',
  'request_accepted',
  'request_unavailable',
  'request_declined',
  'request_ignored',
  'request_expired',
  'client_pickup',
  'review_received',
  'rating_received',
  'points_earned',
  'badge_unlocked',
  'boost_activated',
] as const;

/** See {@link ACTIVITY_TYPES}. */
export type ActivityType = (typeof ACTIVITY_TYPES)[number];

/** One line of a pharmacy's ledger: appended, never changed. */
@Schema({ collection: 'pharmacyactivities', timestamps: true, versionKey: false })
export class PharmacyActivity {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  pharmacyId!: Types.ObjectId;

  @Prop({ type: String, enum: ACTIVITY_TYPES, required: true })
  activityType!: ActivityType;

  @Prop({ type: String })
  description?: string;

  /** Money, in the deployment's currency. */
  @Prop({ type: Number })
  amount?: number;

  /** The change of points that took effect; absent where the event moves none. */
  @Prop({ type: Number })
  points?: number;

  @Prop({ type: Object })
  metadata?: Record<string, unknown>;

  /** Id of the request, review, rating or boost; internal. */
  @Prop({ type: String, required: true })
  eventKey!: string;

  /** What the points were granted for; the own id where nothing was granted (decision 14). Internal. */
  @Prop({ type: String, required: true })
  grantKey!: string;

  createdAt!: Date;
  updatedAt!: Date;
}

export const PharmacyActivitySchema = SchemaFactory.createForClass(PharmacyActivity);
PharmacyActivitySchema.index({ pharmacyId: 1, createdAt: -1, _id: -1 }, { name: 'pharmacyactivities_feed' });
PharmacyActivitySchema.index(
  { pharmacyId: 1, activityType: 1, eventKey: 1 },
  { unique: true, name: 'pharmacyactivities_event' },
);
PharmacyActivitySchema.index({ pharmacyId: 1, grantKey: 1 }, { unique: true, name: 'pharmacyactivities_grant' });
duplicateKeyMeansRetry('pharmacyactivities_event');
duplicateKeyMeansRetry('pharmacyactivities_grant');
