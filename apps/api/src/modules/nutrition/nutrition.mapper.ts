import type { FoodItemResponse, MealResponse } from './dto/meal.dto';
import type { FoodItem, Meal } from './meal.schema';

type Optional = 'protein' | 'fat' | 'calories' | 'note' | 'confidence';

/** The optional fields that are set; absent ones are left out. */
function present<K extends Optional>(record: Partial<Record<K, unknown>>, keys: readonly K[]): object {
  return Object.fromEntries(
    keys.flatMap((key) => (record[key] === undefined || record[key] === null ? [] : [[key, record[key]]])),
  );
}

/** A meal as every route shows it (contract 31 section 2). */
export function toMeal(record: Meal): MealResponse {
  return {
    _id: record._id.toHexString(),
    patientId: record.patientId.toHexString(),
    name: record.name,
    eatenAt: record.eatenAt,
    carbs: record.carbs,
    ...present(record, ['protein', 'fat', 'calories', 'note']),
    source: record.source,
    ...present(record, ['confidence']),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

/** A food item. */
export function toFoodItem(record: FoodItem): FoodItemResponse {
  return {
    _id: record._id.toHexString(),
    mealId: record.mealId.toHexString(),
    patientId: record.patientId.toHexString(),
    name: record.name,
    carbs: record.carbs,
    ...present(record, ['protein', 'fat', 'calories']),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
