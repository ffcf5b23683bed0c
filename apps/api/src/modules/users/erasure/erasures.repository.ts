import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../../platform/database';
import { Erasure } from './erasure.schema';
import type { ErasedAccount } from './erasure-steps';

/** An erasure that has steps left. */
export interface OpenErasure extends ErasedAccount {
  readonly done: ReadonlySet<string>;
}

/** Remembers which accounts are being erased, and how far. */
@Injectable()
export class ErasuresRepository {
  constructor(@InjectModel(Erasure.name) private readonly erasures: Model<Erasure>) {}

  private get raw() {
    return this.erasures.collection;
  }

  /** In the transaction that makes the tombstone. */
  async begin(tx: Tx, account: ErasedAccount): Promise<void> {
    const { userId, role, erasedAt } = account;
    await this.raw.insertOne(
      { _id: newId(), userId: oid(userId), role, erasedAt, done: [], open: true },
      { session: tx.session },
    );
  }

  /** Erasures with steps left, oldest first. */
  async open(limit: number): Promise<OpenErasure[]> {
    const rows = await this.raw.find<Erasure>({ open: true }).sort({ erasedAt: 1 }).limit(limit).toArray();
    return rows.map((row) => ({
      userId: row.userId.toHexString(),
      role: row.role,
      erasedAt: row.erasedAt,
      done: new Set(row.done),
    }));
  }

  async stepDone(userId: string, step: string): Promise<void> {
    await this.raw.updateOne({ userId: oid(userId) }, { $addToSet: { done: step } });
  }

  async finish(userId: string, now: Date): Promise<void> {
    await this.raw.updateOne({ userId: oid(userId) }, { $set: { open: false, finishedAt: now } });
  }
}
