import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { UserType } from '../../../common/enums';
import { findByIdIf, newId, oid, type Tx } from '../../../platform/database';
import { DeviceToken } from './device-token.schema';

/** A device as it registers. */
export interface Registration {
  readonly userId: string;
  readonly userType: UserType;
  readonly sessionId: string;
  readonly token: string;
}

/** Devices of accounts. A token belongs to one account at a time. */
@Injectable()
export class DeviceTokensRepository {
  constructor(@InjectModel(DeviceToken.name) private readonly devices: Model<DeviceToken>) {}

  private get raw() {
    return this.devices.collection;
  }

  /**
   * Stores the token or renews its registration. One of another account is taken from it and gets a new id, so that a
   * push that is on its way to the old owner does not reach the new one.
   */
  async register(tx: Tx, registration: Registration, now: Date): Promise<void> {
    const { token, userType } = registration;
    const [userId, sessionId] = [oid(registration.userId), oid(registration.sessionId)];
    const { session } = tx;
    const tokenHash = hashOf(token);
    const stored = await this.raw.findOne<DeviceToken>({ tokenHash }, { session });
    if (stored !== null && stored.userId.equals(userId)) {
      const renewed = { sessionId, userType, lastUsedAt: now, updatedAt: now };
      await this.raw.updateOne({ _id: stored._id }, { $set: renewed }, { session });
      return;
    }
    if (stored !== null) await this.raw.deleteOne({ _id: stored._id }, { session });
    const times = { lastUsedAt: now, createdAt: now, updatedAt: now };
    await this.raw.insertOne({ _id: newId(), userId, sessionId, token, tokenHash, userType, ...times }, { session });
  }

  /** Removes what an account has beyond `max` devices, those first that registered longest ago. */
  async removeSurplus(tx: Tx, userId: string, max: number): Promise<void> {
    const { session } = tx;
    const all = await this.raw
      .find<Pick<DeviceToken, '_id'>>({ userId: oid(userId) }, { session, projection: { _id: 1 } })
      .sort({ lastUsedAt: 1 })
      .toArray();
    for (const { _id } of all.slice(0, Math.max(0, all.length - max))) await this.raw.deleteOne({ _id }, { session });
  }

  /** Removes the account's own token; one of another account stays. */
  async remove(userId: string, token: string): Promise<void> {
    await this.raw.deleteOne({ tokenHash: hashOf(token), userId: oid(userId) });
  }

  /** Removes a device that can no longer be reached. */
  async removeById(id: string): Promise<void> {
    await this.raw.deleteOne({ _id: oid(id) });
  }

  /** Removes the devices that these sessions registered. */
  async removeOfSessions(tx: Tx, sessionIds: readonly string[]): Promise<void> {
    await this.raw.deleteMany({ sessionId: { $in: sessionIds.map(oid) } }, { session: tx.session });
  }

  /** The token of a device, unless it is gone or belongs to somebody else by now. */
  async tokenOf(userId: string, id: string): Promise<string | null> {
    const device = await findByIdIf<DeviceToken>(this.raw, oid(id), (found) => found.userId.equals(userId));
    return device?.token ?? null;
  }

  /** Ids of the account's devices. */
  async idsOf(userId: string): Promise<string[]> {
    const devices = await this.raw
      .find<Pick<DeviceToken, '_id'>>({ userId: oid(userId) }, { projection: { _id: 1 } })
      .toArray();
    return devices.map(({ _id }) => _id.toHexString());
  }

  async deleteOf(userId: string): Promise<void> {
    await this.raw.deleteMany({ userId: oid(userId) });
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
