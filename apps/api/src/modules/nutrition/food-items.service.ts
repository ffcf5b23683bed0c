import { Injectable } from '@nestjs/common';
import { type Actor, partyScope } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { assertVersion, showsVersion } from '../../platform/http';
import type { CreateFoodBody, FoodItemResponse, UpdateFoodBody } from './dto/meal.dto';
import { type FoodItemRecord, FoodItemsRepository, type ItemPath, type NewFoodItem } from './food-items.repository';
import { MealsRepository } from './meals.repository';
import { toFoodItem } from './nutrition.mapper';
import { effectiveChange } from './record-change.policy';

/** What the caller's meals were made of. */
@Injectable()
export class FoodItemsService {
  constructor(
    private readonly items: FoodItemsRepository,
    private readonly meals: MealsRepository,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError NOT_FOUND, MEAL_FULL */
  async create(actor: Actor, mealId: string, body: CreateFoodBody): Promise<FoodItemResponse> {
    const scope = partyScope(actor);
    return this.work.respond(
      async (tx) => {
        if ((await this.meals.takeItemPlace(tx, scope, mealId)) === null)
          throw new AppError((await this.meals.findOwn(scope, mealId, tx)) === null ? 'NOT_FOUND' : 'MEAL_FULL');
        return show(await this.items.insert(tx, scope, mealId, { ...body }, this.clock.now()));
      },
      { lanes: [`meal:${mealId}`] },
    );
  }

  /** The items of a meal, the newest first. @throws AppError NOT_FOUND */
  async list(actor: Actor, mealId: string): Promise<FoodItemResponse[]> {
    const scope = partyScope(actor);
    const [meal, items] = await Promise.all([
      this.meals.findOwn(scope, mealId),
      this.items.listOf(scope, mealId, 'newest'),
    ]);
    if (meal === null) throw new AppError('NOT_FOUND');
    return items.map(toFoodItem);
  }

  /** @throws AppError NOT_FOUND, PRECONDITION_FAILED */
  async update(actor: Actor, path: ItemPath, body: UpdateFoodBody): Promise<FoodItemResponse> {
    const scope = partyScope(actor);
    const record = await this.work.run(
      async (tx) => {
        const stored = await this.items.findOwn(scope, path, tx);
        if (stored === null) throw new AppError('NOT_FOUND');
        assertVersion(stored.__v);
        const change = effectiveChange<NewFoodItem>(stored, { ...body });
        return Object.keys(change).length === 0 ? stored : this.items.update(tx, stored, change, this.clock.now());
      },
      { lanes: [`food:${path.id}`] },
    );
    return show(record);
  }

  /** @throws AppError NOT_FOUND */
  async remove(actor: Actor, path: ItemPath): Promise<{ message: string }> {
    const scope = partyScope(actor);
    const removed = await this.work.run(
      async (tx) => {
        if (!(await this.items.delete(tx, scope, path))) return false;
        await this.meals.freeItemPlace(tx, path.mealId);
        return true;
      },
      { lanes: [`meal:${path.mealId}`] },
    );
    if (!removed) throw new AppError('NOT_FOUND');
    return { message: 'Food item deleted successfully' };
  }
}

function show(record: FoodItemRecord): FoodItemResponse {
  showsVersion(record.__v);
  return toFoodItem(record);
}
