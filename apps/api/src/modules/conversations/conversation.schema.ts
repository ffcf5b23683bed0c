import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** Whom the patient talks with. */
export const CONVERSATION_TYPES = ['doctor', 'pharmacist'] as const;
export type ConversationType = (typeof CONVERSATION_TYPES)[number];

/** A patient's talk with one professional; at most one per pair. */
@Schema({ collection: 'conversations', timestamps: true, versionKey: false })
export class Conversation {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId })
  doctorId?: Types.ObjectId;

  @Prop({ type: Types.ObjectId })
  pharmacistId?: Types.ObjectId;

  @Prop({ type: String, enum: CONVERSATION_TYPES, default: 'doctor' })
  type!: ConversationType;

  /** First 100 code points of the newest message. */
  @Prop({ type: String, default: '' })
  lastMessage!: string;

  @Prop({ type: Date, required: true })
  lastMessageTime!: Date;

  @Prop({ type: Types.ObjectId })
  lastSenderId?: Types.ObjectId;

  @Prop({ type: Number, default: 0 })
  patientUnread!: number;

  @Prop({ type: Number, default: 0 })
  professionalUnread!: number;

  /** Number of messages, and `seq` of the newest one (internal). */
  @Prop({ type: Number, default: 0 })
  messageCount!: number;
}

export const ConversationSchema = SchemaFactory.createForClass(Conversation);
ConversationSchema.index(
  { patientId: 1, doctorId: 1 },
  { unique: true, name: 'conversations_doctor_pair', partialFilterExpression: { type: 'doctor' } },
);
ConversationSchema.index(
  { patientId: 1, pharmacistId: 1 },
  { unique: true, name: 'conversations_pharmacist_pair', partialFilterExpression: { type: 'pharmacist' } },
);
ConversationSchema.index({ patientId: 1, lastMessageTime: -1 }, { name: 'conversations_patient' });
ConversationSchema.index({ doctorId: 1, lastMessageTime: -1 }, { name: 'conversations_doctor' });
ConversationSchema.index({ pharmacistId: 1, lastMessageTime: -1 }, { name: 'conversations_pharmacist' });
// Two creations of one pair raced: the loser runs again and finds the conversation.
duplicateKeyMeansRetry('conversations_doctor_pair');
duplicateKeyMeansRetry('conversations_pharmacist_pair');
