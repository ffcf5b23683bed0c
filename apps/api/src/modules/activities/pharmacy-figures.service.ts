import { Injectable } from '@nestjs/common';
import { roundMoney } from '../../common/money';
import { Clock } from '../../common/time';
import { ActivitiesRepository } from './activities.repository';
import { lastMonths, type Month } from './month.policy';
import { nextUtcDay } from './period.policy';
import { type PeriodFigures, type PeriodRow, PharmacyPeriodsRepository } from './pharmacy-periods.repository';

const DAY_MS = 86_400_000;
const MONTHS = 6;
const RECENT_DAYS = 30;

/** Figures of one calendar month. */
export interface MonthFigures extends PeriodFigures {
  /** `YYYY-MM` in the zone asked for. */
  readonly month: string;
}

/** Months, and the last 30 days. */
export interface Overview {
  readonly months: readonly MonthFigures[];
  readonly recent: { readonly clients: number; readonly revenue: number };
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
    const rows = await this.rowsOf(pharmacyId, months);
    return months.map((month) => figuresOf(month, rows));
  }

  /**
   * The same months, and pick-ups with their prices since 30 times 24 h ago. Two database reads: the stretches of the
   * months hold those of the last 30 days.
   */
  async overview(pharmacyId: string, zone: string): Promise<Overview> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - RECENT_DAYS * DAY_MS);
    // The first day is counted line by line: its stretch began before.
    const wholeFrom = nextUtcDay(since);
    const months = lastMonths(now, zone, MONTHS);
    const [rows, lines] = await Promise.all([
      this.rowsOf(pharmacyId, months),
      this.activities.between(pharmacyId, since, wholeFrom),
    ]);
    const pickups = lines.filter(({ activityType }) => activityType === 'client_pickup');
    const { clients, revenue } = sumOf(rows.filter(({ from }) => from >= wholeFrom));
    return {
      months: months.map((month) => figuresOf(month, rows)),
      recent: {
        clients: clients + pickups.length,
        revenue: roundMoney(revenue + pickups.reduce((sum, { amount }) => sum + (amount ?? 0), 0)),
      },
    };
  }

  private async rowsOf(pharmacyId: string, months: readonly Month[]): Promise<PeriodRow[]> {
    const [first, last] = [months[0], months.at(-1)];
    return first === undefined || last === undefined ? [] : this.periods.between(pharmacyId, first.start, last.end);
  }
}

function figuresOf({ name, start, end }: Month, rows: readonly PeriodRow[]): MonthFigures {
  return { month: name, ...sumOf(rows.filter(({ from }) => from >= start && from < end)) };
}

function sumOf(rows: readonly PeriodFigures[]): PeriodFigures {
  const total = (key: keyof PeriodFigures): number => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    received: total('received'),
    accepted: total('accepted'),
    clients: total('clients'),
    revenue: roundMoney(total('revenue')),
    missed: total('missed'),
  };
}
