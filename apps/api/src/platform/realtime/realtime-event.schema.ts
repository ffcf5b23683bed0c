import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A durable event of one user: sockets show it now, `sync` shows it later. Kept for seven days. */
@Schema({ collection: 'realtimeevents', versionKey: false, minimize: false })
export class RealtimeEvent {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  userId!: Types.ObjectId;

  /** Grows per user without a gap. */
  @Prop({ type: Number, required: true })
  seq!: number;

  @Prop({ type: String, required: true })
  name!: string;

  /** The REST shape of the resource. */
  @Prop({ type: Object, required: true })
  payload!: Record<string, unknown>;

  @Prop({ type: Date, required: true })
  at!: Date;

  /** Whom it speaks of besides the user: erasing that account removes it. */
  @Prop({ type: Types.ObjectId })
  about?: Types.ObjectId;

  /** The socket that caused it and knows already; its other devices are told. */
  @Prop({ type: String })
  causedBy?: string;
}

// On a sharded cluster: hashed userId. Every query and unique index here begins with it.
export const RealtimeEventSchema = SchemaFactory.createForClass(RealtimeEvent);
RealtimeEventSchema.index({ userId: 1, seq: 1 }, { unique: true, name: 'realtimeevents_seq' });
RealtimeEventSchema.index({ about: 1 }, { name: 'realtimeevents_about' });
RealtimeEventSchema.index({ at: 1 }, { expireAfterSeconds: 604_800, name: 'realtimeevents_ttl' });

/** Written by the Socket.IO adapter: what instances tell each other. */
@Schema({ collection: 'socketevents', versionKey: false, strict: false })
export class SocketEvent {
  @Prop({ type: Date })
  createdAt?: Date;
}

export const SocketEventSchema = SchemaFactory.createForClass(SocketEvent);
SocketEventSchema.index({ createdAt: 1 }, { expireAfterSeconds: 3_600, name: 'socketevents_ttl' });
