import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, type PartyScope, partyScope } from '../../access';
import { AppError } from '../../common/errors';
import { pageOf, pageRequest } from '../../common/pagination';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { assertVersion, showsVersion } from '../../platform/http';
import { ListCountChecks } from '../../platform/scheduler';
import type {
  CreateMealBody,
  MealPage,
  MealResponse,
  MealsQuery,
  MealWithFoodsResponse,
  UpdateMealBody,
} from './dto/meal.dto';
import { FoodItemsRepository } from './food-items.repository';
import { type MealChange, type MealRecord, MEALS_LIST, MealsRepository, type NewMeal } from './meals.repository';
import { toFoodItem, toMeal } from './nutrition.mapper';
import { assertEatenAt } from './nutrition.policy';
import { effectiveChange } from './record-change.policy';

/** The caller's meals. */
@Injectable()
export class MealsService implements OnModuleInit {
  constructor(
    private readonly meals: MealsRepository,
    private readonly items: FoodItemsRepository,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly checks: ListCountChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register(MEALS_LIST, (patientId) => this.meals.countedOf(patientId));
  }

  /** @throws AppError VALIDATION_FAILED for a meal before 2000 or in the future */
  async create(actor: Actor, body: CreateMealBody): Promise<MealResponse> {
    assertEatenAt(body.eatenAt, this.clock.now());
    const { eatenAt, source = 'manual', ...rest } = body;
    const meal: NewMeal = { ...rest, eatenAt: eatenAt.date, source };
    return this.work.respond(
      async (tx) => {
        const record = await this.meals.insert(tx, partyScope(actor), meal, this.clock.now());
        showsVersion(record.__v);
        return toMeal(record);
      },
      // Two meals of a patient conflict on their number.
      { lanes: [`meals:${actor.id}`] },
    );
  }

  /** A page, the latest eaten first. */
  async list(actor: Actor, query: MealsQuery): Promise<MealPage> {
    const request = pageRequest(query);
    const range = { from: query.start?.date ?? null, to: query.end?.date ?? null };
    const skip = (request.page - 1) * request.limit;
    const { data, total } = await this.meals.page(partyScope(actor), range, this.clock.now(), skip, request.limit);
    return pageOf(data.map(toMeal), total, request);
  }

  /** A meal with its items, the oldest first. @throws AppError NOT_FOUND */
  async get(actor: Actor, id: string): Promise<MealWithFoodsResponse> {
    const scope = partyScope(actor);
    const [record, foods] = await Promise.all([this.find(scope, id), this.items.listOf(scope, id, 'oldest')]);
    showsVersion(record.__v);
    return { ...toMeal(record), foods: foods.map(toFoodItem) };
  }

  /** @throws AppError VALIDATION_FAILED, NOT_FOUND, PRECONDITION_FAILED */
  async update(actor: Actor, id: string, body: UpdateMealBody): Promise<MealResponse> {
    if (body.eatenAt !== undefined) assertEatenAt(body.eatenAt, this.clock.now());
    const scope = partyScope(actor);
    const wanted = toChange(body);
    const record = await this.work.run(
      async (tx) => {
        const stored = await this.find(scope, id, tx);
        assertVersion(stored.__v);
        const change = effectiveChange<NewMeal>(stored, wanted);
        return Object.keys(change).length === 0 ? stored : this.meals.update(tx, stored, change, this.clock.now());
      },
      { lanes: [`meal:${id}`] },
    );
    showsVersion(record.__v);
    return toMeal(record);
  }

  /** Removes a meal together with its items. @throws AppError NOT_FOUND */
  async remove(actor: Actor, id: string): Promise<{ message: string }> {
    const scope = partyScope(actor);
    const removed = await this.work.run(
      async (tx) => {
        if (!(await this.meals.delete(tx, scope, id))) return false;
        await this.items.deleteOf(tx, actor.id, [id]);
        return true;
      },
      { lanes: [`meal:${id}`] },
    );
    if (!removed) throw new AppError('NOT_FOUND');
    return { message: 'Meal deleted successfully' };
  }

  private async find(scope: PartyScope, id: string, tx?: Tx): Promise<MealRecord> {
    const record = await this.meals.findOwn(scope, id, tx);
    if (record === null) throw new AppError('NOT_FOUND');
    return record;
  }
}

function toChange(body: UpdateMealBody): MealChange {
  const { eatenAt, source, ...rest } = body;
  return {
    ...rest,
    ...(eatenAt === undefined ? {} : { eatenAt: eatenAt.date }),
    ...(source === undefined ? {} : { source: source ?? 'manual' }),
  };
}
