import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../database/driver-errors';
import { Job } from './job.schema';

/** Storage of jobs; a run belongs to whoever wins the conditional update. */
@Injectable()
export class JobRepository {
  constructor(@InjectModel(Job.name) private readonly jobs: Model<Job>) {}

  /** Makes the document of a recurring job if it is missing. */
  async ensureRecurring(name: string, every: number, firstRunAt: Date): Promise<void> {
    try {
      await this.jobs.updateOne(
        { dedupeKey: dedupeOf(name) },
        { $set: { every }, $setOnInsert: { name, runAt: firstRunAt, attempts: 0, payload: {} } },
        { upsert: true },
      );
    } catch (error) {
      if (!isDuplicateKey(error, 'jobs_dedupe')) throw error;
    }
  }

  /** Leases a recurring job that is due; false when it is not, or somebody else runs it. */
  async claimRecurring(name: string, owner: string, now: Date, lockedUntil: Date): Promise<boolean> {
    const result = await this.jobs.updateOne(
      {
        dedupeKey: dedupeOf(name),
        runAt: { $lte: now },
        $or: [{ lockedUntil: { $exists: false } }, { lockedUntil: { $lte: now } }],
      },
      { $set: { lockedBy: owner, lockedUntil } },
    );
    return result.modifiedCount === 1;
  }

  async renew(name: string, owner: string, lockedUntil: Date): Promise<void> {
    await this.jobs.updateOne({ dedupeKey: dedupeOf(name), lockedBy: owner }, { $set: { lockedUntil } });
  }

  /** Ends a run and says when the next one is due. */
  async finish(name: string, owner: string, nextRunAt: Date, failure: string | null): Promise<void> {
    await this.jobs.updateOne(
      { dedupeKey: dedupeOf(name), lockedBy: owner },
      {
        $set: { runAt: nextRunAt, ...(failure === null ? { attempts: 0 } : { lastError: failure }) },
        ...(failure === null ? {} : { $inc: { attempts: 1 } }),
        $unset: { lockedBy: 1, lockedUntil: 1, ...(failure === null ? { lastError: 1 } : {}) },
      },
    );
  }

  /** Gives back the leases of this process. */
  async release(owner: string): Promise<void> {
    await this.jobs.updateMany({ lockedBy: owner }, { $unset: { lockedBy: 1, lockedUntil: 1 } });
  }
}

function dedupeOf(name: string): string {
  return `recurring:${name}`;
}
