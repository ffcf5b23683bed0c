import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { displayBadgeOf } from '../../common/badges';
import { AppError } from '../../common/errors';
import { currentContext } from '../../platform/context/request-context';
import { ActivitiesService } from '../activities';
import { type AccountRecord, AccountsRepository } from '../users';
import { badgeList, shownBadge } from './badges.mapper';
import type { BadgeResponse, PointsEvent, PointsStats, RankingResponse } from './dto/points.dto';
import { PharmacyOutlines } from './pharmacy-outlines.service';
import { rankingOf, statsOf } from './pharmacy-stats.policy';

const MAX_TODAY = 200;

/** Points of pharmacies: badges, places and the day's changes. */
@Injectable()
export class PharmacyPoints {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly outlines: PharmacyOutlines,
    private readonly activities: ActivitiesService,
  ) {}

  /** The display badges with what they take. */
  badges(): BadgeResponse[] {
    return badgeList(currentContext()?.locale ?? 'en');
  }

  async stats(actor: Actor): Promise<PointsStats> {
    const [pharmacy, all] = await Promise.all([this.own(actor), this.outlines.all()]);
    const today = await this.activities.today(actor.id, pharmacy.timeZone);
    const locale = currentContext()?.locale ?? 'en';
    const points = pharmacy.points ?? 0;
    const stats = statsOf(pharmacy);
    return {
      currentPoints: points,
      badge: shownBadge(displayBadgeOf(points), locale),
      ranking: rankingOf(points, all),
      statistics: {
        totalRequests: stats.totalRequestsReceived,
        totalAccepted: stats.totalRequestsAccepted,
        totalDeclined: stats.totalRequestsDeclined,
        acceptanceRate: stats.acceptanceRate,
        averageResponseTime: stats.averageResponseTime,
        totalClients: stats.totalClients,
        averageRating: stats.averageRating,
        totalReviews: stats.totalReviews,
      },
      unlockedBadges: pharmacy.unlockedBadges ?? [],
      badgeThresholds: badgeList(locale),
      today: {
        pointsEarned: today.reduce((sum, activity) => sum + (activity.points ?? 0), 0),
        activitiesCount: today.length,
      },
    };
  }

  async ranking(actor: Actor): Promise<RankingResponse> {
    const [pharmacy, all] = await Promise.all([this.own(actor), this.outlines.all()]);
    const points = pharmacy.points ?? 0;
    return { pharmacyId: actor.id, ...rankingOf(points, all), points, nomPharmacie: pharmacy.nomPharmacie ?? '' };
  }

  /** Today's changes of points in the pharmacy's zone, newest first, at most 200. */
  async today(actor: Actor): Promise<PointsEvent[]> {
    const pharmacy = await this.own(actor);
    const activities = await this.activities.today(actor.id, pharmacy.timeZone);
    const events = activities.flatMap(({ createdAt, points, description, metadata }) =>
      points === undefined
        ? []
        : [
            {
              timestamp: createdAt,
              points,
              description: description ?? '',
              breakdown: textsOf(metadata?.['breakdown']),
            },
          ],
    );
    const context = currentContext();
    if (context !== undefined && events.length > MAX_TODAY) context.truncated = true;
    return events.slice(0, MAX_TODAY);
  }

  private async own(actor: Actor): Promise<AccountRecord> {
    const pharmacy = await this.accounts.findByRole(actor.id, 'PHARMACIEN');
    if (pharmacy === null) throw new AppError('SESSION_REVOKED');
    return pharmacy;
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
