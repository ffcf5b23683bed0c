import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import type { Locale } from '../../common/enums';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import type { PagingQuery } from '../../common/paging.dto';
import { Clock, dayBounds, localDay } from '../../common/time';
import { ActivitiesRepository, type ActivityRecord } from './activities.repository';
import { toActivity, toFeedItem } from './activity.mapper';
import type { ActivityResponse, FeedItem } from './dto/activity.dto';

const DEFAULT_PAGE = 20;
const DEFAULT_FEED = 8;
const MAX_FEED = 50;

/** What happened to a pharmacy, for itself. */
@Injectable()
export class ActivitiesService {
  constructor(
    private readonly activities: ActivitiesRepository,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, query: PagingQuery): Promise<Page<ActivityResponse>> {
    const request = pageRequest(query, DEFAULT_PAGE);
    const skip = (request.page - 1) * request.limit;
    const now = this.clock.now();
    const [found, total] = await Promise.all([
      this.activities.newest(actor.id, skip, request.limit, now),
      this.activities.count(actor.id, now),
    ]);
    return pageOf(found.map(toActivity), total, request);
  }

  /** The newest, with how long ago they were in the language. */
  async feed(actor: Actor, locale: Locale, limit = DEFAULT_FEED): Promise<FeedItem[]> {
    const now = this.clock.now();
    const found = await this.activities.newest(actor.id, 0, Math.min(limit, MAX_FEED), now);
    return found.map((activity) => toFeedItem(activity, now, locale));
  }

  /** Everything of the current calendar day in a zone, newest first. */
  async today(pharmacyId: string, zone: string): Promise<ActivityRecord[]> {
    const { start, end } = dayBounds(localDay(this.clock.now(), zone), zone);
    return this.activities.between(pharmacyId, start, end);
  }
}
