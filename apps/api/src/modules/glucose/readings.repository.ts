import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PatientScope } from '../../access';
import {
  atOrAfter,
  findByIdIf,
  oid,
  readNewestWindowed,
  rewriteOne,
  type Tx,
  windowFilter,
} from '../../platform/database';
import { Glucose, type GlucosePeriod, type GlucoseSource } from './glucose.schema';

/** Which readings of a list are wanted; both ends included. */
export interface ReadingFilter {
  readonly start: Date | null;
  readonly end: Date | null;
  readonly period: GlucosePeriod | null;
  readonly source: GlucoseSource | null;
}

const DAY_MS = 86_400_000;

/** A stretch of time: the first instant, and the first one after it. */
export interface TimeSpan {
  readonly from: Date;
  readonly to: Date;
}

interface MatchStage {
  readonly $match: Record<string, unknown>;
}

const NEWEST = { measuredAt: -1, _id: -1 } as const;

/**
 * Stages that find readings by index first and judge the rest of the filter then: one condition beside the keys of the
 * index, and the embedded engine would scan everybody's readings.
 */
function matching(
  patientId: string,
  { from, to }: TimeSpan,
  { period, source }: Pick<ReadingFilter, 'period' | 'source'>,
): readonly [range: MatchStage, ...wanted: MatchStage[]] {
  const wanted = { ...(period === null ? {} : { period }), ...(source === null ? {} : { source }) };
  const range = { $match: { patientId: oid(patientId), measuredAt: { ...atOrAfter(from), $lt: to } } };
  return Object.keys(wanted).length === 0 ? [range] : [range, { $match: wanted }];
}

/** Readings by patient. */
@Injectable()
export class ReadingsRepository {
  constructor(@InjectModel(Glucose.name) private readonly glucoses: Model<Glucose>) {}

  private get raw() {
    return this.glucoses.collection;
  }

  /** Stores new readings. A taken dedupe key runs the transaction again. */
  async insert(tx: Tx, records: readonly Glucose[]): Promise<void> {
    const [only] = records;
    if (records.length === 1 && only !== undefined) {
      await this.raw.insertOne({ ...only }, { session: tx.session });
    } else if (records.length > 0) {
      await this.raw.insertMany([...records], { session: tx.session, ordered: false });
    }
  }

  /** The caller's reading, or null. */
  async find(scope: PatientScope, id: string, tx?: Tx): Promise<Glucose | null> {
    const own = (found: Glucose): boolean => found.patientId.equals(scope.patientId);
    return findByIdIf<Glucose>(this.raw, oid(id), own, tx === undefined ? {} : { session: tx.session });
  }

  /** The readings at one instant; a handful at most. */
  async atInstant(tx: Tx, patientId: string, measuredAt: Date): Promise<Glucose[]> {
    return this.raw
      .find<Glucose>({ patientId: oid(patientId), measuredAt }, { session: tx.session })
      .sort({ _id: 1 })
      .toArray();
  }

  /** What an upload of scattered readings may repeat: id, instant, source and kind of the readings at these instants. */
  async atInstants(tx: Tx, patientId: string, instants: readonly Date[]): Promise<Glucose[]> {
    return this.raw
      .find<Glucose>(
        { patientId: oid(patientId), measuredAt: { $in: [...instants] } },
        { session: tx.session, projection: { measuredAt: 1, source: 1, kind: 1 }, batchSize: AT_INSTANTS },
      )
      .toArray();
  }

  /** Interval of the latest CGM reading in the 24 h up to an instant, minutes; null without one. */
  async latestInterval(patientId: string, until: Date, tx?: Tx): Promise<number | null> {
    const session = tx === undefined ? {} : { session: tx.session };
    const [latest] = await readNewestWindowed({
      before: new Date(until.getTime() + 1),
      limit: 1,
      spansDays: [1 / 48, 1],
      notBefore: new Date(until.getTime() - DAY_MS),
      read: (window, limit) =>
        this.raw
          .aggregate<Pick<Glucose, 'interval'>>(
            [
              { $match: { patientId: oid(patientId), measuredAt: windowFilter(window) } },
              { $match: { interval: { $gt: 0 } } },
              { $sort: NEWEST },
              { $limit: limit },
              { $project: { interval: 1 } },
            ],
            session,
          )
          .toArray(),
    });
    return latest?.interval ?? null;
  }

  /** Replaces a reading if it still has the version it was read with; null when it changed or is gone. */
  async replace(tx: Tx, stored: Glucose, changed: Glucose): Promise<Glucose | null> {
    const current = (found: Glucose): boolean => found.__v === stored.__v;
    const found = await findByIdIf<Glucose>(this.raw, stored._id, current, { session: tx.session });
    return found === null ? null : rewriteOne(this.raw, found, () => changed, tx.session);
  }

  /** Deletes a reading as it was read; false when it changed or is gone. */
  async delete(tx: Tx, stored: Glucose): Promise<boolean> {
    const current = (found: Glucose): boolean => found.__v === stored.__v;
    if ((await findByIdIf<Glucose>(this.raw, stored._id, current, { session: tx.session })) === null) return false;
    return (await this.raw.deleteOne({ _id: stored._id }, { session: tx.session })).deletedCount === 1;
  }

  /** Of a stretch of time the readings that a filter wants, newest first. */
  async page(
    scope: PatientScope,
    filter: Pick<ReadingFilter, 'period' | 'source'>,
    span: TimeSpan & { readonly skip: number },
    limit: number,
  ): Promise<Glucose[]> {
    const [range, ...wanted] = matching(scope.patientId, span, filter);
    // A plain find is the cheaper command; it cannot judge in two steps.
    if (wanted.length === 0)
      return this.raw.find<Glucose>(range.$match, { sort: NEWEST, skip: span.skip, limit, batchSize: limit }).toArray();
    return this.raw
      .aggregate<Glucose>([range, ...wanted, { $sort: NEWEST }, { $skip: span.skip }, { $limit: limit }], {
        batchSize: limit,
      })
      .toArray();
  }

  /** The newest readings between two instants, both included; at most `limit`. */
  async newestBetween(scope: PatientScope, start: Date, end: Date, limit: number): Promise<Glucose[]> {
    return this.raw
      .find<Glucose>({ patientId: oid(scope.patientId), measuredAt: { ...atOrAfter(start), $lte: end } })
      .sort(NEWEST)
      .limit(limit)
      .batchSize(limit)
      .toArray();
  }

  /** How many readings of a stretch of time a filter wants; over index keys when it names no period and no source. */
  async count(patientId: string, { period, source }: ReadingFilter, span: TimeSpan): Promise<number> {
    const stages = matching(patientId, span, { period, source });
    const [counted] = await this.raw.aggregate<{ n: number }>([...stages, { $count: 'n' }]).toArray();
    return counted?.n ?? 0;
  }

  /** All of a patient, oldest first, one at a time. */
  allOf(patientId: string): AsyncIterable<Glucose> {
    return this.raw.find<Glucose>({ patientId: oid(patientId) }, { batchSize: 1_000 }).sort({ measuredAt: 1, _id: 1 });
  }

  /** Removes everything of a patient. */
  async deleteOf(patientId: string): Promise<void> {
    for (;;) {
      const some = await this.raw
        .find({ patientId: oid(patientId) }, { projection: { _id: 1 } })
        .limit(ERASED_AT_ONCE)
        .batchSize(ERASED_AT_ONCE)
        .toArray();
      if (some.length === 0) return;
      await this.raw.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } });
    }
  }
}

/** A life of readings is removed in parts: each is one transaction. */
const ERASED_AT_ONCE = 5_000;

/** The readings at the instants of one upload in one batch, with room to spare. */
const AT_INSTANTS = 3_000;
