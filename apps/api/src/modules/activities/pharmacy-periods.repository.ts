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
}
