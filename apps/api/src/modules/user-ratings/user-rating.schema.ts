import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** A patient's note of a professional; one per pair, replaced in place. */
@Schema({ collection: 'userratings', timestamps: true, versionKey: false })
export class UserRating {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  targetId!: Types.ObjectId;

  @Prop({ type: String, enum: ['MEDECIN', 'PHARMACIEN'], required: true })
  targetRole!: 'MEDECIN' | 'PHARMACIEN';

  /** 0 to 5, at most one decimal. */
  @Prop({ type: Number, required: true })
  note!: number;

  createdAt!: Date;
  updatedAt!: Date;
}

export const UserRatingSchema = SchemaFactory.createForClass(UserRating);
UserRatingSchema.index({ patientId: 1, targetId: 1 }, { unique: true, name: 'userratings_pair' });
UserRatingSchema.index({ targetId: 1 }, { name: 'userratings_target' });
duplicateKeyMeansRetry('userratings_pair');
