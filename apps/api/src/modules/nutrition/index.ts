export { Meals } from './meal-times.service';
export { NutritionModule } from './nutrition.module';
