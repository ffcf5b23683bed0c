import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ClientSession, Document } from 'mongodb';
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

/** Absent or past, as one range: an $or would not be answered by an index. */
const notAfter = (now: Date): { $not: { $gt: Date } } => ({ $not: { $gt: now } });

/** The entries of a key between the first and the last of these, by the index on key and number; null for none. */
function keyRange(entries: readonly Entry[]): { key: string; seq: { $gte: number; $lte: number } } | null {
  const [first] = entries;
  if (first === undefined) return null;
  const numbers = entries.map((entry) => entry.seq);
  return { key: first.key, seq: { $gte: Math.min(...numbers), $lte: Math.max(...numbers) } };
}

/** What closes an entry: its payload goes. */
function closing(now: Date) {
  return { $set: { doneAt: now }, $unset: { payload: 1, lockedBy: 1, lockedUntil: 1, lastError: 1 } } as const;
}

function isHeld(entry: Document, owner: string): boolean {
  return entry['lockedBy'] === owner && entry['doneAt'] === undefined;
}

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
        lockedUntil: notAfter(now),
      })
      .sort({ availableAt: 1 })
      .limit(limit)
      .lean<Entry[]>();
  }

  /**
   * Leases entries of one key, or renews the caller's own leases; returns those that the caller holds now, in the given
   * order.
   */
  async lease(entries: readonly Entry[], owner: string, now: Date, lockedUntil: Date): Promise<Entry[]> {
    const range = keyRange(entries);
    if (range === null) return [];
    const change = { $set: { lockedBy: owner, lockedUntil } };
    await this.entries.updateMany({ ...range, ...OPEN, lockedBy: owner }, change);
    await this.entries.updateMany({ ...range, ...OPEN, lockedUntil: notAfter(now) }, change);
    const held = await this.entries.find({ ...range, ...OPEN, lockedBy: owner }, { seq: 1 }).lean();
    const mine = new Set(held.map((entry) => entry.seq));
    return entries.filter((entry) => mine.has(entry.seq));
  }

  /** The entry before this number, while it is neither done nor parked nor gone; null when nothing stands in the way. */
  async openPredecessor(key: string, seq: number): Promise<{ availableAt: Date; leased: boolean } | null> {
    if (seq <= 1) return null;
    const projection = { doneAt: 1, parkedAt: 1, availableAt: 1, lockedBy: 1 };
    const before = await this.entries.findOne({ key, seq: seq - 1 }, projection).lean();
    if (before === null || before.doneAt !== undefined || before.parkedAt !== undefined) return null;
    return { availableAt: before.availableAt, leased: before.lockedBy !== undefined };
  }

  /** Entries of one key that nobody holds are not looked at again before this time. */
  async postpone(entries: readonly Entry[], availableAt: Date): Promise<void> {
    const range = keyRange(entries);
    if (range === null) return;
    await this.entries.updateMany({ ...range, ...OPEN, lockedBy: null }, { $max: { availableAt } });
  }

  /** Gives leases of one key back; the entries are due at `availableAt`, or later if they were before. */
  async giveBack(entries: readonly Entry[], owner: string, availableAt: Date): Promise<void> {
    const range = keyRange(entries);
    if (range === null) return;
    await this.entries.updateMany(
      { ...range, ...OPEN, lockedBy: owner },
      { $max: { availableAt }, $unset: { lockedBy: 1, lockedUntil: 1 } },
    );
  }

  /** Closes entries in the transaction of their delivery; false when a lease was lost or one is closed already. */
  async complete(session: ClientSession, ids: readonly ObjectId[], owner: string, now: Date): Promise<boolean> {
    const [first] = ids;
    const projection = { lockedBy: 1, doneAt: 1 };
    if (first !== undefined && ids.length === 1) {
      // Judged after the write: whoever hears false gives the whole transaction up.
      const options = { session, projection, returnDocument: 'before' } as const;
      const before = await this.entries.collection.findOneAndUpdate({ _id: first }, closing(now), options);
      return before !== null && isHeld(before, owner);
    }
    const held = await this.entries.collection.find({ _id: { $in: [...ids] } }, { projection, session }).toArray();
    if (held.length !== ids.length || !held.every((entry) => isHeld(entry, owner))) return false;
    await this.entries.collection.updateMany({ _id: { $in: [...ids] } }, closing(now), { session });
    return true;
  }

  /** Puts an entry back after a failure, or parks it. */
  async fail(
    entry: Entry,
    owner: string,
    change: { attempts: number; availableAt: Date; lastError: string; parkedAt: Date | null },
  ): Promise<void> {
    const { parkedAt, ...fields } = change;
    await this.entries.updateOne(
      { key: entry.key, seq: entry.seq, ...OPEN, lockedBy: owner },
      { $set: parkedAt === null ? fields : { ...fields, parkedAt }, $unset: { lockedBy: 1, lockedUntil: 1 } },
    );
  }

  /** Gives back everything this process still holds. */
  async release(owner: string): Promise<void> {
    await this.entries.updateMany({ lockedBy: owner, ...OPEN }, { $unset: { lockedBy: 1, lockedUntil: 1 } });
  }

  /** Empties and closes what still waits to reach an erased account, and what was parked on its way. */
  async dropAddressedTo(userId: string, now: Date): Promise<void> {
    const waiting = await this.entries.find({ doneAt: null }, { payload: 1 }).lean();
    const ids = waiting.filter(({ payload }) => payload?.['userId'] === userId).map(({ _id }) => _id);
    if (ids.length === 0) return;
    await this.entries.collection.updateMany({ _id: { $in: ids } }, closing(now));
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
