import { DateTime } from 'luxon';

/** A calendar month in some zone. */
export interface Month {
  /** `YYYY-MM`. */
  readonly name: string;
  readonly start: Date;
  /** First instant of the next one. */
  readonly end: Date;
}

/** The current calendar month of a zone and the ones before, oldest first. */
export function lastMonths(now: Date, zone: string, count: number): Month[] {
  const current = DateTime.fromJSDate(now, { zone }).startOf('month');
  return Array.from({ length: count }, (_, index) => {
    const start = current.minus({ months: count - 1 - index });
    return { name: start.toFormat('yyyy-MM'), start: start.toJSDate(), end: start.plus({ months: 1 }).toJSDate() };
  });
}
