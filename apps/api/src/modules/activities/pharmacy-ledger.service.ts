import { Injectable } from '@nestjs/common';
import { badgeLevelOf, newlyUnlocked } from '../../common/badges';
import type { Tx } from '../../platform/database';
import { ActivitiesRepository, type NewActivity } from './activities.repository';
import type { ActivityType } from './activity.schema';
import { PharmacyStandings, type Standing } from './pharmacy-standing.repository';

/** One event of a pharmacy. */
export interface LedgerEntry {
  readonly pharmacyId: string;
  readonly activityType: ActivityType;
  /** For the pharmacist; never names a patient. */
  readonly description: string;
  /** Id of the request, review, rating or boost: one activity per pharmacy, type and event. */
  readonly eventKey: string;
  /** Points that the event gives or takes; left out for events that never move points. */
  readonly points?: number;
  /** What they are granted for (`response:<requestId>`, `quality:<requestId>`): once per pharmacy, also when 0. */
  readonly grantKey?: string;
  /** Money, in the deployment's currency. */
  readonly amount?: number;
  /** Shown as it is; `metadata.breakdown` (strings) is what the points of the day explain themselves with. */
  readonly metadata?: Record<string, unknown>;
  readonly at: Date;
}

/** What an entry came to. */
export interface LedgerOutcome {
  /** The change of the total that took effect. */
  readonly points: number;
  /** Was the grantKey new (true without one)? Otherwise the entry moved nothing, and a rating awards 0 and no penalty. */
  readonly granted: boolean;
}

/**
 * The append-only ledger of pharmacies. Every change of points is one activity; the total, the level and the badges of
 * the account change in the same transaction. Callers run in `UnitOfWork` with the lane `account:<pharmacyId>`, so that
 * parallel events of one pharmacy queue instead of conflicting. Two that meet in the database conflict on the account or
 * on a unique index, and one is run again.
 */
@Injectable()
export class PharmacyLedger {
  constructor(
    private readonly activities: ActivitiesRepository,
    private readonly standings: PharmacyStandings,
  ) {}

  /**
   * Writes one event. An event that is there already, and one of an erased pharmacy, changes nothing.
   * @returns the points that took effect: the total never falls below 0 (contract 40 section 4.1)
   */
  async record(tx: Tx, entry: LedgerEntry): Promise<LedgerOutcome> {
    const { pharmacyId, activityType, eventKey, grantKey } = entry;
    const standing = await this.standings.find(tx, pharmacyId);
    if (standing === null || (await this.activities.hasEvent(tx, pharmacyId, activityType, eventKey)))
      return { points: 0, granted: false };
    const granted = grantKey === undefined || !(await this.activities.hasGrant(tx, pharmacyId, grantKey));
    if (entry.points === undefined) {
      await this.activities.insert(tx, [{ ...entry, grantKey: granted ? grantKey : undefined }]);
      return { points: 0, granted };
    }
    const points = granted ? Math.max(0 - standing.points, entry.points) : 0;
    const lines: NewActivity[] = [{ ...entry, points, grantKey: granted ? grantKey : undefined }];
    const unlocked = newlyUnlocked(standing.points + points, standing.unlockedBadges);
    lines.push(...unlocked.map((badge) => unlockedLine(standing, badge, entry.at)));
    await this.activities.insert(tx, lines);
    if (points !== 0 || unlocked.length > 0) await this.move(tx, standing, points, unlocked, entry.at);
    return { points, granted };
  }

  /** Writes the same event, one that moves no points, for several pharmacies at once. */
  async recordEach(tx: Tx, pharmacyIds: readonly string[], event: Omit<LedgerEntry, 'pharmacyId'>): Promise<void> {
    const live = await this.standings.live(tx, pharmacyIds);
    const known = await this.activities.havingEvent(tx, live, event.activityType, event.eventKey);
    const fresh = live.filter((id) => !known.has(id));
    if (fresh.length > 0)
      await this.activities.insert(
        tx,
        fresh.map((pharmacyId) => ({ ...event, pharmacyId })),
      );
  }

  private async move(tx: Tx, standing: Standing, points: number, unlocked: readonly string[], at: Date): Promise<void> {
    const total = standing.points + points;
    const set = {
      points: total,
      badgeLevel: badgeLevelOf(total),
      unlockedBadges: [...standing.unlockedBadges, ...unlocked],
    };
    await this.standings.change(tx, [standing.id], { set }, at);
  }
}

function unlockedLine(standing: Standing, badge: string, at: Date): NewActivity {
  const description = standing.locale === 'fr' ? `Nouveau badge : ${badge}` : `New badge: ${badge}`;
  return {
    pharmacyId: standing.id,
    activityType: 'badge_unlocked',
    description,
    eventKey: badge,
    metadata: { badge },
    at,
  };
}
