import { type DailySummary, dailySummaries, type Day, emptyDay, type Population } from '@diabcare/glycemia';
import type { DailyOptions } from '@diabcare/glycemia';

/** Rows of days that are over, by the document they were made of: as long as that stays in memory, they hold. */
const made = new WeakMap<object, Map<string, DailySummary>>();

/** One row for each date, computed once for each state of its day (glucose metrics section 10). */
export function dailyRows(
  dates: readonly string[],
  days: ReadonlyMap<string, Day>,
  zone: string,
  population: Population,
  options: DailyOptions & { readonly now: number },
): DailySummary[] {
  const kind = `${population}|${options.basis ?? ''}|${options.unit ?? ''}`;
  return dates.flatMap((date) => {
    const day = days.get(date);
    if (day === undefined) return dailySummaries([emptyDay(date, zone)], population, options);
    // The coverage of a day that is not over changes by itself.
    if (day.to > options.now) return dailySummaries([day], population, options);
    const rows = made.get(day) ?? new Map<string, DailySummary>();
    made.set(day, rows);
    const known = rows.get(kind);
    if (known !== undefined) return [known];
    const computed = dailySummaries([day], population, options);
    const [row] = computed;
    if (row !== undefined) rows.set(kind, row);
    return computed;
  });
}
