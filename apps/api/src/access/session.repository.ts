import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { ChangeWatch, newId, oid, type Tx } from '../platform/database';
import type { Logger } from '../platform/logging';
import { Session } from './session.schema';

/** What the guard needs of a session. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly authenticatedAt: Date;
  readonly lastActivityAt: Date;
  /** The earlier of the moving and the absolute end. */
  readonly endsAt: Date;
}

/** The session fields that routes show. */
export type SessionRecord = Pick<
  Session,
  | '_id'
  | 'userId'
  | 'deviceInfo'
  | 'ipAddress'
  | 'lastActivityAt'
  | 'createdAt'
  | 'expiresAt'
  | 'rotation'
  | 'rotatedAt'
  | 'authenticatedAt'
  | 'absoluteExpiresAt'
>;

/** A session about to be stored. */
export type NewSession = Omit<Session, '_id' | 'createdAt' | 'updatedAt' | 'endedReason' | 'rotatedAt' | 'userId'> & {
  readonly userId: string;
};

const ENDS = { expiresAt: 1, absoluteExpiresAt: 1 } as const;

function byId(a: Pick<Session, '_id'>, b: Pick<Session, '_id'>): number {
  return a._id.toHexString() < b._id.toHexString() ? -1 : 1;
}

/** Latest activity first, then the higher id. */
function byActivity(a: SessionRecord, b: SessionRecord): number {
  return b.lastActivityAt.getTime() - a.lastActivityAt.getTime() || byId(b, a);
}

/** Sessions by conditional updates: ending one twice changes nothing the second time. */
@Injectable()
export class SessionRepository {
  constructor(@InjectModel(Session.name) private readonly sessions: Model<Session>) {}

  async insert(tx: Tx, session: NewSession, now: Date): Promise<string> {
    const _id = newId();
    await this.sessions.collection.insertOne(
      { ...session, _id, userId: oid(session.userId), createdAt: now, updatedAt: now },
      { session: tx.session },
    );
    return _id.toHexString();
  }

  /** The session if it is alive at `now`. */
  async findLive(id: string, now: Date): Promise<LiveSession | null> {
    const found = await this.sessions.collection.findOne<Session>(
      { _id: oid(id) },
      {
        projection: {
          userId: 1,
          authenticatedAt: 1,
          lastActivityAt: 1,
          expiresAt: 1,
          absoluteExpiresAt: 1,
          isActive: 1,
        },
      },
    );
    if (found === null || !found.isActive || found.expiresAt <= now || found.absoluteExpiresAt <= now) return null;
    return {
      id,
      userId: found.userId.toHexString(),
      authenticatedAt: found.authenticatedAt,
      lastActivityAt: found.lastActivityAt,
      endsAt: found.expiresAt < found.absoluteExpiresAt ? found.expiresAt : found.absoluteExpiresAt,
    };
  }

  /** Of these sessions, those that are alive; in one query. */
  async aliveAmong(ids: readonly string[], now: Date): Promise<Set<string>> {
    const found = await this.sessions.collection
      .find<Session>(
        { _id: { $in: ids.map(oid) } },
        { projection: { isActive: 1, expiresAt: 1, absoluteExpiresAt: 1 }, batchSize: 1_000 },
      )
      .toArray();
    const alive = found.filter((row) => row.isActive && row.expiresAt > now && row.absoluteExpiresAt > now);
    return new Set(alive.map((row) => row._id.toHexString()));
  }

  /** Why a session ended; null when it has not, or is not stored any more. */
  async endedReason(id: string): Promise<string | null> {
    const row = await this.sessions.collection.findOne<Session>({ _id: oid(id) }, { projection: { endedReason: 1 } });
    return row?.endedReason ?? null;
  }

  async touch(id: string, now: Date): Promise<void> {
    await this.sessions.collection.updateOne({ _id: oid(id) }, { $set: { lastActivityAt: now } });
  }

  /** A user's active sessions, latest activity first. */
  async listActive(userId: string, now: Date, limit: number): Promise<SessionRecord[]> {
    const alive = await this.alive<SessionRecord>(userId, now, {});
    return alive.sort(byActivity).slice(0, limit);
  }

  async countActive(userId: string, now: Date): Promise<number> {
    return (await this.alive(userId, now, ENDS)).length;
  }

  /** Ids of the active sessions, first created first; in the transaction that opens another. */
  async activeIdsByAge(tx: Tx, userId: string, now: Date): Promise<string[]> {
    const found = await this.active<Pick<Session, '_id' | 'createdAt' | 'expiresAt'>>(
      userId,
      { createdAt: 1, ...ENDS },
      tx,
    );
    return found
      .filter((session) => session.expiresAt > now)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || byId(a, b))
      .map((session) => session._id.toHexString());
  }

  private async alive<T extends Pick<Session, 'expiresAt' | 'absoluteExpiresAt'>>(
    userId: string,
    now: Date,
    projection: Readonly<Record<string, 1>>,
  ): Promise<T[]> {
    const found = await this.active<T>(userId, projection);
    return found.filter((session) => session.expiresAt > now && session.absoluteExpiresAt > now);
  }

  /** What an index covers: a handful of sessions, judged by the caller; a filter of more would scan (decision 14). */
  private async active<T>(userId: string, projection: Readonly<Record<string, 1>>, tx?: Tx): Promise<T[]> {
    return this.sessions.collection
      .find(
        { userId: oid(userId), isActive: true },
        { projection, ...(tx === undefined ? {} : { session: tx.session }) },
      )
      .toArray() as Promise<T[]>;
  }

  /** Ends sessions by id; returns those that were active. */
  async end(ids: readonly string[], userId: string, reason: string, now: Date, tx?: Tx): Promise<string[]> {
    const filter = { _id: { $in: ids.map(oid) }, userId: oid(userId), isActive: true };
    return this.endMatching(filter, reason, now, tx);
  }

  /** Ends all active sessions of a user; returns their ids. */
  async endAll(userId: string, reason: string, now: Date, tx?: Tx): Promise<string[]> {
    return this.endMatching({ userId: oid(userId), isActive: true }, reason, now, tx);
  }

  private async endMatching(filter: Record<string, unknown>, reason: string, now: Date, tx?: Tx): Promise<string[]> {
    const options = tx === undefined ? {} : { session: tx.session };
    const active = await this.sessions.find(filter, { _id: 1, expiresAt: 1 }, options).lean();
    const ended: string[] = [];
    for (const session of active) {
      const result = await this.sessions.updateOne(
        { _id: session._id, isActive: true },
        { $set: { isActive: false, endedReason: reason, updatedAt: now } },
        options,
      );
      // An expired one that the database has not removed yet ends without being counted.
      if (result.modifiedCount === 1 && session.expiresAt > now) ended.push(session._id.toHexString());
    }
    return ended;
  }

  /** Removes every session document of an account. */
  async deleteOf(userId: string): Promise<void> {
    await this.sessions.collection.deleteMany({ userId: oid(userId) });
  }

  /** All sessions of an account that are still stored, first created first, one at a time. */
  allOf(userId: string): AsyncIterable<Session> {
    return this.sessions.collection.find<Session>({ userId: oid(userId) }).sort({ createdAt: 1, _id: 1 });
  }

  async findForRefresh(id: string): Promise<(SessionRecord & { isActive: boolean }) | null> {
    return this.sessions.findById(oid(id)).lean<SessionRecord & { isActive: boolean }>();
  }

  /** Moves to the next refresh token if the session is still at `from`; false when another refresh won. */
  async rotate(
    id: string,
    from: number,
    change: { rotatedAt: Date; expiresAt: Date; lastActivityAt: Date },
  ): Promise<boolean> {
    const result = await this.sessions.updateOne(
      { _id: oid(id), isActive: true, rotation: from },
      { $set: change, $inc: { rotation: 1 } },
    );
    return result.modifiedCount === 1;
  }

  /** Ids of sessions that end, wherever that happens. @param missed endings may have been missed */
  watchEnded(ended: (id: string) => void, missed: () => void, logger: Logger): ChangeWatch {
    const ending = [
      { operationType: 'update', 'updateDescription.updatedFields.isActive': false },
      { operationType: 'delete' },
    ];
    return new ChangeWatch(
      { collection: this.sessions.collection, pipeline: [{ $match: { $or: ending } }], changed: ended, missed },
      logger,
    );
  }
}
