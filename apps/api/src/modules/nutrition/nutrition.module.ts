import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { GlucoseModule } from '../glucose';
import { UsersModule } from '../users';
import { FoodItemsRepository } from './food-items.repository';
import { FoodItemsService } from './food-items.service';
import { MealReadings } from './meal-readings.service';
import { Meals } from './meal-times.service';
import { FoodItem, FoodItemSchema, Meal, MealSchema } from './meal.schema';
import { MealsRepository } from './meals.repository';
import { MealsService } from './meals.service';
import { NutritionErasureStep } from './nutrition-erasure.step';
import { NutritionStatsController } from './nutrition-stats.controller';
import { NutritionStatsService } from './nutrition-stats.service';
import { NutritionController } from './nutrition.controller';
import { NutritionExport } from './nutrition.export';

/** Meals, food items and their statistics. */
@Module({
  imports: [
    UsersModule,
    GlucoseModule,
    MongooseModule.forFeature([
      { name: Meal.name, schema: MealSchema },
      { name: FoodItem.name, schema: FoodItemSchema },
    ]),
  ],
  controllers: [NutritionController, NutritionStatsController],
  providers: [
    MealsRepository,
    FoodItemsRepository,
    MealReadings,
    MealsService,
    FoodItemsService,
    NutritionStatsService,
    Meals,
    NutritionExport,
    NutritionErasureStep,
  ],
  exports: [Meals],
})
export class NutritionModule {}
