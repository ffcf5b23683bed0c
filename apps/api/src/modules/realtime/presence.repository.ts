import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid } from '../../platform/database';
import { Presence } from './presence.schema';

/** A user that nobody keeps alive any more. */
export interface GonePresence {
  readonly userId: string;
  readonly lastSeenAt: Date;
}

/** Which instances have sockets of whom. */
@Injectable()
export class PresenceRepository {
  constructor(@InjectModel(Presence.name) private readonly presences: Model<Presence>) {}

  private get raw() {
    return this.presences.collection;
  }

  /** This instance has a socket of the user. Returns whether somebody believed in the user before. */
  async arrive(userId: string, instance: string, now: Date, aliveUntil: Date): Promise<boolean> {
    const before = await this.raw.find<Presence>({ userId: oid(userId) }).toArray();
    const own = before.find((row) => row.instance === instance);
    if (own === undefined) await this.raw.insertOne({ _id: newId(), userId: oid(userId), instance, aliveUntil });
    else await this.raw.updateOne({ _id: own._id }, { $set: { aliveUntil }, $unset: { leftAt: 1 } });
    return before.some((row) => row.aliveUntil > now);
  }

  /** The last socket of the user has left this instance; believed in until `aliveUntil`. */
  async leave(userId: string, instance: string, leftAt: Date, aliveUntil: Date): Promise<void> {
    await this.raw.updateMany({ userId: oid(userId), instance }, { $set: { leftAt, aliveUntil } });
  }

  /** Keeps alive whom this instance has sockets of. */
  async renew(instance: string, userIds: readonly string[], aliveUntil: Date): Promise<void> {
    if (userIds.length === 0) return;
    const rows = await this.raw.find<Presence>({ instance }, { projection: { userId: 1 }, batchSize: 1_000 }).toArray();
    const wanted = new Set(userIds);
    const ids = rows.filter((row) => wanted.has(row.userId.toHexString())).map((row) => row._id);
    await this.raw.updateMany({ _id: { $in: ids } }, { $set: { aliveUntil } });
  }

  /** Removes what nobody keeps alive and answers whom that took offline; each by one instance only. */
  async sweep(now: Date): Promise<GonePresence[]> {
    const gone: GonePresence[] = [];
    for (const row of await this.raw
      .find<Presence>({ aliveUntil: { $lte: now } })
      .limit(1_000)
      .toArray()) {
      const removed = await this.raw.deleteOne({ _id: row._id });
      if (removed.deletedCount !== 1) continue;
      const others = await this.raw.find<Presence>({ userId: row.userId }).toArray();
      if (others.some((other) => other.aliveUntil > now)) continue;
      gone.push({ userId: row.userId.toHexString(), lastSeenAt: row.leftAt ?? row.aliveUntil });
    }
    return gone;
  }

  /** Of these users, those who are online. */
  async onlineAmong(userIds: readonly string[], now: Date): Promise<string[]> {
    const rows = await this.raw.find<Presence>({ userId: { $in: userIds.map(oid) } }, { batchSize: 1_000 }).toArray();
    return [...new Set(rows.filter((row) => row.aliveUntil > now).map((row) => row.userId.toHexString()))];
  }

  async deleteOf(userId: string): Promise<void> {
    await this.raw.deleteMany({ userId: oid(userId) });
  }
}
