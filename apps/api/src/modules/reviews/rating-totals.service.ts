import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { CounterChecks, type CounterDifference, foundTwice } from '../../platform/scheduler';
import { PharmacyCounters } from '../activities';
import {
  averageOf,
  type Distribution,
  distributionOf,
  latest,
  NO_OPINIONS,
  type Opinion,
  totalOf,
} from './rating.policy';
import { RatingSumsRepository } from './rating-sums.repository';
import { RatingsRepository } from './ratings.repository';
import { ReviewsRepository } from './reviews.repository';

/**
 * What reviews and ratings of a pharmacy come to together: each request counts once, with the later of the two. Kept in
 * the transaction of every change, in a distribution of its own and in the account.
 */
@Injectable()
export class RatingTotals implements OnModuleInit {
  constructor(
    private readonly reviews: ReviewsRepository,
    private readonly ratings: RatingsRepository,
    private readonly sums: RatingSumsRepository,
    private readonly counters: PharmacyCounters,
    private readonly checks: CounterChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register(foundTwice(() => this.differences()));
  }

  /** The distribution of a pharmacy. */
  async of(pharmacyId: string): Promise<Distribution> {
    return (await this.sums.find(pharmacyId)) ?? (await this.recount(pharmacyId));
  }

  /** All opinions of one request at a pharmacy, as they stand in the transaction. */
  async opinionsOf(tx: Tx, pharmacyId: string, requestId: string): Promise<Opinion[]> {
    return [
      ...(await this.reviews.opinionsOf(tx, pharmacyId, requestId)),
      ...(await this.ratings.opinionsOf(tx, pharmacyId, requestId)),
    ];
  }

  /**
   * Renews the totals after a change of what is said of one request.
   * @param before the opinions of the request before the change, `after` after it
   */
  async renew(
    tx: Tx,
    pharmacyId: string,
    before: readonly Opinion[],
    after: readonly Opinion[],
    at: Date,
  ): Promise<void> {
    const kept = await this.sums.find(pharmacyId, tx);
    // Data from before totals were kept are counted once.
    const next = kept === null ? await this.recount(pharmacyId, tx) : moved(kept, latest(before), latest(after));
    await this.write(tx, pharmacyId, next, at);
  }

  /** Counts a pharmacy's opinions anew; for data that did not come through the API. */
  async rebuild(tx: Tx, pharmacyId: string, at: Date): Promise<void> {
    await this.write(tx, pharmacyId, await this.recount(pharmacyId, tx), at);
  }

  private async write(tx: Tx, pharmacyId: string, totals: Distribution, at: Date): Promise<void> {
    await this.sums.write(tx, pharmacyId, totals);
    await this.counters.setRating(tx, pharmacyId, averageOf(totals), totalOf(totals), at);
  }

  private async recount(pharmacyId: string, tx?: Tx): Promise<Distribution> {
    return distributionOf([
      ...(await this.reviews.allOpinionsOf(pharmacyId, tx)),
      ...(await this.ratings.allOpinionsOf(pharmacyId, tx)),
    ]);
  }

  private async differences(): Promise<CounterDifference[]> {
    const opinions = new Map<string, Opinion[]>();
    for (const source of [this.reviews.everyOpinion(), this.ratings.everyOpinion()])
      for await (const { pharmacyId, opinion } of source) {
        const known = opinions.get(pharmacyId);
        if (known === undefined) opinions.set(pharmacyId, [opinion]);
        else known.push(opinion);
      }
    return (await this.sums.shown()).flatMap(({ pharmacyId, averageRating, totalReviews }) => {
      const counted = distributionOf(opinions.get(pharmacyId) ?? []);
      const rows = [
        { counter: 'users.totalReviews', stored: totalReviews, counted: totalOf(counted) },
        { counter: 'users.averageRating', stored: averageRating, counted: averageOf(counted) },
      ];
      return rows.filter((row) => row.stored !== row.counted).map((row) => ({ ...row, owner: pharmacyId }));
    });
  }
}

function moved(kept: Distribution, before: Opinion | null, after: Opinion | null): Distribution {
  const counts: [number, number, number, number, number] = [...NO_OPINIONS];
  kept.forEach((count, index) => {
    const stars = index + 1;
    counts[index] = count - Number(before?.stars === stars) + Number(after?.stars === stars);
  });
  return counts;
}
