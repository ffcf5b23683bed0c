import { Inject, Injectable } from '@nestjs/common';
import { type Actor, partyScope } from '../../access';
import { Clock, dayBounds, localDay } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { currentContext } from '../../platform/context/request-context';
import { AccountDirectory } from '../users';
import type {
  DailyCarbsResponse,
  MealSpikeResponse,
  SpikeQuery,
  TargetsResponse,
  WeeklyMacrosResponse,
} from './dto/nutrition-stats.dto';
import { MealReadings } from './meal-readings.service';
import { MealsRepository } from './meals.repository';
import {
  againstTarget,
  curveOf,
  type MacroTotals,
  oneDecimal,
  readingsWindow,
  spikeWindow,
  totalsOf,
} from './nutrition.policy';

const WEEK_DAYS = 7;
const MAX_SPIKES = 500;

const WARNINGS = {
  en: { carbs: 'Carbohydrate target exceeded', calories: 'Calorie target exceeded' },
  fr: { carbs: 'Objectif de glucides dépassé', calories: 'Objectif calorique dépassé' },
} as const;

/** Numbers of the caller's meals, by calendar days of the caller's zone. */
@Injectable()
export class NutritionStatsService {
  constructor(
    private readonly meals: MealsRepository,
    private readonly readings: MealReadings,
    private readonly directory: AccountDirectory,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Sums of one day. */
  async dailyCarbs(actor: Actor, date: string): Promise<DailyCarbsResponse> {
    return { date, ...(await this.totalsOfDay(actor, date, await this.zoneOf(actor))) };
  }

  /**
   * Sums of the last seven days including today. There is no upper bound: a phone that sends local time without an
   * offset is up to 14 hours ahead (contract 00 section 3).
   */
  async weeklyMacros(actor: Actor): Promise<WeeklyMacrosResponse> {
    const zone = await this.zoneOf(actor);
    const today = localDay(this.clock.now(), zone);
    const from = dayBounds(daysBefore(today, WEEK_DAYS - 1), zone).start;
    const meals = await this.meals.macros(partyScope(actor), from, null);
    const carbs = meals.reduce((sum, meal) => sum + meal.carbs, 0);
    return { ...totalsOf(meals), averageCarbsPerDay: oneDecimal(carbs / WEEK_DAYS) };
  }

  /** A day's sums against the targets; today unless a day is named. */
  async targets(actor: Actor, day: string | undefined): Promise<TargetsResponse> {
    const zone = await this.zoneOf(actor);
    const date = day ?? localDay(this.clock.now(), zone);
    const { totalCarbs, totalCalories } = await this.totalsOfDay(actor, date, zone);
    const { nutritionCarbsTargetG: carbsTarget, nutritionCaloriesTargetKcal: caloriesTarget } = this.config.care;
    const carbs = againstTarget(totalCarbs, carbsTarget);
    const calories = againstTarget(totalCalories, caloriesTarget);
    const texts = WARNINGS[currentContext()?.locale ?? 'en'];
    return {
      date,
      dailyCarbs: totalCarbs,
      dailyCalories: totalCalories,
      carbsTarget,
      caloriesTarget,
      carbsExceeded: carbs.exceeded,
      caloriesExceeded: calories.exceeded,
      carbsRemaining: carbs.remaining,
      caloriesRemaining: calories.remaining,
      warnings: [...(carbs.exceeded ? [texts.carbs] : []), ...(calories.exceeded ? [texts.calories] : [])],
    };
  }

  /**
   * Meals with the readings around them, the latest first, at most 500; two queries whatever their number.
   * @throws AppError VALIDATION_FAILED for half a window, a wrong order, or more than 92 days
   */
  async spikes(actor: Actor, query: SpikeQuery): Promise<MealSpikeResponse[]> {
    const found = await this.meals.newestBetween(
      partyScope(actor),
      spikeWindow(query, this.clock.now()),
      MAX_SPIKES + 1,
    );
    const context = currentContext();
    if (context !== undefined && found.length > MAX_SPIKES) context.truncated = true;
    const meals = found.slice(0, MAX_SPIKES);
    const window = readingsWindow(meals.map((meal) => meal.eatenAt));
    const readings = window === null ? [] : await this.readings.between(actor.id, window.from, window.to);
    return meals.map((meal) => ({
      mealId: meal._id.toHexString(),
      mealName: meal.name,
      eatenAt: meal.eatenAt,
      carbs: meal.carbs,
      ...curveOf(meal.eatenAt, readings),
      unit: 'mg/dL' as const,
    }));
  }

  private async totalsOfDay(actor: Actor, date: string, zone: string): Promise<MacroTotals> {
    const { start, end } = dayBounds(date, zone);
    return totalsOf(await this.meals.macros(partyScope(actor), start, end));
  }

  private async zoneOf(actor: Actor): Promise<string> {
    return (await this.directory.findOne(actor.id))?.timeZone ?? 'UTC';
  }
}

/** The calendar day `days` before another. */
function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
