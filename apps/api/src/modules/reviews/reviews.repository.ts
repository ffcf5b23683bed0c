import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import {
  type CountedList,
  findByIdIf,
  ListCounts,
  oid,
  readNewestWindowed,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { AuthoredOpinions } from './authored-opinions.repository';
import type { Opinion } from './rating.policy';
import { Review } from './review.schema';

/** A review as stored. */
export type ReviewRecord = Review;

const DAY_MS = 86_400_000;
const SPANS_DAYS = [30, 365] as const;

/** What makes a review or rating one of its kind. */
export function onceKeyOf(patientId: string, pharmacyId: string, requestId: string): string {
  return `${patientId}:${pharmacyId}:${requestId}`;
}

/** Name of the visible reviews of a pharmacy among the counted lists, or of those with so many stars. */
export function reviewsList(rating: number | null): string {
  return rating === null ? 'reviews' : `reviews${rating}`;
}

/** Reviews of pharmacies. */
@Injectable()
export class ReviewsRepository extends AuthoredOpinions<ReviewRecord> {
  private readonly windows = new WindowMemory();

  constructor(
    @InjectModel(Review.name) private readonly reviews: Model<Review>,
    private readonly counts: ListCounts,
  ) {
    super();
  }

  protected override get raw() {
    return this.reviews.collection;
  }

  async insert(tx: Tx, record: ReviewRecord): Promise<void> {
    await this.raw.insertOne({ ...record }, { session: tx.session });
    await this.follow(tx, record, 1);
  }

  /** Which of these are stored. @param onceKeys see {@link onceKeyOf} */
  async storedOf(tx: Tx, onceKeys: readonly string[]): Promise<Set<string>> {
    const rows = await this.raw
      .find<ReviewRecord>(
        { onceKey: { $in: onceKeys } },
        { projection: { onceKey: 1 }, session: tx.session, batchSize: 1_000 },
      )
      .toArray();
    return new Set(rows.flatMap(({ onceKey }) => onceKey ?? []));
  }

  /** A review by id: anybody's, or the author's only. */
  async find(tx: Tx, id: string, authorId: string | null): Promise<ReviewRecord | null> {
    const wanted = (found: ReviewRecord): boolean => authorId === null || found.patientId?.equals(authorId) === true;
    return findByIdIf<ReviewRecord>(this.raw, oid(id), wanted, { session: tx.session });
  }

  async remove(tx: Tx, record: ReviewRecord): Promise<void> {
    await this.raw.deleteOne({ _id: record._id }, { session: tx.session });
    await this.follow(tx, record, -1);
  }

  private async follow(tx: Tx, { pharmacyId, isVisible, rating, createdAt }: ReviewRecord, by: 1 | -1): Promise<void> {
    if (!isVisible) return;
    for (const list of [reviewsList(null), reviewsList(rating)])
      await this.counts.follow(tx, list, pharmacyId.toHexString(), [{ at: createdAt, by }]);
  }

  /** What reviews say of one request at a pharmacy. */
  async opinionsOf(tx: Tx, pharmacyId: string, requestId: string): Promise<Opinion[]> {
    const rows = await this.raw.find<ReviewRecord>({ requestId: oid(requestId) }, { session: tx.session }).toArray();
    return rows.filter((row) => row.pharmacyId.equals(pharmacyId)).map(toOpinion);
  }

  /** What all reviews of a pharmacy say. */
  async allOpinionsOf(pharmacyId: string, tx?: Tx): Promise<Opinion[]> {
    const options = { projection: OPINION, batchSize: 1_000, ...(tx === undefined ? {} : { session: tx.session }) };
    return (await this.raw.find<ReviewRecord>({ pharmacyId: oid(pharmacyId) }, options).toArray()).map(toOpinion);
  }

  /** What all reviews say, with the pharmacy; for the check of counters. */
  async *everyOpinion(): AsyncGenerator<{ pharmacyId: string; opinion: Opinion }> {
    for await (const row of this.raw.find<ReviewRecord>({}, { projection: OPINION, batchSize: 1_000 }))
      yield { pharmacyId: row.pharmacyId.toHexString(), opinion: toOpinion(row) };
  }

  /** A page of a pharmacy's visible reviews, newest first, with the number of all that match. */
  async page(
    pharmacyId: string,
    rating: number | null,
    now: Date,
    skip: number,
    limit: number,
  ): Promise<{ data: ReviewRecord[]; total: number }> {
    const [found, total] = await Promise.all([
      this.newest(pharmacyId, rating, now, skip + limit),
      this.counts.count(this.countedOf(pharmacyId, rating), { from: null, to: null }),
    ]);
    return { data: found.slice(skip), total };
  }

  /** The newest visible reviews of a pharmacy. */
  async newest(pharmacyId: string, rating: number | null, now: Date, limit: number): Promise<ReviewRecord[]> {
    // A stage of its own: the embedded engine would scan for a filter that holds more than the index does (decision 14).
    const further = rating === null ? [] : [{ $match: { rating } }];
    const before = new Date(now.getTime() + DAY_MS);
    const list = `${pharmacyId}:${rating ?? ''}`;
    const found = await readNewestWindowed({
      before,
      limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      read: (window, count) =>
        this.raw
          .aggregate<ReviewRecord>(
            [
              { $match: { pharmacyId: oid(pharmacyId), isVisible: true, createdAt: windowFilter(window) } },
              ...further,
              { $sort: { createdAt: -1, _id: -1 } },
              { $limit: count },
            ],
            { batchSize: 1_000 },
          )
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit) this.windows.remember(list, before, oldest.createdAt);
    return found;
  }

  /** How the visible reviews of a pharmacy are counted: all, or those with so many stars. */
  countedOf(pharmacyId: string, rating: number | null): CountedList {
    const visible = { pharmacyId: oid(pharmacyId), isVisible: true };
    return {
      list: reviewsList(rating),
      ownerId: pharmacyId,
      instants: async ({ session }) => {
        const projection = { rating: 1, createdAt: 1 };
        const rows = await this.raw.find<ReviewRecord>(visible, { projection, session, batchSize: 5_000 }).toArray();
        return rows.filter((row) => rating === null || row.rating === rating).map(({ createdAt }) => createdAt);
      },
      // Whole lists are asked for only: no month is ever counted in part.
      countPart: (window) => this.raw.countDocuments({ ...visible, createdAt: windowFilter(window) }),
    };
  }
}

const OPINION = { pharmacyId: 1, requestId: 1, rating: 1, createdAt: 1 } as const;

function toOpinion(record: ReviewRecord): Opinion {
  return {
    id: record._id.toHexString(),
    stars: record.rating,
    requestId: record.requestId?.toHexString() ?? null,
    createdAt: record.createdAt,
  };
}
