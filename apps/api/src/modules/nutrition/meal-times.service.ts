import { Injectable } from '@nestjs/common';
import { MealsRepository } from './meals.repository';

/** When patients eat, for the system itself (glucose alerts); no caller is named. */
@Injectable()
export class Meals {
  constructor(private readonly meals: MealsRepository) {}

  /** The latest `eatenAt` of a meal with carbohydrates between two instants, both included; null when there is none. */
  async lastWithCarbsBefore(patientId: string, from: Date, to: Date): Promise<Date | null> {
    return this.meals.lastWithCarbs(patientId, from, to);
  }
}
