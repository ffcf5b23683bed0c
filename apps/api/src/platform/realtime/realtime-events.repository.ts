import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Clock } from '../../common/time';
import { newId, oid, type Tx } from '../database';
import { RealtimeEvent } from './realtime-event.schema';

/** An event about to be stored. */
export interface NewRealtimeEvent {
  readonly userId: string;
  readonly name: string;
  readonly payload: object;
  /** Whom it speaks of besides the user. */
  readonly about?: string;
  /** Id of the socket that acted; null for an act over REST. */
  readonly causedBy?: string | null;
}

/** A stored event as it leaves. */
export interface StoredRealtimeEvent {
  readonly seq: number;
  readonly name: string;
  readonly payload: Record<string, unknown>;
  readonly at: Date;
  readonly causedBy: string | null;
}

type WaitingEvent = Omit<NewRealtimeEvent, 'payload'> & { readonly payload: Record<string, unknown> };

/** Told of a user's events right after the commit that stored them, in their order. */
type StoredListener = (userId: string, events: readonly StoredRealtimeEvent[]) => void;

const COUNTERS = 'usercounters';

/** The numbered events of each user. */
@Injectable()
export class RealtimeEvents {
  private readonly listeners = new Set<StoredListener>();
  private readonly waiting = new WeakMap<Tx, WaitingEvent[]>();

  constructor(
    @InjectModel(RealtimeEvent.name) private readonly events: Model<RealtimeEvent>,
    private readonly clock: Clock,
  ) {}

  private get raw() {
    return this.events.collection;
  }

  private get counters() {
    return this.events.db.collection(COUNTERS);
  }

  /**
   * Stores an event under the user's next number, in the transaction of what it tells: together with the transaction's
   * other events, right before the commit.
   */
  append(tx: Tx, { payload, ...event }: NewRealtimeEvent): void {
    // As JSON and as it is now: what is absent in a response is absent here, too.
    const snapshot = { ...event, payload: JSON.parse(JSON.stringify(payload)) as Record<string, unknown> };
    const waiting = this.waiting.get(tx);
    if (waiting !== undefined) {
      waiting.push(snapshot);
      return;
    }
    const events = [snapshot];
    this.waiting.set(tx, events);
    let stored = new Map<string, StoredRealtimeEvent[]>();
    tx.beforeCommit(async () => {
      stored = await this.store(tx, events);
    });
    tx.afterCommit(() => {
      for (const [userId, own] of stored) for (const listener of this.listeners) listener(userId, own);
    });
  }

  /** One number range for each user, one insert for all. Users in one order everywhere: transactions wait less. */
  private async store(tx: Tx, events: readonly WaitingEvent[]): Promise<Map<string, StoredRealtimeEvent[]>> {
    const at = this.clock.now();
    const documents: object[] = [];
    const stored = new Map<string, StoredRealtimeEvent[]>();
    for (const id of [...new Set(events.map(({ userId }) => userId))].sort()) {
      const own = events.filter(({ userId }) => userId === id);
      const userId = oid(id);
      const counter = await this.counters.findOneAndUpdate(
        { userId },
        { $inc: { eventSeq: own.length, unreadNotifications: 0 } },
        { upsert: true, returnDocument: 'after', session: tx.session, projection: { eventSeq: 1 } },
      );
      const last = Number(counter?.['eventSeq'] ?? own.length);
      const numbered = own.map(({ name, payload, about, causedBy }, index) => {
        const event = { seq: last - own.length + 1 + index, name, payload, at };
        documents.push({
          _id: newId(),
          userId,
          ...event,
          ...(about === undefined ? {} : { about: oid(about) }),
          ...(causedBy === undefined || causedBy === null ? {} : { causedBy }),
        });
        return { ...event, causedBy: causedBy ?? null };
      });
      stored.set(id, numbered);
    }
    await this.raw.insertMany(documents, { session: tx.session });
    return stored;
  }

  /** Calls back with the events that this process has stored, right after the commit. */
  onStored(listener: StoredListener): void {
    this.listeners.add(listener);
  }

  /** The user's events after a number, in order. */
  async after(userId: string, seq: number, limit: number): Promise<StoredRealtimeEvent[]> {
    const found = await this.raw
      .find<RealtimeEvent>({ userId: oid(userId), seq: { $gt: seq } })
      .sort({ seq: 1 })
      .limit(limit)
      .batchSize(limit)
      .toArray();
    return found.map((event) => ({
      seq: event.seq,
      name: event.name,
      payload: event.payload,
      at: event.at,
      causedBy: event.causedBy ?? null,
    }));
  }

  /** Number of the user's last event; 0 before the first. */
  async lastSeq(userId: string): Promise<number> {
    return (await this.lastSeqs([userId])).get(userId) ?? 0;
  }

  /** The same for many, in one query. */
  async lastSeqs(userIds: readonly string[]): Promise<Map<string, number>> {
    const found = await this.counters
      .find({ userId: { $in: userIds.map(oid) } }, { projection: { userId: 1, eventSeq: 1 }, batchSize: 1_000 })
      .toArray();
    return new Map(found.map((row) => [String(row['userId']), Number(row['eventSeq'] ?? 0)]));
  }

  /** Removes everything of an account. */
  async deleteOf(userId: string): Promise<void> {
    await this.raw.deleteMany({ userId: oid(userId) });
  }

  /** Removes what others were told of an account. The gap makes their next `sync` a new reading over REST. */
  async deleteAbout(userId: string): Promise<void> {
    await this.raw.deleteMany({ about: oid(userId) });
  }
}
