import { dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../access';
import { Clock } from '../../../common/time';
import { dateOf, nextDate } from '../days/dates';
import { GlucosePatients } from '../glucose-patients.service';
import type { ChartQuery, DaysQuery } from './stats.dto';
import {
  rangeCounts,
  toAlertCounts,
  toChart,
  toDailyAverages,
  toHba1c,
  toSummary,
  toTimeInRange,
  toTrend,
  valueStats,
} from './stats.policy';
import { type DayCells, GlucoseWindows } from './windows.service';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const HBA1C_DAYS = 90;
const CHART_DAYS = { '7d': 7, '30d': 30, '90d': 90 } as const;

/** The statistics of the caller's own readings (contract 30 section 3). */
@Injectable()
export class StatsService {
  constructor(
    private readonly windows: GlucoseWindows,
    private readonly patients: GlucosePatients,
    private readonly clock: Clock,
  ) {}

  async weekly(actor: Actor) {
    return toSummary(valueStats(await this.lastHours(actor, 7)));
  }

  async monthly(actor: Actor) {
    return toSummary(valueStats(await this.lastHours(actor, 30)));
  }

  async dailyAverage(actor: Actor, query: DaysQuery) {
    return toDailyAverages(await this.lastDays(actor, query.days ?? DEFAULT_DAYS));
  }

  async alerts(actor: Actor) {
    return toAlertCounts(rangeCounts(await this.lastDays(actor, DEFAULT_DAYS)));
  }

  async hba1c(actor: Actor) {
    return toHba1c(valueStats(await this.lastDays(actor, HBA1C_DAYS)));
  }

  async timeInRange(actor: Actor, query: DaysQuery) {
    return toTimeInRange(rangeCounts(await this.lastDays(actor, query.days ?? DEFAULT_DAYS)));
  }

  async chart(actor: Actor, query: ChartQuery) {
    return toChart(await this.lastDays(actor, CHART_DAYS[query.period ?? '7d']));
  }

  async trend(actor: Actor) {
    const patient = await this.patients.find(actor.id);
    const now = this.clock.now().getTime();
    const [weekAgo, fortnightAgo] = [new Date(now - 7 * DAY_MS), new Date(now - 14 * DAY_MS)];
    const [last, previous] = await Promise.all([
      this.windows.load(patient, weekAgo),
      this.windows.load(patient, fortnightAgo, weekAgo),
    ]);
    return toTrend(valueStats(last), valueStats(previous));
  }

  /** The last so many times 24 hours. */
  private async lastHours(actor: Actor, days: number): Promise<DayCells[]> {
    const patient = await this.patients.find(actor.id);
    return this.windows.load(patient, new Date(this.clock.now().getTime() - days * DAY_MS));
  }

  /** So many local days that end with today; what lies ahead of now counts as well. */
  private async lastDays(actor: Actor, days: number): Promise<DayCells[]> {
    const patient = await this.patients.find(actor.id);
    const first = nextDate(dateOf(this.clock.now(), patient.zone), 1 - days);
    return this.windows.load(patient, new Date(dayStart(first, patient.zone)));
  }
}
