import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import type { ParsedInstant } from '../../../common/time';
import { Instant, Num, OneOf, PatchBody, Str } from '../../../common/validation';
import { MEAL_SOURCES, type MealSource } from '../meal.schema';

const CARBS = { min: 0, max: 1_000, description: 'g', example: 45 } as const;
const MACRO = { optional: true, min: 0, max: 500, description: 'g' } as const;
const CALORIES = { optional: true, min: 0, max: 10_000, description: 'kcal' } as const;
const NAME = { max: 150, example: 'Breakfast' } as const;
const EATEN_AT = { description: 'From 2000, not in the future', example: '2026-02-25T07:30:00Z' } as const;
const CONFIDENCE = { optional: true, min: 0, max: 100, description: '%, meaningful with source ai' } as const;

/** Body of POST /nutrition/meals. */
export class CreateMealBody {
  @Str(NAME)
  name!: string;

  @Instant(EATEN_AT)
  eatenAt!: ParsedInstant;

  @Num(CARBS)
  carbs!: number;

  @Num(MACRO)
  protein?: number;

  @Num(MACRO)
  fat?: number;

  @Num(CALORIES)
  calories?: number;

  @Str({ optional: true, max: 500 })
  note?: string;

  @OneOf(MEAL_SOURCES, { optional: true, default: 'manual' })
  source?: MealSource;

  @Num(CONFIDENCE)
  confidence?: number;
}

/** Body of PATCH /nutrition/meals/:id. */
@PatchBody()
export class UpdateMealBody {
  @Str(NAME)
  name?: string;

  @Instant(EATEN_AT)
  eatenAt?: ParsedInstant;

  @Num(CARBS)
  carbs?: number;

  @Num(MACRO)
  protein?: number | null;

  @Num(MACRO)
  fat?: number | null;

  @Num(CALORIES)
  calories?: number | null;

  @Str({ optional: true, max: 500 })
  note?: string | null;

  @OneOf(MEAL_SOURCES, { optional: true, description: 'null: manual' })
  source?: MealSource | null;

  @Num(CONFIDENCE)
  confidence?: number | null;
}

/** Body of POST /nutrition/meals/:mealId/foods. */
export class CreateFoodBody {
  @Str({ max: 150, example: 'Whole grain bread' })
  name!: string;

  @Num(CARBS)
  carbs!: number;

  @Num(MACRO)
  protein?: number;

  @Num(MACRO)
  fat?: number;

  @Num(CALORIES)
  calories?: number;
}

/** Body of PATCH /nutrition/meals/:mealId/foods/:id. */
@PatchBody()
export class UpdateFoodBody {
  @Str({ max: 150 })
  name?: string;

  @Num(CARBS)
  carbs?: number;

  @Num(MACRO)
  protein?: number | null;

  @Num(MACRO)
  fat?: number | null;

  @Num(CALORIES)
  calories?: number | null;
}

/** Query of GET /nutrition/meals. */
export class MealsQuery extends PagingQuery {
  @Instant({ optional: true, description: 'Earliest eatenAt, inclusive' })
  start?: ParsedInstant;

  @Instant({ optional: true, description: 'Latest eatenAt, inclusive' })
  end?: ParsedInstant;
}

/** What meals and food items share: grams and kcal. */
class NutrientsResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string' })
  name!: string;

  @ApiProperty({ type: 'number', description: 'g' })
  carbs!: number;

  @ApiPropertyOptional({ type: 'number', description: 'g' })
  protein?: number;

  @ApiPropertyOptional({ type: 'number', description: 'g' })
  fat?: number;

  @ApiPropertyOptional({ type: 'number', description: 'kcal' })
  calories?: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A food item of a meal. */
export class FoodItemResponse extends NutrientsResponse {
  @ApiProperty({ type: 'string' })
  mealId!: string;
}

/** A meal. */
export class MealResponse extends NutrientsResponse {
  @ApiProperty({ type: 'string', format: 'date-time' })
  eatenAt!: Date;

  @ApiPropertyOptional({ type: 'string' })
  note?: string;

  @ApiProperty({ type: 'string', enum: MEAL_SOURCES })
  source!: string;

  @ApiPropertyOptional({ type: 'number', description: '%' })
  confidence?: number;
}

/** A meal with what it was made of. */
export class MealWithFoodsResponse extends MealResponse {
  @ApiProperty({ type: [FoodItemResponse], description: 'At most 50, oldest first' })
  foods!: FoodItemResponse[];
}

/** A page of meals. */
export class MealPage extends PageResponse(MealResponse) {}
