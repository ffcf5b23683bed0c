import { MGDL_PER_MMOL } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { GlucoseReadings } from '../glucose';
import type { MealReading } from './nutrition.policy';

/** Glucose readings as the statistics of meals need them. */
@Injectable()
export class MealReadings {
  constructor(private readonly readings: GlucoseReadings) {}

  /** The readings of a patient between two instants, both included, the earliest first: one query. */
  async between(patientId: string, from: Date, to: Date): Promise<MealReading[]> {
    const found = await this.readings.between(patientId, from, new Date(to.getTime() + 1));
    return found.map(({ t, value, unit }) => ({
      measuredAt: new Date(t),
      valueMgdl: unit === 'mmol/L' ? value * MGDL_PER_MMOL : value,
    }));
  }
}
