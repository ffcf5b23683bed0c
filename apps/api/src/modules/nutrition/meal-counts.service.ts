import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ListCounts } from '../../platform/database';
import { CounterChecks, type CounterDifference } from '../../platform/scheduler';
import { MealsRepository } from './meals.repository';

/** Compares the stored numbers of meals by month with the meals themselves. */
@Injectable()
export class MealCounts implements OnModuleInit {
  constructor(
    private readonly meals: MealsRepository,
    private readonly counts: ListCounts,
    private readonly checks: CounterChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register(() => this.differences());
  }

  private async differences(): Promise<CounterDifference[]> {
    const found: CounterDifference[] = [];
    for await (const patientId of this.meals.counted())
      for (const { month, stored, counted } of await this.counts.differences(this.meals.countedOf(patientId)))
        found.push({ counter: 'listcounts.meals', owner: `${patientId} ${month}`, stored, counted });
    return found;
  }
}
