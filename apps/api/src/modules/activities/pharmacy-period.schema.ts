import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/**
 * What a pharmacy did in a stretch of time, see `period.policy`. Figures of a month in any zone, and of the last 30
 * days, are sums of these: exact, and independent of how many requests there are.
 */
@Schema({ collection: 'pharmacyperiods', versionKey: false })
export class PharmacyPeriod {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  pharmacyId!: Types.ObjectId;

  /** First instant of the stretch. */
  @Prop({ type: Date, required: true })
  from!: Date;

  /** Requests received, by creation. */
  @Prop({ type: Number, default: 0 })
  received?: number;

  /** Requests accepted, by response. */
  @Prop({ type: Number, default: 0 })
  accepted?: number;

  /** Requests picked up, by pick-up. */
  @Prop({ type: Number, default: 0 })
  clients?: number;

  /** Their prices, in the deployment's currency. */
  @Prop({ type: Number, default: 0 })
  revenue?: number;

  /** Responses left to expire, by expiry. */
  @Prop({ type: Number, default: 0 })
  missed?: number;
}

export const PharmacyPeriodSchema = SchemaFactory.createForClass(PharmacyPeriod);
PharmacyPeriodSchema.index({ pharmacyId: 1, from: 1 }, { unique: true, name: 'pharmacyperiods_from' });
duplicateKeyMeansRetry('pharmacyperiods_from');
