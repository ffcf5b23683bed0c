import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../access';
import { QueryDto } from '../../platform/http';
import {
  DailyCarbsResponse,
  DayQuery,
  MealSpikeResponse,
  OptionalDayQuery,
  SpikeQuery,
  TargetsResponse,
  WeeklyMacrosResponse,
} from './dto/nutrition-stats.dto';
import { NutritionStatsService } from './nutrition-stats.service';

/** Numbers of the caller's meals. */
@ApiTags('nutrition')
@Controller('nutrition/stats')
export class NutritionStatsController {
  constructor(private readonly stats: NutritionStatsService) {}

  @Get('daily-carbs')
  @Endpoint('GET', { summary: 'Sums of one day', roles: ['PATIENT'], response: DailyCarbsResponse })
  dailyCarbs(@CurrentActor() actor: Actor, @QueryDto() { date }: DayQuery) {
    return this.stats.dailyCarbs(actor, date);
  }

  @Get('weekly-macros')
  @Endpoint('GET', {
    summary: 'Sums of the last seven days, today included',
    roles: ['PATIENT'],
    response: WeeklyMacrosResponse,
  })
  weeklyMacros(@CurrentActor() actor: Actor) {
    return this.stats.weeklyMacros(actor);
  }

  @Get('meals/spike')
  @Endpoint('GET', {
    summary: 'Meals with the glucose before and after them, the latest first, at most 500',
    roles: ['PATIENT'],
    response: [MealSpikeResponse],
  })
  spikes(@CurrentActor() actor: Actor, @QueryDto() query: SpikeQuery) {
    return this.stats.spikes(actor, query);
  }

  @Get('targets')
  @Endpoint('GET', {
    summary: "A day's sums against the targets; default today",
    roles: ['PATIENT'],
    response: TargetsResponse,
  })
  targets(@CurrentActor() actor: Actor, @QueryDto() { date }: OptionalDayQuery) {
    return this.stats.targets(actor, date);
  }
}
