import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** How long a boost runs. */
export const BOOST_TYPES = ['boost_24h', 'boost_week', 'boost_month'] as const;

/** See {@link BOOST_TYPES}. */
export type BoostType = (typeof BOOST_TYPES)[number];

/** States of a boost. */
export const BOOST_STATUSES = ['active', 'expired', 'cancelled'] as const;

/** See {@link BOOST_STATUSES}. */
export type BoostStatus = (typeof BOOST_STATUSES)[number];

/** States of what a boost costs. */
export const PAYMENT_STATUSES = ['pending', 'paid', 'failed'] as const;

/** A stretch of time in which a pharmacy is found from farther away. */
@Schema({ collection: 'boosts', timestamps: true, versionKey: false })
export class Boost {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  pharmacyId!: Types.ObjectId;

  @Prop({ type: String, enum: BOOST_TYPES, required: true })
  boostType!: BoostType;

  /** In the deployment's currency, from the catalogue. */
  @Prop({ type: Number, required: true })
  price!: number;

  @Prop({ type: Number, default: 5 })
  radiusKm!: number;

  @Prop({ type: Date, required: true })
  startsAt!: Date;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;

  @Prop({ type: String, enum: BOOST_STATUSES, default: 'active' })
  status!: BoostStatus;

  @Prop({ type: String, enum: PAYMENT_STATUSES, default: 'pending' })
  paymentStatus!: (typeof PAYMENT_STATUSES)[number];

  createdAt!: Date;
  updatedAt!: Date;
}

export const BoostSchema = SchemaFactory.createForClass(Boost);
BoostSchema.index({ pharmacyId: 1, status: 1, startsAt: 1 }, { name: 'boosts_pharmacy' });
BoostSchema.index(
  { status: 1, expiresAt: 1 },
  { name: 'boosts_running', partialFilterExpression: { status: 'active' } },
);
