import type { TimeWindow } from './windows';

/** Number of elements by month `YYYY-MM`, UTC. */
export type MonthCounts = Readonly<Record<string, number>>;

/** An element that came to a list (1) or left it (-1), by the instant under which the list has it. */
export interface CountStep {
  readonly at: Date;
  readonly by: 1 | -1;
}

/** The month of an instant, `YYYY-MM`, UTC. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** Elements by month. */
export function countMonths(instants: Iterable<Date>): Record<string, number> {
  const months: Record<string, number> = {};
  for (const at of instants) {
    const month = monthOf(at);
    months[month] = (months[month] ?? 0) + 1;
  }
  return months;
}

/** What a window holds: the sum of its whole months, and the parts of months at its ends, which are to be counted. */
export function splitWindow(months: MonthCounts, { from, to }: OpenWindow): { whole: number; parts: TimeWindow[] } {
  if (from !== null && to !== null && from >= to) return { whole: 0, parts: [] };
  // Whole months are those of [first, end).
  const first = from === null ? '' : startsMonth(from) ? monthOf(from) : nextMonth(from);
  const end = to === null ? AFTER_ALL : monthOf(to);
  if (from !== null && to !== null && first > end) return { whole: 0, parts: [{ from, to }] };
  const whole = Object.entries(months).reduce((sum, [month, n]) => (month >= first && month < end ? sum + n : sum), 0);
  const head = from === null || startsMonth(from) ? [] : [{ from, to: startOf(first) }];
  const tail = to === null || startsMonth(to) ? [] : [{ from: startOf(end), to }];
  return { whole, parts: [...head, ...tail] };
}

/** Sorts behind every month. */
const AFTER_ALL = '~';

/** `[from, to)`; null is open. */
export interface OpenWindow {
  readonly from: Date | null;
  readonly to: Date | null;
}

function startOf(month: string): Date {
  return new Date(`${month}-01T00:00:00.000Z`);
}

function startsMonth(at: Date): boolean {
  return startOf(monthOf(at)).getTime() === at.getTime();
}

function nextMonth(at: Date): string {
  return monthOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)));
}
