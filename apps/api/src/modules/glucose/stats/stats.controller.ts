import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../../access';
import { QueryDto } from '../../../platform/http';
import {
  AlertCountsResponse,
  ChartDayResponse,
  ChartQuery,
  DailyAverageResponse,
  DaysQuery,
  GlucoseSummaryResponse,
  Hba1cResponse,
  TimeInRangeResponse,
  TrendResponse,
} from './stats.dto';
import { StatsService } from './stats.service';

const OWN = { roles: ['PATIENT'] } as const;

/** Statistics of own readings. */
@ApiTags('glucose')
@Controller('glucose/stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get('weekly')
  @Endpoint('GET', { ...OWN, summary: 'The last 7 x 24 hours', response: GlucoseSummaryResponse })
  weekly(@CurrentActor() actor: Actor) {
    return this.stats.weekly(actor);
  }

  @Get('monthly')
  @Endpoint('GET', { ...OWN, summary: 'The last 30 x 24 hours', response: GlucoseSummaryResponse })
  monthly(@CurrentActor() actor: Actor) {
    return this.stats.monthly(actor);
  }

  @Get('daily-average')
  @Endpoint('GET', { ...OWN, summary: 'Means by local day, oldest first', response: [DailyAverageResponse] })
  dailyAverage(@CurrentActor() actor: Actor, @QueryDto() query: DaysQuery) {
    return this.stats.dailyAverage(actor, query);
  }

  @Get('alerts')
  @Endpoint('GET', {
    ...OWN,
    summary: 'Readings below and above the target, last 30 days',
    response: AlertCountsResponse,
  })
  alerts(@CurrentActor() actor: Actor) {
    return this.stats.alerts(actor);
  }

  @Get('hba1c')
  @Endpoint('GET', {
    ...OWN,
    summary: 'HbA1c estimated from the readings of the last 90 days',
    description: 'An estimate, not a laboratory value.',
    response: Hba1cResponse,
  })
  hba1c(@CurrentActor() actor: Actor) {
    return this.stats.hba1c(actor);
  }

  @Get('time-in-range')
  @Endpoint('GET', { ...OWN, summary: 'Shares of readings in, above and below 70-180', response: TimeInRangeResponse })
  timeInRange(@CurrentActor() actor: Actor, @QueryDto() query: DaysQuery) {
    return this.stats.timeInRange(actor, query);
  }

  @Get('chart')
  @Endpoint('GET', { ...OWN, summary: 'Mean and extremes by local day, oldest first', response: [ChartDayResponse] })
  chart(@CurrentActor() actor: Actor, @QueryDto() query: ChartQuery) {
    return this.stats.chart(actor, query);
  }

  @Get('trend')
  @Endpoint('GET', { ...OWN, summary: 'The last week against the one before', response: TrendResponse })
  trend(@CurrentActor() actor: Actor) {
    return this.stats.trend(actor);
  }
}
