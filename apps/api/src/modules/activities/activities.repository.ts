import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../platform/database';
import { type ActivityType, PharmacyActivity } from './activity.schema';

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

  async insert(tx: Tx, activities: readonly NewActivity[]): Promise<void> {
    await this.raw.insertMany(activities.map(toRow), { session: tx.session });
  }
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
