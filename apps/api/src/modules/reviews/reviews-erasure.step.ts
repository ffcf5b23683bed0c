import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { type ErasedAccount, ErasureSteps } from '../users';
import { RatingsRepository } from './ratings.repository';
import { ReviewsRepository } from './reviews.repository';

const BATCH = 100;

/** Takes author and comment out of an erased patient's reviews and ratings; they still count. */
@Injectable()
export class ReviewsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly reviews: ReviewsRepository,
    private readonly ratings: RatingsRepository,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'reviews', run: (account) => this.run(account) });
  }

  private async run({ userId, role }: ErasedAccount): Promise<void> {
    if (role !== 'PATIENT') return;
    await this.each(async (tx) => {
      const found = await this.reviews.someOf(tx, userId, BATCH);
      for (const record of found) await this.reviews.anonymise(tx, record, this.clock.now());
      return found.length;
    });
    await this.each(async (tx) => {
      const found = await this.ratings.someOf(tx, userId, BATCH);
      for (const record of found) await this.ratings.anonymise(tx, record, this.clock.now());
      return found.length;
    });
  }

  /** A batch in each transaction, until one finds nothing. */
  private async each(batch: (tx: Tx) => Promise<number>): Promise<void> {
    while ((await this.work.run(batch)) > 0);
  }
}
