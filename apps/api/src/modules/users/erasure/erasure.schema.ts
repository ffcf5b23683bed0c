import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { type Role, ROLES } from '../../../common/enums';

/** How far the erasure of an account is. Holds ids only, and stays: it says when the account was erased. */
@Schema({ collection: 'erasures', versionKey: false })
export class Erasure {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: String, enum: ROLES, required: true })
  role!: Role;

  @Prop({ type: Date, required: true })
  erasedAt!: Date;

  /** Names of the steps that are done. */
  @Prop({ type: [String], default: [] })
  done!: string[];

  @Prop({ type: Boolean, default: true })
  open!: boolean;

  @Prop({ type: Date })
  finishedAt?: Date;
}

export const ErasureSchema = SchemaFactory.createForClass(Erasure);
ErasureSchema.index({ userId: 1 }, { unique: true, name: 'erasures_user' });
ErasureSchema.index({ open: 1, erasedAt: 1 }, { name: 'erasures_open', partialFilterExpression: { open: true } });
