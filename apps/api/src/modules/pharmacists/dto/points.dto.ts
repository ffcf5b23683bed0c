import { ApiProperty } from '@nestjs/swagger';
import { DISPLAY_BADGES } from '../../../common/badges';

const INT = { type: 'integer' } as const;

/** A display badge and the points that it stands for. */
export class BadgeResponse {
  @ApiProperty({ type: 'string', enum: DISPLAY_BADGES })
  badge!: string;

  @ApiProperty({ type: 'string', example: '⭐' })
  emoji!: string;

  @ApiProperty(INT)
  minPoints!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Bounds included; null without upper bound' })
  maxPoints!: number | null;

  @ApiProperty({ type: 'string' })
  description!: string;
}

class ShownBadge {
  @ApiProperty({ type: 'string', enum: DISPLAY_BADGES })
  name!: string;

  @ApiProperty({ type: 'string' })
  emoji!: string;

  @ApiProperty({ type: 'string' })
  description!: string;
}

/** A pharmacy's place among the ACTIF ones, by points. */
export class Ranking {
  @ApiProperty(INT)
  rank!: number;

  @ApiProperty(INT)
  totalPharmacies!: number;

  @ApiProperty({ ...INT, description: '% of the pharmacies that are not better' })
  percentile!: number;
}

/** Answer of GET /pharmaciens/:id/points/ranking. */
export class RankingResponse extends Ranking {
  @ApiProperty({ type: 'string' })
  pharmacyId!: string;

  @ApiProperty(INT)
  points!: number;

  @ApiProperty({ type: 'string' })
  nomPharmacie!: string;
}

class PointsStatistics {
  @ApiProperty(INT)
  totalRequests!: number;

  @ApiProperty(INT)
  totalAccepted!: number;

  @ApiProperty(INT)
  totalDeclined!: number;

  @ApiProperty({ ...INT, description: '%' })
  acceptanceRate!: number;

  @ApiProperty({ ...INT, description: 'Minutes' })
  averageResponseTime!: number;

  @ApiProperty(INT)
  totalClients!: number;

  @ApiProperty({ type: 'number' })
  averageRating!: number;

  @ApiProperty(INT)
  totalReviews!: number;
}

class PointsToday {
  @ApiProperty({ ...INT, description: 'Net' })
  pointsEarned!: number;

  @ApiProperty(INT)
  activitiesCount!: number;
}

/** Answer of GET /pharmaciens/:id/points/stats. */
export class PointsStats {
  @ApiProperty(INT)
  currentPoints!: number;

  @ApiProperty({ type: ShownBadge })
  badge!: ShownBadge;

  @ApiProperty({ type: Ranking })
  ranking!: Ranking;

  @ApiProperty({ type: PointsStatistics })
  statistics!: PointsStatistics;

  @ApiProperty({ type: 'array', items: { type: 'string' } })
  unlockedBadges!: string[];

  @ApiProperty({ type: [BadgeResponse] })
  badgeThresholds!: BadgeResponse[];

  @ApiProperty({ type: PointsToday })
  today!: PointsToday;
}

/** A change of points of today. */
export class PointsEvent {
  @ApiProperty({ type: 'string', format: 'date-time' })
  timestamp!: Date;

  @ApiProperty(INT)
  points!: number;

  @ApiProperty({ type: 'string' })
  description!: string;

  @ApiProperty({ type: 'array', items: { type: 'string' }, description: 'What the points are made of' })
  breakdown!: string[];
}
