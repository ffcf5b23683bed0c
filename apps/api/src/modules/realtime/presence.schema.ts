import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** That an instance has sockets of a user; kept alive by the instance, so that a crash of it is noticed. */
@Schema({ collection: 'presences', versionKey: false })
export class Presence {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  instance!: string;

  /** Not believed after this. */
  @Prop({ type: Date, required: true })
  aliveUntil!: Date;

  /** When the last socket left; absent while there is one. */
  @Prop({ type: Date })
  leftAt?: Date;
}

export const PresenceSchema = SchemaFactory.createForClass(Presence);
PresenceSchema.index({ userId: 1, instance: 1 }, { name: 'presences_user' });
PresenceSchema.index({ instance: 1 }, { name: 'presences_instance' });
PresenceSchema.index({ aliveUntil: 1 }, { name: 'presences_alive' });
