import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import {
  CreateFoodBody,
  CreateMealBody,
  FoodItemResponse,
  MealPage,
  MealResponse,
  MealsQuery,
  MealWithFoodsResponse,
  UpdateFoodBody,
  UpdateMealBody,
} from './dto/meal.dto';
import { FoodItemsService } from './food-items.service';
import { MealsService } from './meals.service';

const OWN = { roles: ['PATIENT'], errors: ['INVALID_ID', 'NOT_FOUND'] } as const;

/** The caller's meals and their food items. */
@ApiTags('nutrition')
@Controller('nutrition/meals')
export class NutritionController {
  constructor(
    private readonly meals: MealsService,
    private readonly foods: FoodItemsService,
  ) {}

  @Post()
  @Endpoint('POST', { summary: 'Stores a meal', roles: ['PATIENT'], response: MealResponse, etag: true })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateMealBody) {
    return this.meals.create(actor, body);
  }

  @Get()
  @Endpoint('GET', { summary: 'Own meals, the latest eaten first', roles: ['PATIENT'], response: MealPage })
  list(@CurrentActor() actor: Actor, @QueryDto() query: MealsQuery) {
    return this.meals.list(actor, query);
  }

  @Get(':id')
  @Endpoint('GET', { ...OWN, summary: 'A meal with its food items', response: MealWithFoodsResponse, etag: true })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.meals.get(actor, id);
  }

  @Patch(':id')
  @Endpoint('PATCH', { ...OWN, summary: 'Changes a meal', response: MealResponse, etag: true })
  update(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: UpdateMealBody) {
    return this.meals.update(actor, id, body);
  }

  @Delete(':id')
  @Endpoint('DELETE', { ...OWN, summary: 'Deletes a meal together with its food items', response: MessageResponse })
  remove(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.meals.remove(actor, id);
  }

  @Post(':mealId/foods')
  @Endpoint('POST', {
    summary: 'Adds a food item to a meal',
    roles: ['PATIENT'],
    response: FoodItemResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'MEAL_FULL', 'CONCURRENT_UPDATE'],
    etag: true,
  })
  addFood(@CurrentActor() actor: Actor, @IdParam('mealId') mealId: string, @BodyDto() body: CreateFoodBody) {
    return this.foods.create(actor, mealId, body);
  }

  @Get(':mealId/foods')
  @Endpoint('GET', { ...OWN, summary: 'The food items of a meal, the newest first', response: [FoodItemResponse] })
  listFoods(@CurrentActor() actor: Actor, @IdParam('mealId') mealId: string) {
    return this.foods.list(actor, mealId);
  }

  @Patch(':mealId/foods/:id')
  @Endpoint('PATCH', { ...OWN, summary: 'Changes a food item', response: FoodItemResponse, etag: true })
  updateFood(
    @CurrentActor() actor: Actor,
    @IdParam('mealId') mealId: string,
    @IdParam('id') id: string,
    @BodyDto() body: UpdateFoodBody,
  ) {
    return this.foods.update(actor, { mealId, id }, body);
  }

  @Delete(':mealId/foods/:id')
  @Endpoint('DELETE', { ...OWN, summary: 'Removes a food item from a meal', response: MessageResponse })
  removeFood(@CurrentActor() actor: Actor, @IdParam('mealId') mealId: string, @IdParam('id') id: string) {
    return this.foods.remove(actor, { mealId, id });
  }
}
