import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { atOrAfter, oid } from '../../platform/database';
import type { MealReading } from './nutrition.policy';

const BATCH = 10_000;

/** Glucose readings as the statistics of meals need them. */
@Injectable()
export class MealReadings {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** The readings of a patient between two instants, both included, the earliest first: one query. */
  async between(patientId: string, from: Date, to: Date): Promise<MealReading[]> {
    return this.connection
      .collection('glucoses')
      .find<MealReading>(
        { patientId: oid(patientId), measuredAt: { ...atOrAfter(from), $lte: to } },
        { projection: { measuredAt: 1, valueMgdl: 1, _id: 0 }, batchSize: BATCH },
      )
      .sort({ measuredAt: 1, _id: 1 })
      .toArray();
  }
}
