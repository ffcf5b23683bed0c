import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database';
import { personLane } from '../appointment-lanes.policy';
import type { Appointment } from '../appointment.schema';
import { AppointmentCounts, type CountedWeek } from '../counts/appointment-counts.repository';
import {
  type AppointmentFilter,
  type AppointmentListScope,
  certainSpan,
  holdsWeek,
  isListed,
  judges,
  possibleSpan,
  separatesExpired,
  type Span,
  touchesWeek,
  wantedOf,
} from './list-filter.policy';
import { ListRowsRepository } from './list-rows.repository';
import { agrees, asOfNow, type ListedWeek, type PagePlan, planPage, runsOf, weekSpan } from './list-weeks.policy';

/** Which part of a list, and in which order. */
export interface ListPart {
  readonly ascending: boolean;
  readonly skip: number;
  readonly limit: number;
}

/** A page of a list, with the number of all that match. */
export interface ListPage {
  readonly data: Appointment[];
  readonly total: number;
}

// Counts that disagree with what is found were overtaken by a booking, or by somebody who wrote past the server.
const MAX_RECOUNTS = 2;

/**
 * Pages of lists at a cost that does not grow with the list: counts by week tell the total and where the page lies, and
 * only those weeks are read (decision 22).
 */
@Injectable()
export class AppointmentLists {
  constructor(
    private readonly counts: AppointmentCounts,
    private readonly rows: ListRowsRepository,
    private readonly work: UnitOfWork,
  ) {}

  /** A page of a list. */
  async page(scope: AppointmentListScope, filter: AppointmentFilter, part: ListPart): Promise<ListPage> {
    for (let recounts = 0; ; recounts += 1) {
      const weeks = await this.weeksOf(scope, filter.now, separatesExpired(filter));
      const page = await this.read(scope, filter, part, weeks);
      if (page.agrees || recounts === MAX_RECOUNTS) return page;
      await this.recount(scope);
    }
  }

  /**
   * The weeks in which an owner has appointments, counted as they are now.
   * @param separated whether expired ones have to be told from Pending ones
   */
  async weeksOf(scope: AppointmentListScope, now: Date, separated: boolean): Promise<CountedWeek[]> {
    const { side, userId } = scope;
    const [counted, overdue] = await Promise.all([
      this.counts.weeksOf(userId),
      separated ? this.rows.overdue(now) : [],
    ]);
    const weeks = counted ?? (await this.recount(scope));
    return asOfNow(
      weeks,
      overdue.filter((row) => row[side].toHexString() === userId),
    );
  }

  private async recount({ side, userId }: AppointmentListScope): Promise<CountedWeek[]> {
    return this.work.run(
      async (tx) => {
        await this.counts.recount(tx, { side, userId });
        return (await this.counts.weeksOf(userId, tx)) ?? [];
      },
      { lanes: [personLane(userId)] },
    );
  }

  private async read(
    scope: AppointmentListScope,
    filter: AppointmentFilter,
    part: ListPart,
    counted: readonly CountedWeek[],
  ): Promise<ListPage & { agrees: boolean }> {
    const range = possibleSpan(filter);
    const direction = part.ascending ? 1 : -1;
    const weeks = (await this.listed(scope, filter, range, counted)).sort((a, b) => direction * (a.week - b.week));
    const total = weeks.reduce((sum, { count }) => sum + Math.max(0, count), 0);
    const plan = planPage(weeks, part.skip, part.limit);
    const data = judges(scope, filter)
      ? await this.judgedRows(scope, filter, part, runsOf(plan.weeks, range, false))
      : await this.plainRows(scope, part, plan, range);
    const skip = judges(scope, filter) ? plan.skip : 0;
    return { data: data.slice(skip, skip + part.limit), total, agrees: agrees(data, plan, skip) };
  }

  /** How many of each week are in the list; only weeks that the dates of the filter cut are looked into. */
  private async listed(
    scope: AppointmentListScope,
    filter: AppointmentFilter,
    range: Span,
    counted: readonly CountedWeek[],
  ): Promise<ListedWeek[]> {
    const wanted = new Map<number, number>();
    for (const { doctorId, week, cells } of counted)
      if (touchesWeek(range, week) && (scope.onlyWithDoctor ?? doctorId) === doctorId)
        wanted.set(week, (wanted.get(week) ?? 0) + wantedOf(cells, filter));
    const certain = certainSpan(filter);
    return Promise.all(
      [...wanted].map(async ([week, count]) =>
        count <= 0 || holdsWeek(certain, week)
          ? { week, count }
          : { week, count: await this.countIn(scope, filter, weekSpan(range, week)) },
      ),
    );
  }

  private async countIn(scope: AppointmentListScope, filter: AppointmentFilter, span: Span): Promise<number> {
    if (!judges(scope, filter)) return this.rows.count(scope, span);
    return (await this.rows.judged(scope, span)).filter((row) => isListed(row, scope, filter)).length;
  }

  private async judgedRows(
    scope: AppointmentListScope,
    filter: AppointmentFilter,
    { ascending }: ListPart,
    runs: readonly Span[],
  ): Promise<Appointment[]> {
    const found = await Promise.all(runs.map((span) => this.rows.rows(scope, span, ascending)));
    return found.flat().filter((row) => isListed(row, scope, filter));
  }

  private async plainRows(
    scope: AppointmentListScope,
    { ascending, limit, skip }: ListPart,
    plan: PagePlan,
    range: Span,
  ): Promise<Appointment[]> {
    const [run] = runsOf(plan.weeks, range, true);
    if (run === undefined && skip > 0) return [];
    const span = run ?? range;
    // The first page looks past the counted weeks: what was written past the server shows there.
    const open = skip > 0 ? {} : ascending ? { from: range.from } : { to: range.to };
    return this.rows.rows(scope, { ...span, ...open }, ascending, { skip: plan.skip, limit });
  }
}
