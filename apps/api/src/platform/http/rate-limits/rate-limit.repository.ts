import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../database/driver-errors';
import { RateLimitCounter } from './rate-limit.schema';

/** Atomic counters of shared limits. */
@Injectable()
export class RateLimitRepository {
  constructor(@InjectModel(RateLimitCounter.name) private readonly counters: Model<RateLimitCounter>) {}

  /** Counts one more and answers the new count. */
  async increment(key: string, expiresAt: Date): Promise<number> {
    const once = () =>
      this.counters
        .findOneAndUpdate(
          { key },
          { $inc: { count: 1 }, $setOnInsert: { expiresAt } },
          { upsert: true, returnDocument: 'after', projection: { count: 1 } },
        )
        .lean();
    try {
      return (await once())?.count ?? 1;
    } catch (error) {
      // Two first calls of a window raced on the upsert; the counter exists now.
      if (isDuplicateKey(error, 'ratelimits_key')) return (await once())?.count ?? 1;
      throw error;
    }
  }
}
