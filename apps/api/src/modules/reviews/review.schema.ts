import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** What a patient says of a pharmacy after a pick-up. Absent fields are unset, never null. */
@Schema({ collection: 'reviews', timestamps: true, versionKey: false })
export class Review {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  /** Absent once the author's account is erased. */
  @Prop({ type: Types.ObjectId })
  patientId?: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  pharmacyId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId })
  requestId?: Types.ObjectId;

  @Prop({ type: Number, min: 1, max: 5, required: true })
  rating!: number;

  @Prop({ type: String })
  comment?: string;

  @Prop({ type: Boolean, default: true })
  isVisible!: boolean;

  /** One per patient, pharmacy and request; the own id where there is no author (decision 14). Internal. */
  @Prop({ type: String })
  onceKey?: string;
}

export const ReviewSchema = SchemaFactory.createForClass(Review);
ReviewSchema.index({ pharmacyId: 1, isVisible: 1, createdAt: -1 }, { name: 'reviews_pharmacy' });
ReviewSchema.index({ patientId: 1, pharmacyId: 1, requestId: 1 }, { name: 'reviews_author' });
ReviewSchema.index({ requestId: 1 }, { name: 'reviews_request' });
ReviewSchema.index({ onceKey: 1 }, { unique: true, sparse: true, name: 'reviews_once' });
duplicateKeyMeansRetry('reviews_once');

/** How a patient rates the response of a pharmacy to a request. Absent fields are unset, never null. */
@Schema({ collection: 'ratings', timestamps: true, versionKey: false })
export class Rating {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  /** Absent once the author's account is erased. */
  @Prop({ type: Types.ObjectId })
  patientId?: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  pharmacyId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  medicationRequestId!: Types.ObjectId;

  @Prop({ type: Number, min: 1, max: 5, required: true })
  stars!: number;

  @Prop({ type: String })
  comment?: string;

  @Prop({ type: Boolean, default: true })
  medicationAvailable!: boolean;

  @Prop({ type: Number, min: 1, max: 5 })
  speedRating?: number;

  @Prop({ type: Number, min: 1, max: 5 })
  courtesynRating?: number;

  /** By stars; 0 where quality points of the request had been given before. */
  @Prop({ type: Number, default: 0 })
  pointsAwarded!: number;

  @Prop({ type: Number, default: 0 })
  penaltyApplied!: number;

  /** See {@link Review.onceKey}. */
  @Prop({ type: String })
  onceKey?: string;
}

export const RatingSchema = SchemaFactory.createForClass(Rating);
RatingSchema.index({ pharmacyId: 1, createdAt: -1 }, { name: 'ratings_pharmacy' });
RatingSchema.index({ medicationRequestId: 1 }, { name: 'ratings_request' });
RatingSchema.index({ patientId: 1, pharmacyId: 1, medicationRequestId: 1 }, { name: 'ratings_author' });
RatingSchema.index({ onceKey: 1 }, { unique: true, sparse: true, name: 'ratings_once' });
duplicateKeyMeansRetry('ratings_once');

/** What reviews and ratings of a pharmacy come to: how many count with 1, 2 ... 5 stars. */
@Schema({ collection: 'ratingsums', versionKey: false })
export class RatingSum {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  pharmacyId!: Types.ObjectId;

  /** By stars, "1" to "5". */
  @Prop({ type: Object, required: true })
  counts!: Readonly<Record<string, number>>;

  /** Raised by every change, so that two that count each other's work conflict. */
  @Prop({ type: Number, default: 0 })
  version!: number;
}

export const RatingSumSchema = SchemaFactory.createForClass(RatingSum);
RatingSumSchema.index({ pharmacyId: 1 }, { unique: true, name: 'ratingsums_pharmacy' });
duplicateKeyMeansRetry('ratingsums_pharmacy');
