import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, partyScope } from '../../access';
import { type ExportItem, ExportSections } from '../users';
import { FoodItemsRepository } from './food-items.repository';
import { MealsRepository } from './meals.repository';
import { toFoodItem, toMeal } from './nutrition.mapper';

/** Meals with their food items in the export of the patient. */
@Injectable()
export class NutritionExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly meals: MealsRepository,
    private readonly items: FoodItemsRepository,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'meals', roles: ['PATIENT'], items: (actor) => this.export(actor) });
  }

  private async *export(actor: Actor): AsyncGenerator<ExportItem> {
    const scope = partyScope(actor);
    for await (const record of this.meals.allOf(scope)) {
      const foods = await this.items.listOf(scope, record._id.toHexString(), 'oldest');
      yield { body: { ...toMeal(record), foods: foods.map(toFoodItem) } };
    }
  }
}
