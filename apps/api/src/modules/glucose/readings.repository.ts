import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PatientScope } from '../../access';
import {
  atOrAfter,
  findByIdIf,
  newId,
  oid,
  readNewestWindowed,
  rewriteOne,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { Glucose, type GlucosePeriod, type GlucoseSource } from './glucose.schema';

/** A new reading, before it has an id. */
export type NewReading = Omit<Glucose, '_id' | '__v' | 'createdAt' | 'updatedAt'>;

/** Which readings of a list are wanted; both ends included. */
export interface ReadingFilter {
  readonly start: Date | null;
  readonly end: Date | null;
  readonly period: GlucosePeriod | null;
  readonly source: GlucoseSource | null;
}

const DAY_MS = 86_400_000;
// A little past 14 h: what clocks without an offset may bring from the future.
const FUTURE_MS = 15 * 3_600_000;
const SPANS_DAYS = [7, 31, 366] as const;

/**
 * What a filter asks beyond patient and time, as a stage of its own: no index covers it, and the embedded engine would
 * scan for one filter that holds more than an index does (decision 14).
 */
function furtherMatch({ period, source }: ReadingFilter): { $match: Record<string, unknown> }[] {
  if (period === null && source === null) return [];
  return [{ $match: { ...(period === null ? {} : { period }), ...(source === null ? {} : { source }) } }];
}

/** The time part of a filter; empty without bounds. */
function timeFilter(start: Date | null, end: Date | null): Record<string, unknown> {
  if (start === null && end === null) return {};
  return { measuredAt: { ...(start === null ? {} : atOrAfter(start)), ...(end === null ? {} : { $lte: end }) } };
}

/** Readings by patient. */
@Injectable()
export class ReadingsRepository {
  private readonly windows = new WindowMemory();

  constructor(@InjectModel(Glucose.name) private readonly glucoses: Model<Glucose>) {}

  private get raw() {
    return this.glucoses.collection;
  }

  /** Stores new readings; ids are given in their order. A taken dedupe key runs the transaction again. */
  async insert(tx: Tx, readings: readonly NewReading[], now: Date): Promise<Glucose[]> {
    const records = readings.map((reading) => ({ ...reading, _id: newId(), __v: 0, createdAt: now, updatedAt: now }));
    if (records.length === 1 && records[0] !== undefined) {
      await this.raw.insertOne({ ...records[0] }, { session: tx.session });
    } else if (records.length > 0) {
      await this.raw.insertMany(records, { session: tx.session, ordered: false });
    }
    return records;
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

  /** What a bulk call may repeat: id, instant, source and kind of the readings at these instants. */
  async atInstants(tx: Tx, patientId: string, instants: readonly Date[]): Promise<Glucose[]> {
    const times = instants.map((instant) => instant.getTime());
    const [from, to] = [Math.min(...times), Math.max(...times)];
    const where = { patientId: oid(patientId) };
    const options = {
      session: tx.session,
      projection: { measuredAt: 1, source: 1, kind: 1 },
      batchSize: MAX_RANGE + 1,
    };
    const range = { ...where, measuredAt: { ...atOrAfter(new Date(from)), $lte: new Date(to) } };
    // A dense upload is one short range of the index; a scattered one is looked up instant by instant.
    const found = await this.raw
      .find<Glucose>(range, options)
      .limit(MAX_RANGE + 1)
      .toArray();
    if (found.length <= MAX_RANGE) return found;
    return this.raw.find<Glucose>({ ...where, measuredAt: { $in: [...instants] } }, options).toArray();
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
          .find<Glucose>(
            { patientId: oid(patientId), measuredAt: windowFilter(window), interval: { $gt: 0 } },
            { projection: { interval: 1, measuredAt: 1 }, ...session },
          )
          .sort({ measuredAt: -1, _id: -1 })
          .limit(limit)
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

  /** A page of a list, newest first, through windows of time. */
  async page(scope: PatientScope, filter: ReadingFilter, skip: number, limit: number, now: Date): Promise<Glucose[]> {
    const further = furtherMatch(filter);
    const newest = (time: Record<string, unknown>, count: number, skipped = 0): Promise<Glucose[]> =>
      this.raw
        .aggregate<Glucose>(
          [
            { $match: { patientId: oid(scope.patientId), ...time } },
            ...further,
            { $sort: { measuredAt: -1, _id: -1 } },
            ...(skipped === 0 ? [] : [{ $skip: skipped }]),
            { $limit: count },
          ],
          { batchSize: count },
        )
        .toArray();
    if (skip > DEEP_SKIP) return newest(timeFilter(filter.start, filter.end), limit, skip);
    const horizon = new Date(now.getTime() + FUTURE_MS);
    const end = filter.end === null ? horizon : new Date(filter.end.getTime() + 1);
    const before = end < horizon ? end : horizon;
    const list = `${scope.patientId}|${filter.period ?? ''}|${filter.source ?? ''}|${filter.end === null}`;
    const found = await readNewestWindowed({
      before,
      limit: skip + limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      ...(filter.start === null ? {} : { notBefore: filter.start }),
      read: (window, count) => newest({ measuredAt: windowFilter(window) }, count),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === skip + limit) this.windows.remember(list, before, oldest.measuredAt);
    return found.slice(skip);
  }

  /** The newest readings between two instants, both included; at most `limit`. */
  async newestBetween(scope: PatientScope, start: Date, end: Date, limit: number): Promise<Glucose[]> {
    return this.raw
      .find<Glucose>({ patientId: oid(scope.patientId), ...timeFilter(start, end) })
      .sort({ measuredAt: -1, _id: -1 })
      .limit(limit)
      .batchSize(limit)
      .toArray();
  }

  /** How many readings a filter matches: over index keys, as long as it names no period or source. */
  async count(patientId: string, filter: ReadingFilter): Promise<number> {
    const where = { patientId: oid(patientId), ...timeFilter(filter.start, filter.end) };
    const further = furtherMatch(filter);
    if (further.length === 0) return this.raw.countDocuments(where);
    const [counted] = await this.raw
      .aggregate<{ total: number }>([{ $match: where }, ...further, { $count: 'total' }])
      .toArray();
    return counted?.total ?? 0;
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

/** Pages further back are skipped by the server: what lies before them is not read into memory. */
const DEEP_SKIP = 2_000;

/** A range with more readings than this is not read for a bulk call. */
const MAX_RANGE = 3_000;
