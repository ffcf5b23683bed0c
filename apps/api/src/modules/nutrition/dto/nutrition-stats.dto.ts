import { ApiProperty } from '@nestjs/swagger';
import type { ParsedInstant } from '../../../common/time';
import { Day, Instant } from '../../../common/validation';

/** Query of GET /nutrition/stats/daily-carbs. */
export class DayQuery {
  @Day({ description: "Calendar day in the caller's zone" })
  date!: string;
}

/** Query of GET /nutrition/stats/targets. */
export class OptionalDayQuery {
  @Day({ optional: true, description: "Calendar day in the caller's zone; default today" })
  date?: string;
}

/** Query of GET /nutrition/stats/meals/spike. */
export class SpikeQuery {
  @Instant({ optional: true, description: 'Together with end, at most 92 days before it; default: the last 30 days' })
  start?: ParsedInstant;

  @Instant({ optional: true, description: 'Together with start; inclusive' })
  end?: ParsedInstant;
}

/** Sums of meals, to 1 decimal. */
class MacroTotalsResponse {
  @ApiProperty({ type: 'number', description: 'g' })
  totalCarbs!: number;

  @ApiProperty({ type: 'number', description: 'g' })
  totalProtein!: number;

  @ApiProperty({ type: 'number', description: 'g' })
  totalFat!: number;

  @ApiProperty({ type: 'number', description: 'kcal' })
  totalCalories!: number;

  @ApiProperty({ type: 'integer' })
  mealCount!: number;
}

/** Sums of one day. */
export class DailyCarbsResponse extends MacroTotalsResponse {
  @ApiProperty({ type: 'string', format: 'date' })
  date!: string;
}

/** Sums of the last seven days. */
export class WeeklyMacrosResponse extends MacroTotalsResponse {
  @ApiProperty({ type: 'number', description: 'g' })
  averageCarbsPerDay!: number;
}

/** A meal between the readings around it; mg/dL. */
export class MealSpikeResponse {
  @ApiProperty({ type: 'string' })
  mealId!: string;

  @ApiProperty({ type: 'string' })
  mealName!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  eatenAt!: Date;

  @ApiProperty({ type: 'number', description: 'g' })
  carbs!: number;

  @ApiProperty({ type: 'number', nullable: true, description: 'Latest reading of the 30 minutes up to the meal' })
  preMealGlucose!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'First reading from 60 to 120 minutes after the meal' })
  postMealGlucose!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Post minus pre' })
  spike!: number | null;

  @ApiProperty({ type: 'string', enum: ['mg/dL'] })
  unit!: 'mg/dL';
}

/** A day's sums against the targets. */
export class TargetsResponse {
  @ApiProperty({ type: 'string', format: 'date' })
  date!: string;

  @ApiProperty({ type: 'number', description: 'g' })
  dailyCarbs!: number;

  @ApiProperty({ type: 'number', description: 'kcal' })
  dailyCalories!: number;

  @ApiProperty({ type: 'number', description: 'g' })
  carbsTarget!: number;

  @ApiProperty({ type: 'number', description: 'kcal' })
  caloriesTarget!: number;

  @ApiProperty({ type: 'boolean' })
  carbsExceeded!: boolean;

  @ApiProperty({ type: 'boolean' })
  caloriesExceeded!: boolean;

  @ApiProperty({ type: 'number', description: 'g' })
  carbsRemaining!: number;

  @ApiProperty({ type: 'number', description: 'kcal' })
  caloriesRemaining!: number;

  @ApiProperty({ type: [String], description: 'One for each exceeded target, in the language of the request' })
  warnings!: string[];
}
