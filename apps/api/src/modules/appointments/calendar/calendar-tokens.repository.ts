import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../../platform/database';
import { CalendarToken } from './calendar-token.schema';

/** Calendar tokens by owner and by hash, one for each owner. */
@Injectable()
export class CalendarTokensRepository {
  constructor(@InjectModel(CalendarToken.name) private readonly tokens: Model<CalendarToken>) {}

  private get raw() {
    return this.tokens.collection;
  }

  /** Stores the owner's token; the one before is gone. Not an update: its hash must leave the unique index. */
  async replace(tx: Tx, userId: string, tokenHash: string, now: Date): Promise<void> {
    const { session } = tx;
    const before = await this.raw.findOne({ userId: oid(userId) }, { session });
    if (before !== null) await this.raw.deleteOne({ _id: before._id }, { session });
    await this.raw.insertOne(
      { _id: newId(), userId: oid(userId), tokenHash, createdAt: now, updatedAt: now },
      { session },
    );
  }

  /** Id of the owner, or null for a hash that nobody has. */
  async ownerOf(tokenHash: string): Promise<string | null> {
    const found = await this.raw.findOne<CalendarToken>({ tokenHash });
    return found === null ? null : found.userId.toHexString();
  }

  /** Removes the owner's token; false when there was none. */
  async deleteOf(userId: string): Promise<boolean> {
    return (await this.raw.deleteOne({ userId: oid(userId) })).deletedCount > 0;
  }

  /** Removes the owner's token unless it was made after that instant. */
  async deleteMadeUntil(tx: Tx, userId: string, until: Date): Promise<void> {
    const { session } = tx;
    const found = await this.raw.findOne<CalendarToken>({ userId: oid(userId) }, { session });
    if (found !== null && found.createdAt <= until) await this.raw.deleteOne({ _id: found._id }, { session });
  }
}
