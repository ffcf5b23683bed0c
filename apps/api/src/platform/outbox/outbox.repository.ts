import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';
import { newId, type ObjectId } from '../database/object-id';
import type { OutboxEvent } from '../database/outbox-writer';
import { OutboxEntry, OutboxKey } from './outbox.schema';

/** An entry as the dispatcher handles it. */
export type Entry = Pick<
  OutboxEntry,
  '_id' | 'topic' | 'key' | 'seq' | 'availableAt' | 'attempts' | 'createdAt' | 'lockedUntil'
> & {
  readonly payload: Record<string, unknown>;
};

// Absent fields are matched as null: the embedded engine uses no index for $exists.
const OPEN = { doneAt: null, parkedAt: null } as const;

/** Storage of the outbox. Entries change hands by conditional updates only. */
@Injectable()
export class OutboxRepository {
  constructor(
    @InjectModel(OutboxEntry.name) private readonly entries: Model<OutboxEntry>,
    @InjectModel(OutboxKey.name) private readonly keys: Model<OutboxKey>,
  ) {}

  /** Inserts the events in the transaction, numbered per key and leased to their writer from birth. */
  async append(
    session: ClientSession,
    events: readonly OutboxEvent[],
    owner: string,
    now: Date,
    lockedUntil: Date,
  ): Promise<Entry[]> {
    const fresh = await this.withoutRepeats(session, events);
    const byKey = new Map<string, OutboxEvent[]>();
    for (const event of fresh) byKey.set(event.key, [...(byKey.get(event.key) ?? []), event]);
    const documents: (Entry & { lockedBy: string; dedupeKey: string })[] = [];
    for (const [key, group] of byKey) {
      const counter = await this.keys.collection.findOneAndUpdate(
        { key },
        { $inc: { seq: group.length } },
        { upsert: true, returnDocument: 'after', session, projection: { seq: 1 } },
      );
      const last = (counter as { seq: number } | null)?.seq ?? group.length;
      group.forEach((event, index) => {
        const _id = newId();
        documents.push({
          _id,
          dedupeKey: event.dedupeKey ?? _id.toHexString(),
          topic: event.topic,
          key,
          seq: last - group.length + 1 + index,
          payload: { ...event.payload },
          availableAt: event.availableAt ?? now,
          attempts: 0,
          createdAt: now,
          lockedBy: owner,
          lockedUntil,
        });
      });
    }
    if (documents.length > 0) await this.entries.collection.insertMany(documents, { session });
    return documents;
  }

  private async withoutRepeats(
    session: ClientSession,
    events: readonly OutboxEvent[],
  ): Promise<readonly OutboxEvent[]> {
    const wanted = events.map((event) => event.dedupeKey).filter((key): key is string => key !== undefined);
    if (wanted.length === 0) return events;
    const stored = await this.entries.find({ dedupeKey: { $in: wanted } }, { dedupeKey: 1 }, { session }).lean();
    const known = new Set(stored.map((entry) => entry.dedupeKey));
    return events.filter((event) => event.dedupeKey === undefined || !known.has(event.dedupeKey));
  }

  /** Open entries that are due and leased to nobody, oldest first. */
  async due(now: Date, limit: number): Promise<Entry[]> {
    return this.entries
      .find({
        ...OPEN,
        availableAt: { $lte: now },
        $or: [{ lockedUntil: { $exists: false } }, { lockedUntil: { $lte: now } }],
      })
      .sort({ availableAt: 1 })
      .limit(limit)
      .lean<Entry[]>();
  }

  /** Leases one entry, or renews the caller's own lease; false when somebody else holds it or it is closed. */
  async lease(id: ObjectId, owner: string, now: Date, lockedUntil: Date): Promise<boolean> {
    const result = await this.entries.updateOne(
      {
        _id: id,
        ...OPEN,
        $or: [{ lockedUntil: { $exists: false } }, { lockedUntil: { $lte: now } }, { lockedBy: owner }],
      },
      { $set: { lockedBy: owner, lockedUntil } },
    );
    return result.matchedCount === 1;
  }

  /** May the entry with this number be delivered: is its predecessor done, parked or gone? */
  async predecessorClosed(key: string, seq: number): Promise<boolean> {
    if (seq <= 1) return true;
    const before = await this.entries.findOne({ key, seq: seq - 1 }, { doneAt: 1, parkedAt: 1 }).lean();
    return before === null || before.doneAt !== undefined || before.parkedAt !== undefined;
  }

  /**
   * Closes entries in the transaction of their delivery; false when a lease was lost.
   * @param owner null when the leases last beyond the transaction, so that nobody else can hold the entries
   */
  async complete(session: ClientSession, ids: readonly ObjectId[], owner: string | null, now: Date): Promise<boolean> {
    if (owner !== null && !(await this.holds(session, ids, owner))) return false;
    await this.entries.collection.updateMany(
      { _id: { $in: [...ids] } },
      { $set: { doneAt: now }, $unset: { payload: 1, lockedBy: 1, lockedUntil: 1, lastError: 1 } },
      { session },
    );
    return true;
  }

  private async holds(session: ClientSession, ids: readonly ObjectId[], owner: string): Promise<boolean> {
    const projection = { lockedBy: 1, doneAt: 1 };
    const held = await this.entries.collection.find({ _id: { $in: [...ids] } }, { projection, session }).toArray();
    return (
      held.length === ids.length && held.every((entry) => entry['lockedBy'] === owner && entry['doneAt'] === undefined)
    );
  }

  /** Puts an entry back after a failure, or parks it. */
  async fail(
    id: ObjectId,
    owner: string,
    change: { attempts: number; availableAt: Date; lastError: string; parkedAt: Date | null },
  ): Promise<void> {
    const { parkedAt, ...fields } = change;
    await this.entries.updateOne(
      { _id: id, lockedBy: owner, ...OPEN },
      { $set: parkedAt === null ? fields : { ...fields, parkedAt }, $unset: { lockedBy: 1, lockedUntil: 1 } },
    );
  }

  /** Gives back everything this process still holds. */
  async release(owner: string): Promise<void> {
    await this.entries.updateMany({ lockedBy: owner, ...OPEN }, { $unset: { lockedBy: 1, lockedUntil: 1 } });
  }

  /** Number of open entries and the creation time of the oldest that is due. */
  async backlog(now: Date): Promise<{ pending: number; oldestDueAt: Date | null }> {
    const [pending, oldest] = await Promise.all([
      this.entries.countDocuments(OPEN),
      this.entries
        .findOne({ ...OPEN, availableAt: { $lte: now } }, { availableAt: 1 })
        .sort({ availableAt: 1 })
        .lean(),
    ]);
    return { pending, oldestDueAt: oldest?.availableAt ?? null };
  }
}
