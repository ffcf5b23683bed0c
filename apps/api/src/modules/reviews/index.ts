export { RatingTotals } from './rating-totals.service';
export { ReviewsModule } from './reviews.module';
