import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../../platform/database';
import { CalendarToken } from './calendar-token.schema';

/** Tokens of calendar feeds; only their hashes are stored. */
@Injectable()
export class CalendarTokens {
  constructor(@InjectModel(CalendarToken.name) private readonly tokens: Model<CalendarToken>) {}

  private get raw() {
    return this.tokens.collection;
  }

  /** Puts a token in the place of the account's present one. */
  async replace(tx: Tx, userId: string, token: string, now: Date): Promise<void> {
    await this.remove(userId, tx);
    const document = { _id: newId(), userId: oid(userId), tokenHash: hashOf(token), createdAt: now, updatedAt: now };
    await this.raw.insertOne(document, { session: tx.session });
  }

  /** Removes the account's token; false without one. */
  async remove(userId: string, tx?: Tx): Promise<boolean> {
    const options = tx === undefined ? {} : { session: tx.session };
    return (await this.raw.deleteOne({ userId: oid(userId) }, options)).deletedCount === 1;
  }

  /** Removes the account's token unless it was made after that instant. */
  async removeMadeUntil(userId: string, until: Date, { session }: Tx): Promise<void> {
    const found = await this.raw.findOne<CalendarToken>({ userId: oid(userId) }, { session });
    if (found !== null && found.createdAt <= until) await this.raw.deleteOne({ _id: found._id }, { session });
  }

  /** Whose token it is, and its hash, by which its reads are counted; null for an unknown one. */
  async find(token: string): Promise<{ userId: string; tokenHash: string } | null> {
    const found = await this.raw.findOne<CalendarToken>({ tokenHash: hashOf(token) });
    return found === null ? null : { userId: found.userId.toHexString(), tokenHash: found.tokenHash };
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
