import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { newId, oid, type Tx, UnitOfWork } from '../../platform/database';
import { showsVersion } from '../../platform/http';
import { PharmacyRelations } from '../medication-requests';
import { AccountsRepository } from '../users';
import type { CreateRatingBody, RatingResponse, RatingStatsResponse } from './dto/review.dto';
import { QualityLedger } from './quality-ledger.service';
import { averageOf, pointsOfStars, totalOf, UNAVAILABLE_PENALTY } from './rating.policy';
import { RatingTotals } from './rating-totals.service';
import { type RatingRecord, RatingsRepository } from './ratings.repository';
import { toCounts, toRating } from './review.mapper';
import { onceKeyOf } from './reviews.repository';

const MAX_LISTED = 100;
const RECENT = 5;

/** Ratings of what pharmacies answered, by the patients who asked. */
@Injectable()
export class RatingsService {
  constructor(
    private readonly ratings: RatingsRepository,
    private readonly totals: RatingTotals,
    private readonly ledger: QualityLedger,
    private readonly relations: PharmacyRelations,
    private readonly accounts: AccountsRepository,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError IDENTITY_MISMATCH, NOT_FOUND, RATING_NOT_ALLOWED, RATING_EXISTS */
  async create(actor: Actor, body: CreateRatingBody): Promise<RatingResponse> {
    const { pharmacyId, medicationRequestId: requestId } = body;
    if (body.patientId !== undefined && body.patientId !== actor.id) throw new AppError('IDENTITY_MISMATCH');
    await this.assertPharmacy(pharmacyId);
    return this.work.respond(
      async (tx) => {
        const request = await this.relations.ownOutcome(actor.id, requestId, tx);
        if (request === null) throw new AppError('NOT_FOUND');
        if (!request.acceptedBy.includes(pharmacyId)) throw new AppError('RATING_NOT_ALLOWED');
        if (await this.ratings.exists(tx, onceKeyOf(actor.id, pharmacyId, requestId)))
          throw new AppError('RATING_EXISTS');
        const before = await this.totals.opinionsOf(tx, pharmacyId, requestId);
        const record = await this.store(tx, actor.id, body);
        const { _id, stars, createdAt } = record;
        const own = { id: _id.toHexString(), stars, requestId, createdAt };
        await this.totals.renew(tx, pharmacyId, before, [...before, own], createdAt);
        return toRating(record, 'author');
      },
      { lanes: [`account:${pharmacyId}`] },
    );
  }

  /** The newest ratings of a pharmacy, at most 100. @throws AppError NOT_FOUND */
  async list(pharmacyId: string): Promise<RatingResponse[]> {
    await this.assertPharmacy(pharmacyId);
    const found = await this.ratings.newestOf(pharmacyId, MAX_LISTED + 1, this.clock.now());
    const context = currentContext();
    if (context !== undefined && found.length > MAX_LISTED) context.truncated = true;
    return found.slice(0, MAX_LISTED).map((record) => toRating(record, 'public'));
  }

  /** What reviews and ratings come to, with the newest ratings. @throws AppError NOT_FOUND */
  async stats(pharmacyId: string): Promise<RatingStatsResponse> {
    await this.assertPharmacy(pharmacyId);
    const [distribution, recent] = await Promise.all([
      this.totals.of(pharmacyId),
      this.ratings.newestOf(pharmacyId, RECENT, this.clock.now()),
    ]);
    return {
      totalRatings: totalOf(distribution),
      averageRating: averageOf(distribution),
      distribution: toCounts(distribution),
      recentRatings: recent.map((record) => toRating(record, 'public')),
    };
  }

  /**
   * The rating of a request: a pharmacy's own; for the patient that of the selected pharmacy, else the newest.
   * @throws AppError NOT_FOUND also where there is none yet
   */
  async ofRequest(actor: Actor, requestId: string): Promise<RatingResponse> {
    const request = await this.relations.outcomeAsParty(actor, requestId);
    if (request === null) throw new AppError('NOT_FOUND');
    const found = await this.ratings.ofRequest(requestId);
    const of = (pharmacyId: string | null): RatingRecord | undefined =>
      found.find((record) => pharmacyId !== null && record.pharmacyId.equals(pharmacyId));
    const isAuthor = actor.role === 'PATIENT';
    const rating = isAuthor ? (of(request.selectedPharmacyId) ?? found[0]) : of(actor.id);
    if (rating === undefined) throw new AppError('NOT_FOUND');
    // Ratings never change: what is shown makes the ETag.
    showsVersion(0);
    return toRating(rating, isAuthor ? 'author' : 'pharmacy');
  }

  private async store(tx: Tx, patientId: string, body: CreateRatingBody): Promise<RatingRecord> {
    const { pharmacyId, medicationRequestId: requestId, stars, medicationAvailable } = body;
    const { comment, speedRating, courtesynRating } = body;
    const [_id, now] = [newId(), this.clock.now()];
    const byStars = pointsOfStars(stars);
    const penalty = medicationAvailable ? 0 : UNAVAILABLE_PENALTY;
    const first = await this.ledger.record(tx, {
      kind: 'rating',
      id: _id.toHexString(),
      pharmacyId,
      requestId,
      stars,
      points: byStars - penalty,
      breakdown: [
        `${byStars < 0 ? '' : '+'}${byStars} rating of ${stars}`,
        ...(penalty === 0 ? [] : [`-${penalty} medication not available`]),
      ],
      at: now,
    });
    const record: RatingRecord = {
      _id,
      patientId: oid(patientId),
      pharmacyId: oid(pharmacyId),
      medicationRequestId: oid(requestId),
      stars,
      ...(comment === undefined ? {} : { comment }),
      medicationAvailable,
      ...(speedRating === undefined ? {} : { speedRating }),
      ...(courtesynRating === undefined ? {} : { courtesynRating }),
      pointsAwarded: first ? byStars : 0,
      penaltyApplied: first ? penalty : 0,
      onceKey: onceKeyOf(patientId, pharmacyId, requestId),
      createdAt: now,
      updatedAt: now,
    };
    await this.ratings.insert(tx, record);
    return record;
  }

  private async assertPharmacy(pharmacyId: string): Promise<void> {
    if ((await this.accounts.findByRole(pharmacyId, 'PHARMACIEN')) === null) throw new AppError('NOT_FOUND');
  }
}
