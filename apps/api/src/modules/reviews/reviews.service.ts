import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, AuditTrail } from '../../access';
import { AppError } from '../../common/errors';
import { pageOf, pageRequest } from '../../common/pagination';
import { Clock } from '../../common/time';
import { newId, oid, type Tx, UnitOfWork } from '../../platform/database';
import { ListCountChecks } from '../../platform/scheduler';
import { PharmacyRelations } from '../medication-requests';
import { PharmacyFacts } from '../pharmacists';
import { AccountsRepository } from '../users';
import type {
  CreateReviewBody,
  ReviewPage,
  ReviewResponse,
  ReviewsQuery,
  ReviewSummaryResponse,
} from './dto/review.dto';
import { QualityLedger } from './quality-ledger.service';
import { averageOf, pointsOfReview, totalOf } from './rating.policy';
import { RatingTotals } from './rating-totals.service';
import { toCounts, toReview } from './review.mapper';
import { onceKeyOf, type ReviewRecord, reviewsList, ReviewsRepository } from './reviews.repository';

const PAGE = 20;

/** Reviews of pharmacies by patients who picked something up there. */
@Injectable()
export class ReviewsService implements OnModuleInit {
  constructor(
    private readonly reviews: ReviewsRepository,
    private readonly totals: RatingTotals,
    private readonly ledger: QualityLedger,
    private readonly relations: PharmacyRelations,
    private readonly accounts: AccountsRepository,
    private readonly facts: PharmacyFacts,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly checks: ListCountChecks,
  ) {}

  onModuleInit(): void {
    this.facts.registerReviews({ recent: (pharmacyId, limit) => this.recent(pharmacyId, limit) });
    for (const rating of [null, 1, 2, 3, 4, 5])
      this.checks.register(reviewsList(rating), (pharmacyId) => this.reviews.countedOf(pharmacyId, rating));
  }

  /** @throws AppError NOT_FOUND, REVIEW_NOT_ALLOWED, REVIEW_EXISTS */
  async create(actor: Actor, body: CreateReviewBody): Promise<ReviewResponse> {
    const { pharmacyId, rating, comment } = body;
    await this.assertPharmacy(pharmacyId);
    return this.work.respond(
      async (tx) => {
        const requestId = await this.requestOf(tx, actor.id, body);
        const before = await this.totals.opinionsOf(tx, pharmacyId, requestId);
        const now = this.clock.now();
        const record: ReviewRecord = {
          _id: newId(),
          patientId: oid(actor.id),
          pharmacyId: oid(pharmacyId),
          requestId: oid(requestId),
          rating,
          ...(comment === undefined ? {} : { comment }),
          isVisible: true,
          onceKey: onceKeyOf(actor.id, pharmacyId, requestId),
          createdAt: now,
          updatedAt: now,
        };
        await this.reviews.insert(tx, record);
        const points = pointsOfReview(rating);
        const id = record._id.toHexString();
        await this.ledger.record(tx, {
          kind: 'review',
          id,
          pharmacyId,
          requestId,
          stars: rating,
          points,
          breakdown: [`+${points} review of ${rating}`],
          at: now,
        });
        const own = { id, stars: rating, requestId, createdAt: now };
        await this.totals.renew(tx, pharmacyId, before, [...before, own], now);
        return toReview(record, 'author');
      },
      { lanes: [`account:${pharmacyId}`, `reviews:${actor.id}`] },
    );
  }

  /**
   * Removes a review; the points that it gave stay.
   * @throws AppError NOT_FOUND for everybody but its author and an ADMIN
   */
  async remove(actor: Actor, id: string): Promise<{ message: string }> {
    await this.work.run(
      async (tx) => {
        const record = await this.reviews.find(tx, id, actor.role === 'ADMIN' ? null : actor.id);
        if (record === null) throw new AppError('NOT_FOUND');
        const pharmacyId = record.pharmacyId.toHexString();
        const requestId = record.requestId?.toHexString();
        const own = { id, stars: record.rating, requestId: requestId ?? null, createdAt: record.createdAt };
        const said = requestId === undefined ? [own] : await this.totals.opinionsOf(tx, pharmacyId, requestId);
        await this.reviews.remove(tx, record);
        const left = said.filter((opinion) => opinion.id !== id);
        await this.totals.renew(tx, pharmacyId, said, left, this.clock.now());
        const patientId = record.patientId?.toHexString();
        await this.audit.record(
          {
            action: 'review.deleted',
            actor,
            resource: 'review',
            resourceId: id,
            ...(patientId === undefined ? {} : { patientId }),
          },
          tx,
        );
      },
      { lanes: [`review:${id}`] },
    );
    return { message: 'Review deleted successfully' };
  }

  /** A page of the visible reviews of a pharmacy, newest first. @throws AppError NOT_FOUND */
  async list(pharmacyId: string, query: ReviewsQuery): Promise<ReviewPage> {
    await this.assertPharmacy(pharmacyId);
    const request = pageRequest(query, PAGE);
    const { data, total } = await this.reviews.page(
      pharmacyId,
      query.rating ?? null,
      this.clock.now(),
      (request.page - 1) * request.limit,
      request.limit,
    );
    return pageOf(
      data.map((record) => toReview(record, 'public')),
      total,
      request,
    );
  }

  /** What reviews and ratings of a pharmacy come to. @throws AppError NOT_FOUND */
  async summary(pharmacyId: string): Promise<ReviewSummaryResponse> {
    await this.assertPharmacy(pharmacyId);
    const distribution = await this.totals.of(pharmacyId);
    return {
      averageRating: averageOf(distribution),
      totalReviews: totalOf(distribution),
      ratingDistribution: toCounts(distribution),
    };
  }

  private async recent(pharmacyId: string, limit: number): Promise<ReviewResponse[]> {
    const found = await this.reviews.newest(pharmacyId, null, this.clock.now(), limit);
    return found.map((record) => toReview(record, 'public'));
  }

  private async assertPharmacy(pharmacyId: string): Promise<void> {
    if ((await this.accounts.findByRole(pharmacyId, 'PHARMACIEN')) === null) throw new AppError('NOT_FOUND');
  }

  /** The request that is reviewed: the one that was named, else the last picked up and not yet reviewed. */
  private async requestOf(tx: Tx, patientId: string, { pharmacyId, requestId }: CreateReviewBody): Promise<string> {
    const keyOf = (id: string): string => onceKeyOf(patientId, pharmacyId, id);
    if (requestId !== undefined) {
      const request = await this.relations.ownOutcome(patientId, requestId, tx);
      if (request === null) throw new AppError('NOT_FOUND');
      if (request.pickedUpAt !== pharmacyId) throw new AppError('REVIEW_NOT_ALLOWED');
      if ((await this.reviews.storedOf(tx, [keyOf(requestId)])).size > 0) throw new AppError('REVIEW_EXISTS');
      return requestId;
    }
    const pickedUp = await this.relations.pickedUp(patientId, pharmacyId, tx);
    const reviewed = await this.reviews.storedOf(tx, pickedUp.map(keyOf));
    const free = pickedUp.find((id) => !reviewed.has(keyOf(id)));
    if (free === undefined) throw new AppError('REVIEW_NOT_ALLOWED');
    return free;
  }
}
