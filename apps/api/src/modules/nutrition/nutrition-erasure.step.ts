import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database';
import { type ErasedAccount, ErasureSteps } from '../users';
import { FoodItemsRepository } from './food-items.repository';
import { MealsRepository } from './meals.repository';

const BATCH = 200;

/** Removes an erased patient's meals, each together with its food items. */
@Injectable()
export class NutritionErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly meals: MealsRepository,
    private readonly items: FoodItemsRepository,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'nutrition', run: (account) => this.run(account) });
  }

  private async run({ userId, role }: ErasedAccount): Promise<void> {
    if (role !== 'PATIENT') return;
    for (;;) {
      const ids = await this.meals.someIdsOf(userId, BATCH);
      if (ids.length === 0) return;
      await this.work.run(async (tx) => {
        await this.items.deleteOf(tx, userId, ids);
        await this.meals.deleteMany(tx, userId, ids);
      });
    }
  }
}
