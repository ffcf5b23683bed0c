import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A message; never changed but for its marks. */
@Schema({ collection: 'messages', timestamps: true, versionKey: false })
export class Message {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  conversationId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  senderId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  receiverId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  content!: string;

  /** The server's time of acceptance; grows strictly within a conversation. */
  @Prop({ type: Date, required: true })
  timestamp!: Date;

  /**
   * Place in the conversation, 1, 2, 3 ... without gaps (internal). A page is a range of it, which costs O(page) on every
   * engine and makes totals and page numbers exact without counting.
   */
  @Prop({ type: Number, required: true })
  seq!: number;

  @Prop({ type: Boolean, default: false })
  isRead!: boolean;

  @Prop({ type: Date })
  readAt?: Date;

  @Prop({ type: Date })
  deliveredAt?: Date;

  @Prop({ type: String })
  clientMessageId?: string;

  /** clientMessageId, or the own id without one (internal): what makes a repeated send impossible. */
  @Prop({ type: String, required: true })
  sendKey!: string;
}

// On a sharded cluster: hashed conversationId. Every query and unique index here begins with it.
export const MessageSchema = SchemaFactory.createForClass(Message);
MessageSchema.index({ conversationId: 1, timestamp: -1, _id: -1 }, { name: 'messages_order' });
MessageSchema.index({ conversationId: 1, seq: 1 }, { unique: true, name: 'messages_seq' });
MessageSchema.index(
  { conversationId: 1, receiverId: 1 },
  { name: 'messages_unread', partialFilterExpression: { isRead: false } },
);
MessageSchema.index({ conversationId: 1, senderId: 1, sendKey: 1 }, { unique: true, name: 'messages_client_id' });
