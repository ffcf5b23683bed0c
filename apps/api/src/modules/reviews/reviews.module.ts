import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ActivitiesModule } from '../activities';
import { MedicationRequestsModule } from '../medication-requests';
import { PharmacistsModule } from '../pharmacists';
import { UsersModule } from '../users';
import { QualityLedger } from './quality-ledger.service';
import { RatingSumsRepository } from './rating-sums.repository';
import { RatingTotals } from './rating-totals.service';
import { RatingsRepository } from './ratings.repository';
import { RatingsService } from './ratings.service';
import { Rating, RatingSchema, RatingSum, RatingSumSchema, Review, ReviewSchema } from './review.schema';
import { RatingsController, ReviewsController } from './reviews.controller';
import { ReviewsErasureStep } from './reviews-erasure.step';
import { ReviewsExport } from './reviews.export';
import { ReviewsRepository } from './reviews.repository';
import { ReviewsService } from './reviews.service';

/** Reviews and ratings of pharmacies, which count together. */
@Module({
  imports: [
    UsersModule,
    ActivitiesModule,
    PharmacistsModule,
    MedicationRequestsModule,
    MongooseModule.forFeature([
      { name: Review.name, schema: ReviewSchema },
      { name: Rating.name, schema: RatingSchema },
      { name: RatingSum.name, schema: RatingSumSchema },
    ]),
  ],
  controllers: [ReviewsController, RatingsController],
  providers: [
    ReviewsRepository,
    RatingsRepository,
    RatingSumsRepository,
    RatingTotals,
    QualityLedger,
    ReviewsService,
    RatingsService,
    ReviewsErasureStep,
    ReviewsExport,
  ],
})
export class ReviewsModule {}
