import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../access';
import type { Locale } from '../../common/enums';
import { FeedLocale } from '../activities';
import { PharmacyDashboard, PharmacyMonth, PharmacyStats } from './dto/pharmacy-desk.dto';
import { BadgeResponse, PointsEvent, PointsStats, RankingResponse } from './dto/points.dto';
import { PharmacyDashboardService } from './pharmacy-dashboard.service';
import { PharmacyPoints } from './pharmacy-points.service';

const DESK = { roles: ['PHARMACIEN'], space: { param: 'id', self: ['PHARMACIEN'] } } as const;

/** Figures and points of a pharmacy, for itself. */
@ApiTags('pharmacists')
@Controller('pharmaciens')
export class PharmacyDeskController {
  constructor(
    private readonly desk: PharmacyDashboardService,
    private readonly points: PharmacyPoints,
  ) {}

  @Get('points/badges')
  @Endpoint('GET', { summary: 'The display badges', roles: 'public', response: [BadgeResponse] })
  badges() {
    return this.points.badges();
  }

  @Get(':id/stats')
  @Endpoint('GET', { summary: 'Figures since the beginning', ...DESK, response: PharmacyStats })
  stats(@CurrentActor() actor: Actor) {
    return this.desk.stats(actor);
  }

  @Get(':id/stats/monthly')
  @Endpoint('GET', { summary: 'The current and the five previous months', ...DESK, response: [PharmacyMonth] })
  monthly(@CurrentActor() actor: Actor) {
    return this.desk.monthly(actor);
  }

  @Get(':id/dashboard')
  @Endpoint('GET', { summary: 'Everything of the first screen', ...DESK, response: PharmacyDashboard })
  dashboard(@CurrentActor() actor: Actor, @FeedLocale() locale: Locale) {
    return this.desk.dashboard(actor, locale);
  }

  @Get(':id/points/stats')
  @Endpoint('GET', { summary: 'Points, badge and place', ...DESK, response: PointsStats })
  pointsStats(@CurrentActor() actor: Actor) {
    return this.points.stats(actor);
  }

  @Get(':id/points/ranking')
  @Endpoint('GET', { summary: 'The place among all pharmacies', ...DESK, response: RankingResponse })
  ranking(@CurrentActor() actor: Actor) {
    return this.points.ranking(actor);
  }

  @Get(':id/points/history/today')
  @Endpoint('GET', {
    summary: "Today's changes of points, newest first, at most 200",
    ...DESK,
    response: [PointsEvent],
  })
  today(@CurrentActor() actor: Actor) {
    return this.points.today(actor);
  }
}
