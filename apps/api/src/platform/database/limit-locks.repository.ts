import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { LimitLock } from './limit-lock.schema';
import type { Tx } from './unit-of-work';

/** Makes "count, then write" safe: two transactions of one rule and owner conflict here, and one is run again. */
@Injectable()
export class LimitLocks {
  constructor(@InjectModel(LimitLock.name) private readonly locks: Model<LimitLock>) {}

  /** First step of the transaction, before anything is counted. @param rule e.g. `sessions:<userId>` */
  async take(tx: Tx, rule: string): Promise<void> {
    await this.locks.collection.updateOne(
      { key: rule },
      { $inc: { version: 1 } },
      { upsert: true, session: tx.session },
    );
  }
}
