import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Clock } from '../common/time';
import { newId, oid, type Tx } from '../platform/database';
import { OneTimeToken, type OneTimeTokenKind } from './one-time-token.schema';

const TOKEN_BYTES = 32;
/** Contract 10 section 5. */
const LIFE_MINUTES: Readonly<Record<OneTimeTokenKind, number>> = { password_reset: 60, invitation: 7 * 24 * 60 };

/** Makes and redeems the tokens of reset and invitation mails. They leave the process in a mail and are stored nowhere. */
@Injectable()
export class OneTimeTokens {
  constructor(
    @InjectModel(OneTimeToken.name) private readonly tokens: Model<OneTimeToken>,
    private readonly clock: Clock,
  ) {}

  private get raw() {
    return this.tokens.collection;
  }

  /** A new token of the account; older ones of its kind are worth nothing from now on. */
  async issue(userId: string, kind: OneTimeTokenKind): Promise<string> {
    const now = this.clock.now();
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.raw.deleteMany({ userId: oid(userId), kind });
    await this.raw.insertOne({
      _id: newId(),
      userId: oid(userId),
      kind,
      tokenHash: hashOf(token),
      expiresAt: new Date(now.getTime() + LIFE_MINUTES[kind] * 60_000),
      createdAt: now,
      updatedAt: now,
    });
    return token;
  }

  /** The account that a valid token belongs to, or null; the token stays valid. */
  async ownerOf(token: string): Promise<string | null> {
    const found = await this.raw.findOne<OneTimeToken>({ tokenHash: hashOf(token) });
    return found !== null && this.isValid(found) ? found.userId.toHexString() : null;
  }

  /**
   * Uses up a token, and with it every other one of its account; false when it was not valid any more. Two that use one
   * token at once write the same document: the second transaction runs again and finds it used.
   */
  async redeem(tx: Tx, token: string): Promise<boolean> {
    const found = await this.raw.findOne<OneTimeToken>({ tokenHash: hashOf(token) }, { session: tx.session });
    if (found === null || !this.isValid(found)) return false;
    const now = this.clock.now();
    await this.raw.updateOne({ _id: found._id }, { $set: { usedAt: now, updatedAt: now } }, { session: tx.session });
    for (const other of await this.raw.find({ userId: found.userId }, { session: tx.session }).toArray())
      if (!other._id.equals(found._id)) await this.raw.deleteOne({ _id: other._id }, { session: tx.session });
    return true;
  }

  /** Removes every token of an account. */
  async deleteOf(userId: string): Promise<void> {
    await this.raw.deleteMany({ userId: oid(userId) });
  }

  private isValid(token: OneTimeToken): boolean {
    return token.usedAt === undefined && token.expiresAt > this.clock.now();
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
