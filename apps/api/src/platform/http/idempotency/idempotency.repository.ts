import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../database/driver-errors';
import { oid } from '../../database/object-id';
import { IdempotencyKey } from './idempotency.schema';

/** Which call a key belongs to. */
export interface KeyScope {
  readonly userId: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
}

/** A key as it is stored. */
export type StoredKey = Pick<IdempotencyKey, 'bodyHash' | 'state' | 'claim' | 'status' | 'body' | 'lockedUntil'>;

/** Keys are written by conditional updates only, so two equal calls never both hold one. */
@Injectable()
export class IdempotencyRepository {
  constructor(@InjectModel(IdempotencyKey.name) private readonly keys: Model<IdempotencyKey>) {}

  /** Inserts the claim; false when the key exists. */
  async insert(scope: KeyScope, bodyHash: string, claim: string, lockedUntil: Date, expiresAt: Date): Promise<boolean> {
    try {
      await this.keys.collection.insertOne({
        ...filterOf(scope),
        bodyHash,
        state: 'in_progress',
        claim,
        lockedUntil,
        expiresAt,
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error, 'idempotencykeys_key')) return false;
      throw error;
    }
  }

  async find(scope: KeyScope): Promise<StoredKey | null> {
    return this.keys.findOne(filterOf(scope)).lean<StoredKey>();
  }

  /** Takes over a claim whose lock has run out; false when somebody else did. */
  async takeOver(scope: KeyScope, oldClaim: string, claim: string, now: Date, lockedUntil: Date): Promise<boolean> {
    const result = await this.keys.updateOne(
      { ...filterOf(scope), claim: oldClaim, state: 'in_progress', lockedUntil: { $lte: now } },
      { $set: { claim, lockedUntil } },
    );
    return result.modifiedCount === 1;
  }

  async renew(scope: KeyScope, claim: string, lockedUntil: Date): Promise<void> {
    await this.keys.updateOne({ ...filterOf(scope), claim, state: 'in_progress' }, { $set: { lockedUntil } });
  }

  /** Stores the outcome; false when the claim is no longer the caller's. */
  async complete(
    scope: KeyScope,
    claim: string,
    status: number,
    body: unknown,
    session: ClientSession | null,
  ): Promise<boolean> {
    const result = await this.keys.updateOne(
      { ...filterOf(scope), claim, state: 'in_progress' },
      { $set: { state: 'done', status, body } },
      session === null ? {} : { session },
    );
    return result.matchedCount === 1;
  }

  /** Removes an account's keys, and stored answers to others that speak of it. */
  async deleteAbout(userId: string): Promise<void> {
    await this.keys.collection.deleteMany({ userId: oid(userId) });
    // Answers are kept for a day only, so all of them may be looked at.
    const stored = this.keys.collection.find({}, { projection: { path: 1, body: 1 } });
    for await (const key of stored) {
      if (JSON.stringify([key['path'], key['body']]).includes(userId))
        await this.keys.collection.deleteOne({ _id: key._id });
    }
  }

  /** Frees the key after a failed call. */
  async free(scope: KeyScope, claim: string): Promise<void> {
    await this.keys.deleteOne({ ...filterOf(scope), claim, state: 'in_progress' });
  }
}

function filterOf(scope: KeyScope) {
  return { userId: oid(scope.userId), method: scope.method, path: scope.path, key: scope.key };
}
