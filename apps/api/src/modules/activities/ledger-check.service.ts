import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BADGE_LEVELS, badgeLevelOf, newlyUnlocked } from '../../common/badges';
import { CounterChecks, type CounterDifference, foundTwice } from '../../platform/scheduler';
import { ActivitiesRepository } from './activities.repository';
import { PharmacyStandings, type Standing } from './pharmacy-standing.repository';

/** Compares points, levels and badges of pharmacies with their ledgers. */
@Injectable()
export class LedgerCheck implements OnModuleInit {
  constructor(
    private readonly checks: CounterChecks,
    private readonly activities: ActivitiesRepository,
    private readonly standings: PharmacyStandings,
  ) {}

  onModuleInit(): void {
    this.checks.register(foundTwice(() => this.differences()));
  }

  private async differences(): Promise<CounterDifference[]> {
    const sums = await this.activities.pointSums();
    const found: CounterDifference[] = [];
    for await (const standing of this.standings.all())
      found.push(...rowsOf(standing, sums.get(standing.id) ?? 0).filter(({ stored, counted }) => stored !== counted));
    return found;
  }
}

/** Levels are compared by their place in the scale, badges and the mean by what is missing or wrong. */
function rowsOf(standing: Standing, points: number): CounterDifference[] {
  const { id: owner, responseCount, responseTimeSum } = standing;
  const mean = responseCount === 0 ? 0 : Math.round(responseTimeSum / responseCount);
  const level = (name: string): number => BADGE_LEVELS.findIndex((candidate) => candidate === name);
  const missing = newlyUnlocked(standing.points, standing.unlockedBadges).length;
  const { length: unlocked } = standing.unlockedBadges;
  return [
    { counter: 'users.points', owner, stored: standing.points, counted: points },
    { counter: 'users.badgeLevel', owner, stored: level(standing.badgeLevel), counted: level(badgeLevelOf(points)) },
    { counter: 'users.unlockedBadges', owner, stored: unlocked, counted: unlocked + missing },
    { counter: 'users.averageResponseTime', owner, stored: standing.averageResponseTime, counted: mean },
  ];
}
