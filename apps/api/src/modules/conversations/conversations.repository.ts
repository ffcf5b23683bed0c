import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import { Clock } from '../../common/time';
import {
  findByIdIf,
  newId,
  oid,
  readNewestWindowed,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { Conversation } from './conversation.schema';

/** A conversation as stored. */
export type ConversationRecord = Conversation;

/** The two people of a conversation. */
export type Pair = { readonly patientId: string } & ({ readonly doctorId: string } | { readonly pharmacistId: string });

/** The place that a new message took. */
export interface MessagePlace {
  readonly seq: number;
  readonly timestamp: Date;
}

function pairFilter(pair: Pair) {
  const patientId = oid(pair.patientId);
  return 'doctorId' in pair
    ? { patientId, doctorId: oid(pair.doctorId), type: 'doctor' as const }
    : { patientId, pharmacistId: oid(pair.pharmacistId), type: 'pharmacist' as const };
}

function sessionOf(tx: Tx | undefined) {
  return tx === undefined ? {} : { session: tx.session };
}

// A list is read whole until it turns out to be longer than its cap: most have less, and one query is enough for them.
const SPANS_DAYS = [] as const;
const DAY_MS = 86_400_000;

/** Conversations, by pair or by a party. */
@Injectable()
export class ConversationsRepository {
  private readonly windows = new WindowMemory();

  constructor(
    @InjectModel(Conversation.name) private readonly conversations: Model<Conversation>,
    private readonly clock: Clock,
  ) {}

  private get raw() {
    return this.conversations.collection;
  }

  async findPair(pair: Pair, tx?: Tx): Promise<ConversationRecord | null> {
    return this.raw.findOne<ConversationRecord>(pairFilter(pair), sessionOf(tx));
  }

  /** The conversation if the caller takes part in it. */
  async findAsParty(scope: PartyScope, id: string): Promise<ConversationRecord | null> {
    return findByIdIf<ConversationRecord>(
      this.raw,
      oid(id),
      (found) => found[scope.side]?.equals(scope.userId) === true,
    );
  }

  /** By id, for what the system tells its parties. */
  async findById(id: string): Promise<ConversationRecord | null> {
    return this.raw.findOne<ConversationRecord>({ _id: oid(id) });
  }

  /** A party's conversations, newest message first. */
  async listAsParty(scope: PartyScope, limit: number): Promise<ConversationRecord[]> {
    // Another instance's clock may be a little ahead of this one's.
    const before = new Date(this.clock.now().getTime() + DAY_MS);
    const found = await readNewestWindowed({
      before,
      limit,
      spansDays: this.windows.spansDays(scope.userId, SPANS_DAYS),
      read: (window, count) =>
        this.raw
          .find<ConversationRecord>({ [scope.side]: oid(scope.userId), lastMessageTime: windowFilter(window) })
          .sort({ lastMessageTime: -1, _id: -1 })
          .limit(count)
          // The whole list in the first batch: the default of 101 would cost a second round trip.
          .batchSize(count)
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit)
      this.windows.remember(scope.userId, before, oldest.lastMessageTime);
    return found;
  }

  async insert(tx: Tx, pair: Pair, now: Date): Promise<ConversationRecord> {
    const record: ConversationRecord = {
      _id: newId(),
      ...pairFilter(pair),
      lastMessage: '',
      lastMessageTime: now,
      patientUnread: 0,
      professionalUnread: 0,
      messageCount: 0,
      createdAt: now,
      updatedAt: now,
    };
    await this.raw.insertOne({ ...record }, { session: tx.session });
    return record;
  }

  /**
   * Takes the next place for a message and raises the receiver's counter, in one atomic step. Timestamps grow strictly,
   * so that the order (timestamp, _id) is the order of `seq` even when two instances' clocks differ.
   */
  async takePlace(
    tx: Tx,
    id: string,
    message: { preview: string; senderId: string; toPatient: boolean; now: Date },
  ): Promise<MessagePlace | null> {
    const counter = message.toPatient ? 'patientUnread' : 'professionalUnread';
    const count = { $ifNull: ['$messageCount', 0] };
    const updated = await this.raw.findOneAndUpdate(
      { _id: oid(id) },
      [
        {
          $set: {
            messageCount: { $add: [count, 1] },
            lastMessageTime: {
              $cond: [
                { $gt: [count, 0] },
                {
                  $max: [message.now, { $dateAdd: { startDate: '$lastMessageTime', unit: 'millisecond', amount: 1 } }],
                },
                message.now,
              ],
            },
            lastMessage: { $literal: message.preview },
            lastSenderId: oid(message.senderId),
            [counter]: { $add: [{ $ifNull: [`$${counter}`, 0] }, 1] },
            updatedAt: message.now,
          },
        },
      ],
      { returnDocument: 'after', session: tx.session, projection: { messageCount: 1, lastMessageTime: 1 } },
    );
    return updated === null
      ? null
      : { seq: Number(updated['messageCount']), timestamp: updated['lastMessageTime'] as Date };
  }

  /** Sets the caller's unread counter to 0: in the transaction that marks everything as read. */
  async clearUnread(tx: Tx, scope: PartyScope, id: string): Promise<void> {
    const counter = scope.side === 'patientId' ? 'patientUnread' : 'professionalUnread';
    await this.raw.updateOne(
      { _id: oid(id) },
      { $set: { [counter]: 0 }, $inc: { readMarks: 1 } },
      { session: tx.session },
    );
  }

  /** All conversations of a party, the oldest first, one at a time. */
  allOf(scope: PartyScope): AsyncIterable<ConversationRecord> {
    return this.raw.find<ConversationRecord>({ [scope.side]: oid(scope.userId) }).sort({ createdAt: 1, _id: 1 });
  }

  /** Every conversation's counters; for their check. */
  async counters(): Promise<
    Pick<
      ConversationRecord,
      '_id' | 'patientId' | 'doctorId' | 'pharmacistId' | 'patientUnread' | 'professionalUnread'
    >[]
  > {
    return this.conversations
      .find({}, { patientId: 1, doctorId: 1, pharmacistId: 1, patientUnread: 1, professionalUnread: 1 })
      .lean();
  }
}
