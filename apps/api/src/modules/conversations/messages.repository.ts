import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, newId, oid, readNewestWindowed, type Tx, windowFilter } from '../../platform/database';
import type { ConversationRecord } from './conversations.repository';
import { Message } from './message.schema';

/** A message as stored. */
export type MessageRecord = Message;

const SPANS_DAYS = [1, 30, 365] as const;

/** Messages of one conversation at a time; the caller has been found to take part in it. */
@Injectable()
export class MessagesRepository {
  constructor(@InjectModel(Message.name) private readonly messages: Model<Message>) {}

  private get raw() {
    return this.messages.collection;
  }

  /** Stores a message at its place. @throws duplicate key `messages_client_id` */
  async insert(
    tx: Tx,
    message: {
      conversationId: string;
      senderId: string;
      receiverId: string;
      content: string;
      seq: number;
      timestamp: Date;
      clientMessageId: string | null;
    },
  ): Promise<MessageRecord> {
    const { conversationId, senderId, receiverId, clientMessageId, ...rest } = message;
    const _id = newId();
    const record: MessageRecord = {
      _id,
      sendKey: clientMessageId ?? _id.toHexString(),
      conversationId: oid(conversationId),
      senderId: oid(senderId),
      receiverId: oid(receiverId),
      ...rest,
      isRead: false,
      ...(clientMessageId === null ? {} : { clientMessageId }),
      createdAt: message.timestamp,
      updatedAt: message.timestamp,
    };
    await this.raw.insertOne({ ...record }, { session: tx.session });
    return record;
  }

  async findByClientId(
    conversationId: string,
    senderId: string,
    clientMessageId: string,
  ): Promise<MessageRecord | null> {
    return this.raw.findOne<MessageRecord>({
      conversationId: oid(conversationId),
      senderId: oid(senderId),
      sendKey: clientMessageId,
    });
  }

  async findIn(conversationId: string, id: string, tx?: Tx): Promise<MessageRecord | null> {
    const options = tx === undefined ? {} : { session: tx.session };
    return findByIdIf<MessageRecord>(
      this.raw,
      oid(id),
      (found) => found.conversationId.equals(conversationId),
      options,
    );
  }

  /** The messages with `after < seq <= upTo`, ascending. */
  async range(conversationId: string, after: number, upTo: number): Promise<MessageRecord[]> {
    if (upTo <= after) return [];
    return this.raw
      .find<MessageRecord>({ conversationId: oid(conversationId), seq: { $gt: after, $lte: upTo } })
      .sort({ seq: 1 })
      .toArray();
  }

  /** `seq` of the newest message strictly before an instant; 0 when there is none. */
  async seqBefore(conversation: ConversationRecord, instant: Date): Promise<number> {
    const newest = await readNewestWindowed({
      before:
        instant < conversation.lastMessageTime
          ? instant
          : new Date(Math.min(instant.getTime(), conversation.lastMessageTime.getTime() + 1)),
      limit: 1,
      spansDays: SPANS_DAYS,
      notBefore: conversation.createdAt,
      read: (window, limit) =>
        this.raw
          .find<Pick<MessageRecord, 'seq'>>(
            { conversationId: conversation._id, timestamp: windowFilter(window) },
            { projection: { seq: 1 } },
          )
          .sort({ timestamp: -1, _id: -1 })
          .limit(limit)
          .toArray(),
    });
    return newest[0]?.seq ?? 0;
  }

  /** Marks those of the messages that are the receiver's and not delivered yet; returns what they were. */
  async markDelivered(
    tx: Tx,
    { conversationId, receiverId }: { readonly conversationId: string; readonly receiverId: string },
    ids: readonly MessageRecord['_id'][],
    now: Date,
  ): Promise<Pick<MessageRecord, '_id' | 'senderId'>[]> {
    const projection = { conversationId: 1, senderId: 1, receiverId: 1, deliveredAt: 1 };
    const stored = await this.raw
      .find<MessageRecord>({ _id: { $in: [...ids] } }, { projection, session: tx.session })
      .toArray();
    const fresh = stored.filter(
      (message) =>
        message.deliveredAt === undefined &&
        message.receiverId.equals(receiverId) &&
        message.conversationId.equals(conversationId),
    );
    if (fresh.length === 0) return [];
    const change = { $set: { deliveredAt: now, updatedAt: now } };
    await this.raw.updateMany({ _id: { $in: fresh.map(({ _id }) => _id) } }, change, { session: tx.session });
    return fresh;
  }

  /** Marks everything addressed to the caller as read (and delivered); returns how many changed. */
  async markRead(tx: Tx, conversationId: string, receiverId: string, now: Date): Promise<number> {
    const result = await this.raw.updateMany(
      { conversationId: oid(conversationId), receiverId: oid(receiverId), isRead: false },
      [{ $set: { isRead: true, readAt: now, updatedAt: now, deliveredAt: { $ifNull: ['$deliveredAt', now] } } }],
      { session: tx.session },
    );
    return result.modifiedCount;
  }

  /** All messages of a conversation, the first one first, one at a time. */
  allIn(conversationId: string): AsyncIterable<MessageRecord> {
    return this.raw.find<MessageRecord>({ conversationId: oid(conversationId) }).sort({ timestamp: 1, _id: 1 });
  }

  /** Unread messages by conversation and receiver; for the check of counters. */
  async unreadByReceiver(): Promise<Map<string, number>> {
    const rows = await this.messages.aggregate<{
      _id: { c: Message['conversationId']; r: Message['receiverId'] };
      n: number;
    }>([
      { $match: { isRead: false } },
      { $group: { _id: { c: '$conversationId', r: '$receiverId' }, n: { $sum: 1 } } },
    ]);
    return new Map(rows.map((row) => [`${row._id.c.toHexString()}:${row._id.r.toHexString()}`, row.n]));
  }
}
