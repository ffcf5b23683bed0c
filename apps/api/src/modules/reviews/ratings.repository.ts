import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { oid, readNewestWindowed, type Tx, windowFilter } from '../../platform/database';
import { AuthoredOpinions } from './authored-opinions.repository';
import type { Opinion } from './rating.policy';
import { Rating } from './review.schema';

/** A rating as stored. */
export type RatingRecord = Rating;

const DAY_MS = 86_400_000;
const SPANS_DAYS = [30, 365] as const;

/** Ratings of pharmacies. */
@Injectable()
export class RatingsRepository extends AuthoredOpinions<RatingRecord> {
  constructor(@InjectModel(Rating.name) private readonly ratings: Model<Rating>) {
    super();
  }

  protected override get raw() {
    return this.ratings.collection;
  }

  async insert(tx: Tx, record: RatingRecord): Promise<void> {
    await this.raw.insertOne({ ...record }, { session: tx.session });
  }

  /** Is there one under this key? See `onceKeyOf`. */
  async exists(tx: Tx, onceKey: string): Promise<boolean> {
    return (await this.raw.findOne({ onceKey }, { projection: { _id: 1 }, session: tx.session })) !== null;
  }

  /** The ratings of a request, newest first. */
  async ofRequest(requestId: string, tx?: Tx): Promise<RatingRecord[]> {
    const options = tx === undefined ? {} : { session: tx.session };
    return this.raw
      .find<RatingRecord>({ medicationRequestId: oid(requestId) }, options)
      .sort({ createdAt: -1, _id: -1 })
      .toArray();
  }

  /** What ratings say of one request at a pharmacy. */
  async opinionsOf(tx: Tx, pharmacyId: string, requestId: string): Promise<Opinion[]> {
    return (await this.ofRequest(requestId, tx)).filter((row) => row.pharmacyId.equals(pharmacyId)).map(toOpinion);
  }

  /** What all ratings of a pharmacy say. */
  async allOpinionsOf(pharmacyId: string, tx?: Tx): Promise<Opinion[]> {
    const options = { projection: OPINION, batchSize: 1_000, ...(tx === undefined ? {} : { session: tx.session }) };
    return (await this.raw.find<RatingRecord>({ pharmacyId: oid(pharmacyId) }, options).toArray()).map(toOpinion);
  }

  /** What all ratings say, with the pharmacy; for the check of counters. */
  async *everyOpinion(): AsyncGenerator<{ pharmacyId: string; opinion: Opinion }> {
    for await (const row of this.raw.find<RatingRecord>({}, { projection: OPINION, batchSize: 1_000 }))
      yield { pharmacyId: row.pharmacyId.toHexString(), opinion: toOpinion(row) };
  }

  /** The newest ratings of a pharmacy. */
  async newestOf(pharmacyId: string, limit: number, now: Date): Promise<RatingRecord[]> {
    return readNewestWindowed({
      before: new Date(now.getTime() + DAY_MS),
      limit,
      spansDays: SPANS_DAYS,
      read: (window, count) =>
        this.raw
          .find<RatingRecord>({ pharmacyId: oid(pharmacyId), createdAt: windowFilter(window) }, { batchSize: 1_000 })
          .sort({ createdAt: -1, _id: -1 })
          .limit(count)
          .toArray(),
    });
  }
}

const OPINION = { pharmacyId: 1, medicationRequestId: 1, stars: 1, createdAt: 1 } as const;

function toOpinion(record: RatingRecord): Opinion {
  return {
    id: record._id.toHexString(),
    stars: record.stars,
    requestId: record.medicationRequestId.toHexString(),
    createdAt: record.createdAt,
  };
}
