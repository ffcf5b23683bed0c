import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import {
  atOrAfter,
  newId,
  oid,
  readNewestWindowed,
  SettledCounts,
  type SettledList,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { type ActivityType, PharmacyActivity } from './activity.schema';

const DAY_MS = 86_400_000;
// Few steps: the dashboard counts its reads.
const SPANS_DAYS = [30] as const;
const SHOWN = { eventKey: 0, grantKey: 0 } as const;

/** A line as it is read: without its internal keys. */
export type ActivityRecord = Omit<PharmacyActivity, 'eventKey' | 'grantKey'>;

/** A line to be written. */
export interface NewActivity {
  readonly pharmacyId: string;
  readonly activityType: ActivityType;
  readonly description: string;
  readonly eventKey: string;
  readonly points?: number | undefined;
  readonly grantKey?: string | undefined;
  readonly amount?: number | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly at: Date;
}

/** The ledger's lines; written in transactions only. */
@Injectable()
export class ActivitiesRepository {
  private readonly windows = new WindowMemory();
  private readonly counts = new SettledCounts();

  constructor(@InjectModel(PharmacyActivity.name) private readonly activities: Model<PharmacyActivity>) {}

  private get raw() {
    return this.activities.collection;
  }

  /** Is this event of the pharmacy in the ledger? */
  async hasEvent(tx: Tx, pharmacyId: string, activityType: ActivityType, eventKey: string): Promise<boolean> {
    const key = { pharmacyId: oid(pharmacyId), activityType, eventKey };
    return (await this.raw.findOne(key, { projection: { _id: 1 }, session: tx.session })) !== null;
  }

  /** The pharmacies that have this event in the ledger. */
  async havingEvent(
    tx: Tx,
    pharmacyIds: readonly string[],
    activityType: ActivityType,
    eventKey: string,
  ): Promise<Set<string>> {
    const rows = await this.raw
      .find<PharmacyActivity>(
        { pharmacyId: { $in: pharmacyIds.map(oid) }, activityType, eventKey },
        { projection: { pharmacyId: 1 }, session: tx.session },
      )
      .toArray();
    return new Set(rows.map((row) => row.pharmacyId.toHexString()));
  }

  /** Were points granted for this before? */
  async hasGrant(tx: Tx, pharmacyId: string, grantKey: string): Promise<boolean> {
    const key = { pharmacyId: oid(pharmacyId), grantKey };
    return (await this.raw.findOne(key, { projection: { _id: 1 }, session: tx.session })) !== null;
  }

  /** The newest first, after `skip` of them. */
  async newest(pharmacyId: string, skip: number, limit: number, now: Date): Promise<ActivityRecord[]> {
    const before = horizonOf(now);
    const found = await readNewestWindowed({
      before,
      limit: skip + limit,
      spansDays: this.windows.spansDays(pharmacyId, SPANS_DAYS),
      read: (window, count) => this.within(pharmacyId, windowFilter(window), count),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === skip + limit)
      this.windows.remember(pharmacyId, before, oldest.createdAt);
    return found.slice(skip);
  }

  /** Those of `[from, to)`, the newest first. */
  async between(pharmacyId: string, from: Date, to: Date): Promise<ActivityRecord[]> {
    return this.within(pharmacyId, { ...atOrAfter(from), $lt: to }, null);
  }

  private async within(pharmacyId: string, createdAt: object, limit: number | null): Promise<ActivityRecord[]> {
    const cursor = this.raw
      .find<ActivityRecord>({ pharmacyId: oid(pharmacyId), createdAt }, { projection: SHOWN, batchSize: 1_000 })
      .sort({ createdAt: -1, _id: -1 });
    return (limit === null ? cursor : cursor.limit(limit)).toArray();
  }

  /** How many there are. Lines are never changed: what is settled is not counted again (decision 23). */
  async count(pharmacyId: string, now: Date): Promise<number> {
    const list: SettledList = {
      key: pharmacyId,
      from: null,
      to: horizonOf(now),
      keptSince: null,
      count: (window) => this.raw.countDocuments({ pharmacyId: oid(pharmacyId), createdAt: windowFilter(window) }),
    };
    return this.counts.count(list, now);
  }

  /** All of a pharmacy, the oldest first, one at a time. */
  allOf(pharmacyId: string): AsyncIterable<ActivityRecord> {
    return this.raw
      .find<ActivityRecord>({ pharmacyId: oid(pharmacyId) }, { projection: SHOWN })
      .sort({ createdAt: 1, _id: 1 });
  }

  /** Sum of the points of every pharmacy; for the check of counters. */
  async pointSums(): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    const projection = { pharmacyId: 1, points: 1 };
    for await (const row of this.raw.find<ActivityRecord>({}, { projection, batchSize: 5_000 })) {
      const id = row.pharmacyId.toHexString();
      sums.set(id, (sums.get(id) ?? 0) + (row.points ?? 0));
    }
    return sums;
  }

  /** Removes the ledger of an erased pharmacy. */
  async deleteOf(pharmacyId: string): Promise<void> {
    await this.raw.deleteMany({ pharmacyId: oid(pharmacyId) });
  }

  async insert(tx: Tx, activities: readonly NewActivity[]): Promise<void> {
    await this.raw.insertMany(activities.map(toRow), { session: tx.session });
  }
}

/** Nothing is newer, also where another instance's clock is a little ahead. */
function horizonOf(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}

function toRow(activity: NewActivity) {
  const { pharmacyId, activityType, description, eventKey, points, amount, metadata, at } = activity;
  const _id = newId();
  return {
    _id,
    pharmacyId: oid(pharmacyId),
    activityType,
    description,
    ...(amount === undefined ? {} : { amount }),
    ...(points === undefined ? {} : { points }),
    ...(metadata === undefined ? {} : { metadata }),
    eventKey,
    // Unique per pharmacy: the own id where nothing was granted (decision 14).
    grantKey: activity.grantKey ?? `none:${_id.toHexString()}`,
    createdAt: at,
    updatedAt: at,
  };
}
