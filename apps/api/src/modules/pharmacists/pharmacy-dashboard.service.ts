import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import type { Locale } from '../../common/enums';
import { AppError } from '../../common/errors';
import { roundMoney } from '../../common/money';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { ActivitiesService, type MonthFigures, PharmacyFigures } from '../activities';
import { type AccountRecord, AccountsRepository, UsersService } from '../users';
import type { PharmacyDashboard, PharmacyMonth, PharmacyStats } from './dto/pharmacy-desk.dto';
import { PharmacyFacts } from './pharmacy-facts';
import { PharmacyOutlines } from './pharmacy-outlines.service';
import { progressionOf, rankingOf, sectorMeans, statsOf, topPercentage } from './pharmacy-stats.policy';

const RECENT_ACTIVITY = 8;
const RECENT_REVIEWS = 5;
const MONTHS_PER_YEAR = 12;

/** Figures at a pharmacy's own desk. */
@Injectable()
export class PharmacyDashboardService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly users: UsersService,
    private readonly outlines: PharmacyOutlines,
    private readonly activities: ActivitiesService,
    private readonly figures: PharmacyFigures,
    private readonly facts: PharmacyFacts,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async stats(actor: Actor): Promise<PharmacyStats> {
    return statsOf(await this.own(actor));
  }

  /** The current and the five previous calendar months in the pharmacy's zone. */
  async monthly(actor: Actor): Promise<PharmacyMonth[]> {
    const { timeZone } = await this.own(actor);
    return (await this.figures.months(actor.id, timeZone)).map(toMonth);
  }

  /** At most 8 database reads, whatever the pharmacy has done. */
  async dashboard(actor: Actor, locale: Locale): Promise<PharmacyDashboard> {
    const pharmacy = await this.own(actor);
    const [view, overview, pendingRequestsCount, recentActivity, recentReviews, all] = await Promise.all([
      this.users.view(pharmacy),
      this.figures.overview(actor.id, pharmacy.timeZone),
      this.facts.pendingCount(actor.id),
      this.activities.feed(actor, locale, RECENT_ACTIVITY),
      this.facts.recentReviews(actor.id, RECENT_REVIEWS),
      this.outlines.all(),
    ]);
    const points = pharmacy.points ?? 0;
    const sector = sectorMeans(all);
    const stats = statsOf(pharmacy);
    const { months, recent } = overview;
    return {
      pharmacy: view as unknown as PharmacyDashboard['pharmacy'],
      stats,
      monthlyStats: months.map(toMonth),
      pendingRequestsCount,
      recentActivity,
      recentReviews,
      badgeProgression: progressionOf(points),
      performanceComparison: {
        pharmacyAverageResponseTime: stats.averageResponseTime,
        sectorAverage: sector.responseMinutes,
        pharmacyAverageRating: stats.averageRating,
        sectorAverageRating: sector.rating,
        topPercentage: topPercentage(rankingOf(points, all)),
      },
      valueProposition: this.valueProposition(),
      annualProjection: {
        estimatedYearlyClients: recent.clients * MONTHS_PER_YEAR,
        estimatedYearlyRevenue: roundMoney(recent.revenue * MONTHS_PER_YEAR),
      },
      missedOpportunitiesCount: months.at(-1)?.missed ?? 0,
    };
  }

  private valueProposition(): PharmacyDashboard['valueProposition'] {
    const { targetedAds, localSEO, analytics, pharmacyPays } = this.config.care.valueProposition;
    const totalValue = targetedAds + localSEO + analytics;
    return {
      equivalentAdvertisingCost: { targetedAds, localSEO, analytics, totalValue },
      pharmacyPays,
      annualSavings: (totalValue - pharmacyPays) * MONTHS_PER_YEAR,
    };
  }

  private async own(actor: Actor): Promise<AccountRecord> {
    const pharmacy = await this.accounts.findByRole(actor.id, 'PHARMACIEN');
    if (pharmacy === null) throw new AppError('SESSION_REVOKED');
    return pharmacy;
  }
}

function toMonth({ month, received, accepted, clients, revenue }: MonthFigures): PharmacyMonth {
  return { month, requestsCount: received, acceptedCount: accepted, clientsCount: clients, revenue };
}
