import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../access';
import type { Locale } from '../../common/enums';
import { PagingQuery } from '../../common/paging.dto';
import { QueryDto } from '../../platform/http';
import { ActivitiesService } from './activities.service';
import { ActivityPage, FeedItem, FeedQuery } from './dto/activity.dto';
import { FeedLocale } from './feed-locale.decorator';

const OWN = { param: 'id', self: ['PHARMACIEN'] } as const;

/** Activities of pharmacies. */
@ApiTags('activities')
@Controller('activity')
export class ActivitiesController {
  constructor(private readonly activities: ActivitiesService) {}

  @Get('pharmacy/:id')
  @Endpoint('GET', {
    summary: 'What happened to the pharmacy, newest first',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: ActivityPage,
  })
  list(@CurrentActor() actor: Actor, @QueryDto() query: PagingQuery) {
    return this.activities.list(actor, query);
  }

  @Get('pharmacy/:id/feed')
  @Endpoint('GET', {
    summary: 'The newest activities in words',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: [FeedItem],
  })
  feed(@CurrentActor() actor: Actor, @QueryDto() query: FeedQuery, @FeedLocale() locale: Locale) {
    return this.activities.feed(actor, locale, query.limit);
  }
}
