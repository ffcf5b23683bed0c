import { BADGE_LEVELS, type BadgeLevel, badgeLevelOf, LEVEL_MIN_POINTS } from '../../common/badges';
import { roundMoney } from '../../common/money';
import type { AccountRecord } from '../users';
import type { PharmacyStats } from './dto/pharmacy-desk.dto';
import type { Ranking } from './dto/points.dto';
import type { HeldPharmacy } from './pharmacy-outlines.service';

/** Figures of a pharmacy with its rates (contract 40 section 2.4). */
export function statsOf(pharmacy: AccountRecord): PharmacyStats {
  const received = pharmacy.totalRequestsReceived ?? 0;
  const accepted = pharmacy.totalRequestsAccepted ?? 0;
  const declined = pharmacy.totalRequestsDeclined ?? 0;
  return {
    totalRequestsReceived: received,
    totalRequestsAccepted: accepted,
    totalRequestsDeclined: declined,
    totalClients: pharmacy.totalClients ?? 0,
    totalRevenue: roundMoney(pharmacy.totalRevenue ?? 0),
    averageResponseTime: pharmacy.averageResponseTime ?? 0,
    averageRating: pharmacy.averageRating ?? 0,
    totalReviews: pharmacy.totalReviews ?? 0,
    acceptanceRate: percentage(accepted, received),
    responseRate: percentage(accepted + declined, received),
  };
}

function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((100 * part) / whole);
}

/** The place among the ACTIF pharmacies: 1 + those with more points (contract 40 section 4.2). */
export function rankingOf(points: number, all: readonly HeldPharmacy[]): Ranking {
  let [better, totalPharmacies] = [0, 0];
  for (const other of all) {
    if (other.statutCompte !== 'ACTIF') continue;
    totalPharmacies += 1;
    if (other.points > points) better += 1;
  }
  return { rank: better + 1, totalPharmacies, percentile: percentage(totalPharmacies - better, totalPharmacies) };
}

/** Among the best so many percent. */
export function topPercentage({ rank, totalPharmacies }: Ranking): number {
  return totalPharmacies === 0 ? 100 : Math.ceil((100 * rank) / totalPharmacies);
}

/** Means over the ACTIF pharmacies: minutes over those that have responded, ratings over those that have any. */
export function sectorMeans(all: readonly HeldPharmacy[]): { responseMinutes: number; rating: number } {
  let [minutes, responding, tenths, rated] = [0, 0, 0, 0];
  for (const { statutCompte, averageResponseTime, averageRating } of all) {
    if (statutCompte !== 'ACTIF') continue;
    if (averageResponseTime !== null) {
      minutes += averageResponseTime;
      responding += 1;
    }
    if (averageRating !== null) {
      tenths += Math.round(averageRating * 10);
      rated += 1;
    }
  }
  return {
    responseMinutes: responding === 0 ? 0 : Math.round(minutes / responding),
    rating: rated === 0 ? 0 : Math.round(tenths / rated) / 10,
  };
}

/** How far the next level is. */
export function progressionOf(points: number): {
  currentPoints: number;
  currentBadge: BadgeLevel;
  pointsToNextLevel: number;
  nextBadgeName: BadgeLevel | 'max';
} {
  const currentBadge = badgeLevelOf(points);
  const next = BADGE_LEVELS[BADGE_LEVELS.indexOf(currentBadge) + 1];
  return {
    currentPoints: points,
    currentBadge,
    pointsToNextLevel: next === undefined ? 0 : LEVEL_MIN_POINTS[next] - points,
    nextBadgeName: next ?? 'max',
  };
}
