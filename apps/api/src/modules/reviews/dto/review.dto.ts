import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { Bool, Id, Int, Str } from '../../../common/validation';

/** Body of POST /review. */
export class CreateReviewBody {
  @Id()
  pharmacyId!: string;

  @Int({ min: 1, max: 5, example: 5 })
  rating!: number;

  @Str({ optional: true, max: 1_000, example: 'Accueil rapide' })
  comment?: string;

  @Id({ optional: true, description: 'Default: the last request picked up there and not yet reviewed' })
  requestId?: string;
}

/** Query of a pharmacy's reviews. */
export class ReviewsQuery extends PagingQuery {
  @Int({ optional: true, min: 1, max: 5, description: 'Only reviews of so many stars' })
  rating?: number;
}

/** Body of POST /ratings. */
export class CreateRatingBody {
  @Id()
  pharmacyId!: string;

  @Id()
  medicationRequestId!: string;

  @Int({ min: 1, max: 5, example: 4 })
  stars!: number;

  @Bool({ description: 'Was the medication there?' })
  medicationAvailable!: boolean;

  @Str({ optional: true, max: 1_000 })
  comment?: string;

  @Int({ optional: true, min: 1, max: 5 })
  speedRating?: number;

  @Int({ optional: true, min: 1, max: 5 })
  courtesynRating?: number;

  @Id({ optional: true, description: 'The caller' })
  patientId?: string;
}

/** A review; ids of its author and its request are for the author only. */
export class ReviewResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiPropertyOptional({ type: 'string', description: 'For the author only' })
  patientId?: string;

  @ApiProperty({ type: 'string' })
  pharmacyId!: string;

  @ApiPropertyOptional({ type: 'string', description: 'For the author only' })
  requestId?: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  rating!: number;

  @ApiPropertyOptional({ type: 'string' })
  comment?: string;

  @ApiProperty({ type: 'boolean' })
  isVisible!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A page of reviews. */
export class ReviewPage extends PageResponse(ReviewResponse) {}

const DISTRIBUTION = {
  type: 'object',
  additionalProperties: { type: 'integer' },
  example: { '1': 0, '2': 1, '3': 2, '4': 8, '5': 20 },
  description: 'How many count with each number of stars; the sum is the total',
} as const;

/** What reviews and ratings of a pharmacy come to together. */
export class ReviewSummaryResponse {
  @ApiProperty({ type: 'number', description: '1 decimal; 0 without any' })
  averageRating!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that were reviewed or rated, each once' })
  totalReviews!: number;

  @ApiProperty(DISTRIBUTION)
  ratingDistribution!: Record<string, number>;
}

/** A rating; the id of its author is for the author, that of its request also for the pharmacy. */
export class RatingResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiPropertyOptional({ type: 'string', description: 'For the author only' })
  patientId?: string;

  @ApiProperty({ type: 'string' })
  pharmacyId!: string;

  @ApiPropertyOptional({ type: 'string', description: 'For the author and the pharmacy' })
  medicationRequestId?: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  stars!: number;

  @ApiProperty({ type: 'boolean' })
  medicationAvailable!: boolean;

  @ApiPropertyOptional({ type: 'string' })
  comment?: string;

  @ApiPropertyOptional({ type: 'integer' })
  speedRating?: number;

  @ApiPropertyOptional({ type: 'integer' })
  courtesynRating?: number;

  @ApiProperty({ type: 'integer', description: 'By stars; 0 when the request had given its quality points before' })
  pointsAwarded!: number;

  @ApiProperty({ type: 'integer' })
  penaltyApplied!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** The same numbers as the summary of reviews, with the newest ratings. */
export class RatingStatsResponse {
  @ApiProperty({ type: 'integer' })
  totalRatings!: number;

  @ApiProperty({ type: 'number' })
  averageRating!: number;

  @ApiProperty(DISTRIBUTION)
  distribution!: Record<string, number>;

  @ApiProperty({ type: [RatingResponse], description: 'The 5 newest' })
  recentRatings!: RatingResponse[];
}
