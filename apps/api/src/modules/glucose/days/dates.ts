import { addDays, dayStart, localParts } from '@diabcare/glycemia';

const DAY_MS = 86_400_000;

/**
 * The local day of an instant as rollups have it: where clocks set back over midnight repeat an hour of the day before,
 * that hour belongs to the day that has begun (glucose metrics section 13).
 */
export function dateOf(instant: Date | number, zone: string): string {
  return localParts(Number(instant), zone).date;
}

/** The calendar day some days after a date (before it for negative ones); both `YYYY-MM-DD`. */
export function nextDate(date: string, days: number): string {
  return addDays(date, days);
}

/** All calendar days from one to another, both included. */
export function datesBetween(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let date = from; date <= to; date = nextDate(date, 1)) dates.push(date);
  return dates;
}

/** How many calendar days there are from one to another, both included. */
export function countDates(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The local days of instants, each once and in order. */
export function datesOf(instants: readonly Date[], zone: string): string[] {
  const dates: string[] = [];
  let end = -Infinity;
  for (const t of instants.map((instant) => instant.getTime()).sort((a, b) => a - b)) {
    if (t < end) continue;
    const date = dateOf(t, zone);
    dates.push(date);
    end = dayStart(nextDate(date, 1), zone);
  }
  return dates;
}
