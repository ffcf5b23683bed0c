import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import {
  findByIdIf,
  newId,
  oid,
  readNewestWindowed,
  rewriteOne,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { Notification, type NotificationType, UserCounter } from './notification.schema';

/** A notification as stored. */
export type NotificationRecord = Notification;

/** A notification about to be stored. */
export type NewNotification = Omit<NotificationRecord, '_id' | 'createdAt' | 'updatedAt' | 'collapseKey'> & {
  readonly collapseKey?: string;
};

/** Which notifications of an account are wanted. */
export interface NotificationFilter {
  readonly unreadOnly: boolean;
  readonly types: readonly NotificationType[] | null;
}

/** A place in the order (timestamp, _id) descending; without an id only the instant counts. */
export interface NotificationCursor {
  readonly timestamp: Date;
  readonly id: string | null;
}

const DAY_MS = 86_400_000;
/** Types whose unread notifications share a key. */
const COLLAPSING: NotificationType[] = ['message', 'patient_alert'];
// A month holds a page for anybody active; whoever has less than a page in a month has little in a year.
const SPANS_DAYS = [30] as const;

// Elements of one instant are told apart here: a filter with $or would keep the embedded engine from its index.
const MAX_TIES = 100;

/** The first instant that no element at the cursor's own instant reaches. */
function afterTies(cursor: NotificationCursor): Date {
  return new Date(cursor.timestamp.getTime() + (cursor.id === null ? 0 : 1));
}

/** Strictly after the cursor in the order (timestamp, _id) descending. */
function isOlder(item: NotificationRecord, cursor: NotificationCursor): boolean {
  if (item.timestamp < cursor.timestamp) return true;
  return (
    cursor.id !== null && item.timestamp.getTime() === cursor.timestamp.getTime() && item._id.toHexString() < cursor.id
  );
}

/**
 * A filter in two parts: what an index covers together with the time, and what is judged of its matches. The embedded
 * engine would scan for one filter that holds more than an index does (decision 14).
 */
function lookupOf(userId: string, { unreadOnly, types }: NotificationFilter) {
  const [only] = types ?? [];
  const type = types === null ? {} : types.length === 1 ? { type: only } : { type: { $in: [...types] } };
  if (unreadOnly) return { keys: { userId: oid(userId), isRead: false }, rest: types === null ? null : type };
  return types?.length === 1
    ? { keys: { userId: oid(userId), ...type }, rest: null }
    : { keys: { userId: oid(userId) }, rest: types === null ? null : type };
}

/** Notifications of one account at a time, with its exact unread counter. */
@Injectable()
export class NotificationsRepository {
  private readonly windows = new WindowMemory();

  constructor(
    @InjectModel(Notification.name) private readonly notifications: Model<Notification>,
    @InjectModel(UserCounter.name) private readonly counters: Model<UserCounter>,
  ) {}

  private get raw() {
    return this.notifications.collection;
  }

  /** Stores a new one and raises the counter. */
  async insert(tx: Tx, notification: NewNotification): Promise<NotificationRecord> {
    const _id = newId();
    const record = {
      ...notification,
      _id,
      collapseKey: notification.collapseKey ?? _id.toHexString(),
      createdAt: notification.timestamp,
      updatedAt: notification.timestamp,
    };
    await this.raw.insertOne(record, { session: tx.session });
    await this.changeUnread(tx, notification.userId.toHexString(), 1);
    return record;
  }

  /** Renews the unread notification of a collapse key; null when there is none. */
  async renewCollapsed(
    tx: Tx,
    userId: string,
    collapseKey: string,
    change: { title: string; message: string; timestamp: Date; actorName?: string },
  ): Promise<NotificationRecord | null> {
    return this.raw.findOneAndUpdate(
      { userId: oid(userId), collapseKey, isRead: false },
      { $set: { ...change, body: change.message, updatedAt: change.timestamp }, $inc: { 'data.count': 1 } },
      { session: tx.session, returnDocument: 'after' },
    ) as Promise<NotificationRecord | null>;
  }

  /** Replaces the text of an unread notification whose count has just changed. */
  async rewrite(tx: Tx, id: string, message: string): Promise<void> {
    await this.raw.updateOne({ _id: oid(id) }, { $set: { message, body: message } }, { session: tx.session });
  }

  async findOwn(userId: string, id: string, tx?: Tx): Promise<NotificationRecord | null> {
    return findByIdIf<NotificationRecord>(
      this.raw,
      oid(id),
      (found) => found.userId.equals(userId),
      tx === undefined ? {} : { session: tx.session },
    );
  }

  /** Marks one as read; returns how many are unread then, null when it was read already or is not the account's. */
  async markRead(tx: Tx, userId: string, id: string, now: Date): Promise<number | null> {
    const stored = await this.findOwn(userId, id, tx);
    if (stored === null || stored.isRead) return null;
    await this.rewriteRead(tx, stored, now);
    return this.changeUnread(tx, userId, -1);
  }

  /** Marks the unread notification of a collapse key; the counter is touched even without one (see UserCounter.touched). */
  async markCollapsedRead(
    tx: Tx,
    userId: string,
    collapseKey: string,
    now: Date,
  ): Promise<{ id: string; unreadCount: number } | null> {
    const stored = await this.raw.findOne<NotificationRecord>(
      { userId: oid(userId), collapseKey, isRead: false },
      { session: tx.session },
    );
    if (stored !== null) await this.rewriteRead(tx, stored, now);
    const unreadCount = await this.changeUnread(tx, userId, stored === null ? 0 : -1);
    return stored === null ? null : { id: stored._id.toHexString(), unreadCount };
  }

  async markAllRead(tx: Tx, userId: string, now: Date): Promise<number> {
    const unread = { userId: oid(userId), isRead: false };
    const collapsing = await this.raw
      .find<NotificationRecord>({ ...unread, type: { $in: COLLAPSING } }, { session: tx.session })
      .toArray();
    for (const stored of collapsing) await this.rewriteRead(tx, stored, now);
    const rest = await this.raw.updateMany(
      unread,
      { $set: { isRead: true, readAt: now, updatedAt: now } },
      { session: tx.session },
    );
    const updated = collapsing.length + rest.modifiedCount;
    await this.changeUnread(tx, userId, -updated);
    return updated;
  }

  /** Rewritten and not updated: the next event of the key makes a new notification (see rewriteOne). */
  private async rewriteRead(tx: Tx, stored: NotificationRecord, now: Date): Promise<void> {
    await rewriteOne(
      this.raw,
      stored,
      (found) => ({ ...found, isRead: true, readAt: now, updatedAt: now }),
      tx.session,
    );
  }

  /** Returns the number after the change. */
  private async changeUnread(tx: Tx, userId: string, by: number): Promise<number> {
    const counter = await this.counters.collection.findOneAndUpdate(
      { userId: oid(userId) },
      { $inc: { unreadNotifications: by, touched: 1 } },
      { upsert: true, returnDocument: 'after', session: tx.session, projection: { unreadNotifications: 1 } },
    );
    return Number(counter?.['unreadNotifications'] ?? 0);
  }

  async unreadCount(userId: string): Promise<number> {
    const counter = await this.counters.collection.findOne<{ unreadNotifications?: number }>(
      { userId: oid(userId) },
      { projection: { unreadNotifications: 1 } },
    );
    return counter?.unreadNotifications ?? 0;
  }

  /** The newest `limit` that match, strictly older than the cursor. */
  async list(
    userId: string,
    filter: NotificationFilter,
    cursor: NotificationCursor | null,
    limit: number,
    now: Date,
  ): Promise<NotificationRecord[]> {
    // Another instance's clock may be a little ahead of this one's.
    const before = cursor === null ? new Date(now.getTime() + DAY_MS) : afterTies(cursor);
    const { keys, rest } = lookupOf(userId, filter);
    const list = `${userId}:${String(filter.unreadOnly)}:${filter.types?.join() ?? ''}`;
    const found = await readNewestWindowed({
      before,
      limit: limit + (cursor?.id === undefined || cursor.id === null ? 0 : MAX_TIES),
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      read: (window, count) =>
        this.raw
          .aggregate<NotificationRecord>(
            [
              { $match: { ...keys, timestamp: windowFilter(window) } },
              ...(rest === null ? [] : [{ $match: rest }]),
              { $sort: { timestamp: -1, _id: -1 } },
              { $limit: count },
            ],
            { batchSize: count },
          )
          .toArray(),
    });
    const page = found.filter((item) => cursor === null || isOlder(item, cursor)).slice(0, limit);
    const oldest = page.at(-1);
    if (oldest !== undefined && page.length === limit) this.windows.remember(list, before, oldest.timestamp);
    return page;
  }

  /** Removes everything of an erased account, its counters included. */
  async deleteOf(userId: string): Promise<void> {
    await this.raw.deleteMany({ userId: oid(userId) });
    await this.counters.collection.deleteMany({ userId: oid(userId) });
  }

  /** Replaces the name of an account in what others were told of it. */
  async renameActor(actorId: string, name: string): Promise<void> {
    for await (const told of this.raw.find<NotificationRecord>({ actorId: oid(actorId) })) {
      const { actorName } = told;
      if (actorName === undefined || actorName === name) continue;
      const [title, message, body] = [told.title, told.message, told.body].map((text) =>
        text.replaceAll(actorName, name),
      );
      await this.raw.updateOne({ _id: told._id }, { $set: { title, message, body, actorName: name } });
    }
  }

  /** All notifications of an account, oldest first, one at a time. */
  allOf(userId: string): AsyncIterable<NotificationRecord> {
    return this.raw.find<NotificationRecord>({ userId: oid(userId) }).sort({ timestamp: 1, _id: 1 });
  }

  /** Ids and owners of notifications older than the retention, at most `limit`. */
  async expired(before: Date, limit: number): Promise<Pick<NotificationRecord, '_id' | 'userId' | 'isRead'>[]> {
    return this.notifications
      .find({ timestamp: { $lt: before } }, { userId: 1, isRead: 1 })
      .limit(limit)
      .lean();
  }

  /** Removes one that has outlived the retention, and its share of the counter. */
  async removeExpired(tx: Tx, id: string, userId: string): Promise<void> {
    const removed = await this.raw.findOneAndDelete({ _id: oid(id), userId: oid(userId) }, { session: tx.session });
    if (removed !== null && removed['isRead'] === false) await this.changeUnread(tx, userId, -1);
  }

  /** Accounts whose unread counter is not the number of their unread notifications. */
  async counterDifferences(): Promise<{ owner: string; stored: number; counted: number }[]> {
    const counted = await this.notifications.aggregate<{ _id: Notification['userId']; n: number }>([
      { $match: { isRead: false } },
      { $group: { _id: '$userId', n: { $sum: 1 } } },
    ]);
    const byOwner = new Map(counted.map((row) => [row._id.toHexString(), row.n]));
    const stored = new Map(
      (await this.counters.find({}, { userId: 1, unreadNotifications: 1 }).lean()).map((row) => [
        row.userId.toHexString(),
        row.unreadNotifications,
      ]),
    );
    return [...new Set([...byOwner.keys(), ...stored.keys()])]
      .map((owner) => ({ owner, stored: stored.get(owner) ?? 0, counted: byOwner.get(owner) ?? 0 }))
      .filter((row) => row.stored !== row.counted);
  }
}
