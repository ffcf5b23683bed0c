import { ApiProperty } from '@nestjs/swagger';
import { BADGE_LEVELS } from '../../../common/badges';
import { FeedItem } from '../../activities';
import { AccountResponse } from '../../users';

const INT = { type: 'integer' } as const;
const NUMBER = { type: 'number' } as const;

/** A pharmacy's figures. */
export class PharmacyStats {
  @ApiProperty(INT)
  totalRequestsReceived!: number;

  @ApiProperty(INT)
  totalRequestsAccepted!: number;

  @ApiProperty({ ...INT, description: 'Unavailable and declined' })
  totalRequestsDeclined!: number;

  @ApiProperty({ ...INT, description: 'Requests picked up here' })
  totalClients!: number;

  @ApiProperty({ ...NUMBER, description: 'Of these, in the currency of the deployment' })
  totalRevenue!: number;

  @ApiProperty({ ...INT, description: 'Minutes' })
  averageResponseTime!: number;

  @ApiProperty({ ...NUMBER, description: '1 decimal' })
  averageRating!: number;

  @ApiProperty(INT)
  totalReviews!: number;

  @ApiProperty({ ...INT, description: '% of those received' })
  acceptanceRate!: number;

  @ApiProperty({ ...INT, description: '% of those received' })
  responseRate!: number;
}

/** Figures of one calendar month in the pharmacy's zone. */
export class PharmacyMonth {
  @ApiProperty({ type: 'string', example: '2026-03' })
  month!: string;

  @ApiProperty({ ...INT, description: 'By creation' })
  requestsCount!: number;

  @ApiProperty({ ...INT, description: 'By response' })
  acceptedCount!: number;

  @ApiProperty({ ...INT, description: 'By pick-up' })
  clientsCount!: number;

  @ApiProperty({ ...NUMBER, description: 'By pick-up, in the currency of the deployment' })
  revenue!: number;
}

class BadgeProgression {
  @ApiProperty(INT)
  currentPoints!: number;

  @ApiProperty({ type: 'string', enum: BADGE_LEVELS })
  currentBadge!: string;

  @ApiProperty(INT)
  pointsToNextLevel!: number;

  @ApiProperty({ type: 'string', enum: [...BADGE_LEVELS, 'max'] })
  nextBadgeName!: string;
}

class PerformanceComparison {
  @ApiProperty({ ...INT, description: 'Minutes' })
  pharmacyAverageResponseTime!: number;

  @ApiProperty({ ...INT, description: 'Minutes; mean of the pharmacies that have responded' })
  sectorAverage!: number;

  @ApiProperty(NUMBER)
  pharmacyAverageRating!: number;

  @ApiProperty({ ...NUMBER, description: '1 decimal; mean of the pharmacies that have reviews' })
  sectorAverageRating!: number;

  @ApiProperty({ ...INT, description: 'Among the best so many %, by points' })
  topPercentage!: number;
}

class AdvertisingCost {
  @ApiProperty(NUMBER)
  targetedAds!: number;

  @ApiProperty(NUMBER)
  localSEO!: number;

  @ApiProperty(NUMBER)
  analytics!: number;

  @ApiProperty(NUMBER)
  totalValue!: number;
}

class ValueProposition {
  @ApiProperty({ type: AdvertisingCost })
  equivalentAdvertisingCost!: AdvertisingCost;

  @ApiProperty(NUMBER)
  pharmacyPays!: number;

  @ApiProperty(NUMBER)
  annualSavings!: number;
}

class AnnualProjection {
  @ApiProperty(INT)
  estimatedYearlyClients!: number;

  @ApiProperty(NUMBER)
  estimatedYearlyRevenue!: number;
}

/** Everything that a pharmacist's first screen shows. */
export class PharmacyDashboard {
  @ApiProperty({ type: AccountResponse })
  pharmacy!: AccountResponse;

  @ApiProperty({ type: PharmacyStats })
  stats!: PharmacyStats;

  @ApiProperty({ type: [PharmacyMonth] })
  monthlyStats!: PharmacyMonth[];

  @ApiProperty(INT)
  pendingRequestsCount!: number;

  @ApiProperty({ type: [FeedItem], description: 'The 8 newest' })
  recentActivity!: FeedItem[];

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'The 5 newest visible',
  })
  recentReviews!: object[];

  @ApiProperty({ type: BadgeProgression })
  badgeProgression!: BadgeProgression;

  @ApiProperty({ type: PerformanceComparison })
  performanceComparison!: PerformanceComparison;

  @ApiProperty({ type: ValueProposition })
  valueProposition!: ValueProposition;

  @ApiProperty({ type: AnnualProjection })
  annualProjection!: AnnualProjection;

  @ApiProperty({ ...INT, description: 'Requests of the current month left to expire' })
  missedOpportunitiesCount!: number;
}
