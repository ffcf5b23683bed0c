import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ExportItem, ExportSections } from '../users';
import { RatingsRepository } from './ratings.repository';
import { toRating, toReview } from './review.mapper';
import { ReviewsRepository } from './reviews.repository';

/** Reviews and ratings in the export of their author. */
@Injectable()
export class ReviewsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly reviews: ReviewsRepository,
    private readonly ratings: RatingsRepository,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'reviews', roles: ['PATIENT'], items: ({ id }) => this.reviewsOf(id) });
    this.sections.register({ key: 'ratings', roles: ['PATIENT'], items: ({ id }) => this.ratingsOf(id) });
  }

  private async *reviewsOf(patientId: string): AsyncGenerator<ExportItem> {
    for await (const record of this.reviews.allOf(patientId)) yield { body: toReview(record, 'author') };
  }

  private async *ratingsOf(patientId: string): AsyncGenerator<ExportItem> {
    for await (const record of this.ratings.allOf(patientId)) yield { body: toRating(record, 'author') };
  }
}
