import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { oid, type Tx } from '../../platform/database';
import { periodStart } from './period.policy';
import { PharmacyPeriod } from './pharmacy-period.schema';

/** Figures of one stretch of time. */
export interface PeriodFigures {
  readonly received: number;
  readonly accepted: number;
  readonly clients: number;
  readonly revenue: number;
  readonly missed: number;
}

/** Figures with the first instant of their stretch. */
export interface PeriodRow extends PeriodFigures {
  readonly from: Date;
}

/** Figures of pharmacies by stretches of time. */
@Injectable()
export class PharmacyPeriodsRepository {
  constructor(@InjectModel(PharmacyPeriod.name) private readonly periods: Model<PharmacyPeriod>) {}

  /** Adds to the stretch that holds the instant. */
  async add(tx: Tx, pharmacyIds: readonly string[], figures: Partial<PeriodFigures>, at: Date): Promise<void> {
    const from = periodStart(at);
    await this.periods.collection.bulkWrite(
      pharmacyIds.map((id) => ({
        updateOne: { filter: { pharmacyId: oid(id), from }, update: { $inc: { ...figures } }, upsert: true },
      })),
      { session: tx.session },
    );
  }

  /** The stretches of `[from, to)` that have figures, the oldest first. */
  async between(pharmacyId: string, from: Date, to: Date): Promise<PeriodRow[]> {
    // An ascending index: the inclusive bound is safe (decision 14 speaks of descending ones).
    const rows = await this.periods.collection
      .find<PharmacyPeriod>({ pharmacyId: oid(pharmacyId), from: { $gte: from, $lt: to } }, { batchSize: 5_000 })
      .toArray();
    return rows.map(({ from: start, received = 0, accepted = 0, clients = 0, revenue = 0, missed = 0 }) => ({
      from: start,
      received,
      accepted,
      clients,
      revenue,
      missed,
    }));
  }

  /** Removes the figures of an erased pharmacy. */
  async deleteOf(pharmacyId: string): Promise<void> {
    await this.periods.collection.deleteMany({ pharmacyId: oid(pharmacyId) });
  }
}
