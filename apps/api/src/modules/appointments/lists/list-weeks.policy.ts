import { type Appointment } from '../appointment.schema';
import type { CountedWeek } from '../counts/appointment-counts.repository';
import { cellOf, WEEK_MS, weekOf } from '../counts/counted-weeks.policy';
import { type Span, withCell } from './list-filter.policy';

/** How many appointments of a list lie in a week. */
export interface ListedWeek {
  readonly week: number;
  readonly count: number;
}

/** A Pending appointment whose time has run out and of which nobody has written that yet. */
export type Overdue = Pick<Appointment, 'patientId' | 'doctorId' | 'dateTime' | 'type'>;

/** The counts as they are now: what has expired counts as Cancelled. */
export function asOfNow(weeks: readonly CountedWeek[], overdue: readonly Overdue[]): CountedWeek[] {
  const byPlace = new Map(weeks.map((row) => [`${row.doctorId}:${row.week}`, row]));
  for (const { doctorId, dateTime, type } of overdue) {
    const key = `${doctorId.toHexString()}:${weekOf(dateTime)}`;
    const row = byPlace.get(key);
    if (row === undefined) continue;
    const cells = withCell(withCell(row.cells, cellOf('Pending', type), -1), cellOf('Cancelled', type), 1);
    byPlace.set(key, { ...row, cells });
  }
  return [...byPlace.values()];
}

/** The weeks that a page needs, and how many appointments of the first of them belong to earlier pages. */
export interface PagePlan {
  readonly weeks: readonly ListedWeek[];
  readonly skip: number;
  /** How many the page will have. */
  readonly size: number;
}

/** Which weeks hold the page. @param weeks in the order of the list */
export function planPage(weeks: readonly ListedWeek[], skip: number, limit: number): PagePlan {
  const needed: ListedWeek[] = [];
  let passed = 0;
  let first = 0;
  for (const week of weeks) {
    if (week.count <= 0) continue;
    if (passed + week.count > skip) {
      if (needed.length === 0) first = passed;
      needed.push(week);
    }
    passed += week.count;
    if (passed >= skip + limit) break;
  }
  return {
    weeks: needed,
    skip: needed.length === 0 ? 0 : skip - first,
    size: Math.max(0, Math.min(limit, passed - skip)),
  };
}

/**
 * The spans to read for a page. Weeks without a match in between are not read, unless nothing has to be judged: then the
 * whole is one span, since nothing else lies in it.
 */
export function runsOf(weeks: readonly ListedWeek[], range: Span, asOne: boolean): Span[] {
  const runs: { first: number; last: number }[] = [];
  for (const { week } of weeks) {
    const run = runs.at(-1);
    if (run === undefined || !(asOne || Math.abs(week - run.last) === 1)) runs.push({ first: week, last: week });
    else run.last = week;
  }
  return runs.map(({ first, last }) =>
    within(range, Math.min(first, last) * WEEK_MS, (Math.max(first, last) + 1) * WEEK_MS),
  );
}

/** The part of a range that lies in a week. */
export function weekSpan(range: Span, week: number): Span {
  return within(range, week * WEEK_MS, (week + 1) * WEEK_MS);
}

function within(range: Span, from: number, to: number): Span {
  return { from: Math.max(range.from ?? from, from), to: Math.min(range.to ?? to, to) };
}

/**
 * Do the appointments that were found fit the counts? None too few, none in a week that has fewer.
 * @param skip how many of them belong to earlier pages
 */
export function agrees(found: readonly Pick<Appointment, 'dateTime'>[], plan: PagePlan, skip: number): boolean {
  if (found.length - skip < plan.size) return false;
  const left = new Map(plan.weeks.map(({ week, count }) => [week, count]));
  return found.every(({ dateTime }) => {
    const week = weekOf(dateTime);
    const count = left.get(week) ?? 0;
    left.set(week, count - 1);
    return count > 0;
  });
}
