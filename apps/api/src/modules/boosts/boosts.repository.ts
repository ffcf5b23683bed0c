import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, newId, oid, type Tx, updateByIdIf } from '../../platform/database';
import { Boost, type BoostStatus } from './boost.schema';
import { LONGEST_BOOST_MS } from './boost.policy';

/** A boost as stored. */
export type BoostRecord = Boost;

/** What is stored of a new boost. */
export interface NewBoost extends Pick<Boost, 'boostType' | 'price' | 'radiusKm' | 'startsAt' | 'expiresAt'> {
  readonly pharmacyId: string;
  readonly paymentStatus: Boost['paymentStatus'];
}

/** Boosts of pharmacies. */
@Injectable()
export class BoostsRepository {
  constructor(@InjectModel(Boost.name) private readonly boosts: Model<Boost>) {}

  private get raw() {
    return this.boosts.collection;
  }

  async insert(tx: Tx, boost: NewBoost, now: Date): Promise<BoostRecord> {
    const record: BoostRecord = {
      _id: newId(),
      ...boost,
      pharmacyId: oid(boost.pharmacyId),
      status: 'active',
      createdAt: now,
      updatedAt: now,
    };
    await this.raw.insertOne(record, { session: tx.session });
    return record;
  }

  /** Does a boost of the pharmacy that was not cancelled share time with `[from, to)`? */
  async overlaps(tx: Tx, pharmacyId: string, from: Date, to: Date): Promise<boolean> {
    const earliest = new Date(from.getTime() - LONGEST_BOOST_MS);
    for (const status of ['active', 'expired'] as const) {
      const where = { pharmacyId: oid(pharmacyId), status, startsAt: { $gt: earliest, $lt: to } };
      const found = await this.raw
        .find<BoostRecord>(where, { projection: { expiresAt: 1 }, session: tx.session })
        .toArray();
      if (found.some(({ expiresAt }) => expiresAt > from)) return true;
    }
    return false;
  }

  /** Newest first. */
  async ofPharmacy(pharmacyId: string, limit: number): Promise<BoostRecord[]> {
    return this.raw
      .find<BoostRecord>({ pharmacyId: oid(pharmacyId) })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  /** All of a pharmacy, the oldest first, one at a time. */
  allOf(pharmacyId: string): AsyncIterable<BoostRecord> {
    return this.raw.find<BoostRecord>({ pharmacyId: oid(pharmacyId) }).sort({ createdAt: 1, _id: 1 });
  }

  /** The boosts of some pharmacies that run at an instant; no two of one pharmacy do. */
  async running(pharmacyIds: readonly string[], at: Date): Promise<BoostRecord[]> {
    const ids = pharmacyIds.map(oid);
    const pharmacyId = ids.length === 1 ? ids[0] : { $in: ids };
    const found = await this.raw
      .find<BoostRecord>({ pharmacyId, status: 'active', startsAt: { $lte: at } }, { batchSize: 1_000 })
      .toArray();
    return found.filter((boost) => boost.expiresAt > at);
  }

  /** Every boost that runs at an instant. */
  async allRunning(at: Date): Promise<BoostRecord[]> {
    const projection = { pharmacyId: 1, boostType: 1, radiusKm: 1, startsAt: 1, expiresAt: 1 };
    const found = await this.raw
      .find<BoostRecord>({ status: 'active', expiresAt: { $gt: at } }, { projection, batchSize: 5_000 })
      .toArray();
    return found.filter((boost) => boost.startsAt <= at);
  }

  /** The boost if it is the pharmacy's. */
  async findOwn(tx: Tx, pharmacyId: string, id: string): Promise<BoostRecord | null> {
    const own = (boost: BoostRecord): boolean => boost.pharmacyId.equals(pharmacyId);
    return findByIdIf<BoostRecord>(this.raw, oid(id), own, { session: tx.session });
  }

  /** Moves a boost that has one of these statuses; null when it has another. */
  async move(
    tx: Tx,
    boost: BoostRecord,
    from: readonly BoostStatus[],
    to: BoostStatus,
    now: Date,
  ): Promise<BoostRecord | null> {
    const change = { $set: { status: to, updatedAt: now } };
    return updateByIdIf<BoostRecord>(this.raw, boost._id, ({ status }) => from.includes(status), change, tx.session);
  }

  /** Writes down that boosts whose time has passed are expired. */
  async expire(now: Date): Promise<void> {
    const due = { status: 'active', expiresAt: { $lte: now } };
    await this.raw.updateMany(due, { $set: { status: 'expired', updatedAt: now } });
  }

  /** Cancels the boosts of a pharmacy that are not over. */
  async cancelOf(pharmacyId: string, now: Date): Promise<void> {
    const open = { pharmacyId: oid(pharmacyId), status: 'active' };
    await this.raw.updateMany(open, { $set: { status: 'cancelled', updatedAt: now } });
  }
}
