import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from './driver-errors';

/**
 * How many elements a list of somebody has, by month (UTC). Derived: changed in the transaction of every change, and
 * trusted only once it is complete, which it becomes when the list is first asked for.
 */
@Schema({ collection: 'listcounts', versionKey: false, minimize: false })
export class ListCount {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  ownerId!: Types.ObjectId;

  /** Which list, e.g. `meals`. */
  @Prop({ type: String, required: true })
  list!: string;

  /** By `YYYY-MM`; a month that is absent has none. */
  @Prop({ type: Object, default: {} })
  months!: Record<string, number>;

  /** Absent while only changes are counted, and what was there before is not. */
  @Prop({ type: Boolean })
  complete?: boolean;
}

export const ListCountSchema = SchemaFactory.createForClass(ListCount);
ListCountSchema.index({ ownerId: 1, list: 1 }, { unique: true, name: 'listcounts_owner' });
duplicateKeyMeansRetry('listcounts_owner');
