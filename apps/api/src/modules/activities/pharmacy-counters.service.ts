import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import type { Tx } from '../../platform/database';
import { PharmacyPeriodsRepository } from './pharmacy-periods.repository';
import { PharmacyStandings } from './pharmacy-standing.repository';

/** What to add to a pharmacy's figures. */
export interface CounterChange {
  readonly received?: number;
  readonly accepted?: number;
  /** Unavailable and declined (contract 40 section 2.4). */
  readonly declined?: number;
  /** Requests picked up here. */
  readonly clients?: number;
  /** Their prices, in the deployment's currency. */
  readonly revenue?: number;
  /** Whole minutes from creation to one response, whatever it says. */
  readonly responseMinutes?: number;
  /** Responses left to expire at or after the request's `expiresAt`: the missed opportunities of the dashboard. */
  readonly missed?: number;
}

/**
 * Figures of pharmacies, kept in the transaction of their cause, in the account and by stretches of time (monthly
 * figures, the last 30 days). Callers run with the lane `account:<pharmacyId>`.
 */
@Injectable()
export class PharmacyCounters {
  constructor(
    private readonly standings: PharmacyStandings,
    private readonly periods: PharmacyPeriodsRepository,
    private readonly clock: Clock,
  ) {}

  /** Adds to one pharmacy's figures; nothing for an erased one. @param at when it happened, now unless given */
  async add(tx: Tx, pharmacyId: string, by: CounterChange, at: Date = this.clock.now()): Promise<void> {
    const { responseMinutes } = by;
    if (responseMinutes === undefined) return this.addEach(tx, [pharmacyId], by, at);
    const standing = await this.standings.find(tx, pharmacyId);
    if (standing === null) return;
    const responseTimeSum = standing.responseTimeSum + responseMinutes;
    const responseCount = standing.responseCount + 1;
    const averageResponseTime = Math.round(responseTimeSum / responseCount);
    const set = { responseTimeSum, responseCount, averageResponseTime };
    await this.standings.change(tx, [pharmacyId], { set, add: accountFigures(by) }, at);
    await this.addToPeriod(tx, [pharmacyId], by, at);
  }

  /** Adds the same to several pharmacies' figures at once. */
  async addEach(
    tx: Tx,
    pharmacyIds: readonly string[],
    by: Omit<CounterChange, 'responseMinutes'>,
    at: Date = this.clock.now(),
  ): Promise<void> {
    const live = await this.standings.live(tx, pharmacyIds);
    if (live.length === 0) return;
    const add = accountFigures(by);
    if (Object.keys(add).length > 0) await this.standings.change(tx, live, { add }, at);
    await this.addToPeriod(tx, live, by, at);
  }

  /** Sets what reviews and ratings come to. @param averageRating 1 decimal; 0 without any */
  async setRating(
    tx: Tx,
    pharmacyId: string,
    averageRating: number,
    totalReviews: number,
    at: Date = this.clock.now(),
  ): Promise<void> {
    if ((await this.standings.live(tx, [pharmacyId])).length === 0) return;
    await this.standings.change(tx, [pharmacyId], { set: { averageRating, totalReviews } }, at);
  }

  private async addToPeriod(tx: Tx, ids: readonly string[], by: CounterChange, at: Date): Promise<void> {
    const { received, accepted, clients, revenue, missed } = by;
    const figures = nonZero({ received, accepted, clients, revenue, missed });
    if (Object.keys(figures).length > 0) await this.periods.add(tx, ids, figures, at);
  }
}

function accountFigures(by: CounterChange): Record<string, number> {
  return nonZero({
    totalRequestsReceived: by.received,
    totalRequestsAccepted: by.accepted,
    totalRequestsDeclined: by.declined,
    totalClients: by.clients,
    totalRevenue: by.revenue,
  });
}

function nonZero(figures: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] !== 0),
  );
}
