import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { oid, type Tx } from '../../platform/database';
import { Account } from '../users';
import type { Distribution } from './rating.policy';
import { RatingSum } from './review.schema';

/** What a pharmacy's account says of its reviews and ratings. */
export interface ShownRating {
  readonly pharmacyId: string;
  readonly averageRating: number;
  readonly totalReviews: number;
}

const STARS = [1, 2, 3, 4, 5] as const;

function toDistribution(sum: RatingSum): Distribution {
  const [one, two, three, four, five] = STARS.map((stars) => sum.counts[String(stars)] ?? 0);
  return [one ?? 0, two ?? 0, three ?? 0, four ?? 0, five ?? 0];
}

/** Kept distributions of pharmacies. */
@Injectable()
export class RatingSumsRepository {
  constructor(
    @InjectModel(RatingSum.name) private readonly sums: Model<RatingSum>,
    @InjectModel(Account.name) private readonly accounts: Model<Account>,
  ) {}

  /** The kept distribution; null before the first review or rating. */
  async find(pharmacyId: string, tx?: Tx): Promise<Distribution | null> {
    const sum = await this.sums.collection.findOne<RatingSum>(
      { pharmacyId: oid(pharmacyId) },
      tx === undefined ? {} : { session: tx.session },
    );
    return sum === null ? null : toDistribution(sum);
  }

  /** Writes the distribution; two transactions of one pharmacy conflict here, also when it stays the same. */
  async write(tx: Tx, pharmacyId: string, distribution: Distribution): Promise<void> {
    const counts = Object.fromEntries(STARS.map((stars) => [String(stars), distribution[stars - 1] ?? 0]));
    await this.sums.collection.updateOne(
      { pharmacyId: oid(pharmacyId) },
      { $set: { counts }, $inc: { version: 1 } },
      { upsert: true, session: tx.session },
    );
  }

  /** What all live pharmacies show; for the check of counters. */
  async shown(): Promise<ShownRating[]> {
    const rows = await this.accounts.collection
      .find<Account>(
        { role: 'PHARMACIEN' },
        { projection: { averageRating: 1, totalReviews: 1, deletedAt: 1 }, batchSize: 1_000 },
      )
      .toArray();
    return rows
      .filter((row) => row.deletedAt === undefined)
      .map((row) => ({
        pharmacyId: row._id.toHexString(),
        averageRating: row.averageRating ?? 0,
        totalReviews: row.totalReviews ?? 0,
      }));
  }
}
