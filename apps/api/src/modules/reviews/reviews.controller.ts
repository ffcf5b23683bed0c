import { Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import {
  CreateRatingBody,
  CreateReviewBody,
  RatingResponse,
  RatingStatsResponse,
  ReviewPage,
  ReviewResponse,
  ReviewsQuery,
  ReviewSummaryResponse,
} from './dto/review.dto';
import { RatingsService } from './ratings.service';
import { ReviewsService } from './reviews.service';

const PUBLIC = { roles: 'public', errors: ['INVALID_ID', 'NOT_FOUND'] } as const;

/** Reviews of pharmacies. */
@ApiTags('reviews')
@Controller('review')
export class ReviewsController {
  constructor(private readonly reviews: ReviewsService) {}

  @Post()
  @Endpoint('POST', {
    summary: 'Reviews a pharmacy at which a request was picked up',
    roles: ['PATIENT'],
    response: ReviewResponse,
    errors: ['NOT_FOUND', 'REVIEW_NOT_ALLOWED', 'REVIEW_EXISTS', 'CONCURRENT_UPDATE'],
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateReviewBody) {
    return this.reviews.create(actor, body);
  }

  @Get('pharmacy/:pharmacyId')
  @Endpoint('GET', { ...PUBLIC, summary: "A pharmacy's visible reviews, newest first", response: ReviewPage })
  list(@IdParam('pharmacyId') pharmacyId: string, @QueryDto() query: ReviewsQuery) {
    return this.reviews.list(pharmacyId, query);
  }

  @Get('pharmacy/:pharmacyId/summary')
  @Endpoint('GET', {
    ...PUBLIC,
    summary: 'What reviews and ratings of a pharmacy come to together',
    response: ReviewSummaryResponse,
  })
  summary(@IdParam('pharmacyId') pharmacyId: string) {
    return this.reviews.summary(pharmacyId);
  }

  @Delete(':id')
  @Endpoint('DELETE', {
    summary: 'Removes a review; the points that it gave stay',
    roles: ['PATIENT', 'ADMIN'],
    response: MessageResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'CONCURRENT_UPDATE'],
  })
  remove(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.reviews.remove(actor, id);
  }
}

/** Ratings of what pharmacies answered. */
@ApiTags('ratings')
@Controller('ratings')
export class RatingsController {
  constructor(private readonly ratings: RatingsService) {}

  @Post()
  @Endpoint('POST', {
    summary: 'Rates a pharmacy that accepted a request',
    roles: ['PATIENT'],
    response: RatingResponse,
    errors: ['IDENTITY_MISMATCH', 'NOT_FOUND', 'RATING_NOT_ALLOWED', 'RATING_EXISTS', 'CONCURRENT_UPDATE'],
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateRatingBody) {
    return this.ratings.create(actor, body);
  }

  @Get('pharmacy/:id')
  @Endpoint('GET', {
    ...PUBLIC,
    summary: "A pharmacy's ratings, newest first; at most 100",
    response: [RatingResponse],
  })
  list(@IdParam('id') id: string) {
    return this.ratings.list(id);
  }

  @Get('pharmacy/:id/stats')
  @Endpoint('GET', { ...PUBLIC, summary: "Numbers of a pharmacy's ratings", response: RatingStatsResponse })
  stats(@IdParam('id') id: string) {
    return this.ratings.stats(id);
  }

  @Get('medication-request/:id')
  @Endpoint('GET', {
    summary: 'The rating of a request',
    roles: ['PATIENT', 'PHARMACIEN'],
    response: RatingResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
    etag: true,
  })
  ofRequest(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.ratings.ofRequest(actor, id);
  }
}
