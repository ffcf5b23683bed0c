import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import { ActivitiesRepository } from './activities.repository';
import { lastMonths } from './month.policy';
import { nextUtcDay } from './period.policy';
import { type PeriodFigures, PharmacyPeriodsRepository } from './pharmacy-periods.repository';

const DAY_MS = 86_400_000;
const MONTHS = 6;
const RECENT_DAYS = 30;

/** Figures of one calendar month. */
export interface MonthFigures extends PeriodFigures {
  /** `YYYY-MM` in the zone asked for. */
  readonly month: string;
}

/** What a pharmacy did over time: exact in every zone, whatever the zone was when it was counted. */
@Injectable()
export class PharmacyFigures {
  constructor(
    private readonly periods: PharmacyPeriodsRepository,
    private readonly activities: ActivitiesRepository,
    private readonly clock: Clock,
  ) {}

  /** The current and the five previous calendar months of a zone, oldest first. One database read. */
  async months(pharmacyId: string, zone: string): Promise<MonthFigures[]> {
    const months = lastMonths(this.clock.now(), zone, MONTHS);
    const [first, last] = [months[0]?.start ?? new Date(0), months.at(-1)?.end ?? new Date(0)];
    const rows = await this.periods.between(pharmacyId, first, last);
    return months.map(({ name, start, end }) => ({
      month: name,
      ...sumOf(rows.filter(({ from }) => from >= start && from < end)),
    }));
  }

  /** Pick-ups and their prices since 30 times 24 h ago. Two database reads. */
  async recentClients(pharmacyId: string): Promise<{ clients: number; revenue: number }> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - RECENT_DAYS * DAY_MS);
    // The first day is counted line by line: its stretch began before.
    const wholeFrom = nextUtcDay(since);
    const [lines, rows] = await Promise.all([
      this.activities.between(pharmacyId, since, wholeFrom),
      this.periods.between(pharmacyId, wholeFrom, new Date(now.getTime() + DAY_MS)),
    ]);
    const pickups = lines.filter(({ activityType }) => activityType === 'client_pickup');
    const { clients, revenue } = sumOf(rows);
    return {
      clients: clients + pickups.length,
      revenue: round(revenue + pickups.reduce((sum, { amount }) => sum + (amount ?? 0), 0)),
    };
  }
}

function sumOf(rows: readonly PeriodFigures[]): PeriodFigures {
  const total = (key: keyof PeriodFigures): number => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    received: total('received'),
    accepted: total('accepted'),
    clients: total('clients'),
    revenue: round(total('revenue')),
    missed: total('missed'),
  };
}

/** Sums of money without the dust of binary fractions: to a millionth. */
function round(amount: number): number {
  return Math.round(amount * 1_000_000) / 1_000_000;
}
