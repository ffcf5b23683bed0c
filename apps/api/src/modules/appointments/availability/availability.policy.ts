import { AppError, type FieldProblem, validationFailed } from '../../../common/errors';
import type { AvailabilityException, AvailabilityInterval, AvailabilityRule } from './availability.schema';

/** Minutes after midnight of `HH:MM`; 24:00 is 1440. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** An exception as it was sent: closed, or with intervals. */
export interface SentException {
  readonly date: string;
  readonly closed?: boolean;
  readonly intervals?: readonly AvailabilityInterval[];
}

/**
 * Judges what a doctor sets (contract 50 section 5) and completes the exceptions.
 * @throws AppError VALIDATION_FAILED for an interval that ends before it starts, a date named twice, an exception that
 * is neither closed nor has intervals, or both; OVERLAPPING_RULES
 */
export function judgeAvailability(
  rules: readonly AvailabilityRule[],
  sent: readonly SentException[],
): AvailabilityException[] {
  const exceptions = sent.map(({ date, closed, intervals }) => ({
    date,
    closed: closed ?? false,
    intervals: intervals ?? [],
  }));
  const problems = [
    ...rules.flatMap((rule, index) => problemsOf(rule, `rules[${index}]`)),
    ...exceptions.flatMap((exception, index) => problemsOfException(exception, `exceptions[${index}]`)),
    ...repeatedDates(exceptions),
  ];
  if (problems.length > 0) throw validationFailed(problems);
  const weekdays = new Set(rules.map(({ weekday }) => weekday));
  const days = [
    ...[...weekdays].map((weekday) => rules.filter((rule) => rule.weekday === weekday)),
    ...exceptions.map(({ intervals }) => intervals),
  ];
  if (days.some(overlap)) throw new AppError('OVERLAPPING_RULES');
  return exceptions;
}

function problemsOf({ start, end }: AvailabilityInterval, path: string): FieldProblem[] {
  if (minutesOf(start) < minutesOf(end)) return [];
  return [{ field: `${path}.end`, rule: 'afterStart', en: 'must be later than start', fr: 'doit être après start' }];
}

function problemsOfException({ closed, intervals }: AvailabilityException, path: string): FieldProblem[] {
  if (closed === intervals.length > 0) {
    return [
      {
        field: path,
        rule: 'closedOrIntervals',
        en: 'must be either closed or have intervals',
        fr: 'doit être soit fermé (closed), soit avoir des intervals',
      },
    ];
  }
  return intervals.flatMap((interval, index) => problemsOf(interval, `${path}.intervals[${index}]`));
}

function repeatedDates(exceptions: readonly AvailabilityException[]): FieldProblem[] {
  const seen = new Set<string>();
  return exceptions.flatMap(({ date }, index) => {
    if (!seen.has(date)) {
      seen.add(date);
      return [];
    }
    const field = `exceptions[${index}].date`;
    return [{ field, rule: 'unique', en: 'is named twice', fr: 'est citée deux fois' }];
  });
}

/** Do any two intervals of one day share a minute? Touching is allowed. */
function overlap(intervals: readonly AvailabilityInterval[]): boolean {
  const sorted = [...intervals].sort((a, b) => minutesOf(a.start) - minutesOf(b.start));
  return sorted.some((interval, index) => {
    const next = sorted[index + 1];
    return next !== undefined && minutesOf(next.start) < minutesOf(interval.end);
  });
}
