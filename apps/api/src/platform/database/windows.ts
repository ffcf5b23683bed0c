import { LRUCache } from 'lru-cache';

const DAY_MS = 86_400_000;
const MIN_SPAN_DAYS = 1 / 1_440;

/** A time window `[from, to)`; `from` null means "from the beginning". */
export interface TimeWindow {
  readonly from: Date | null;
  readonly to: Date;
}

/**
 * How wide a window was enough for a list the last time, per list: so that a busy list is read through a narrow one and a
 * quiet one does not widen step by step. Only a hint; any width gives the same answer.
 */
export class WindowMemory {
  private readonly spans = new LRUCache<string, number>({ max: 20_000 });

  /** Widths to try for a list: the remembered one first. */
  spansDays(list: string, usual: readonly number[]): readonly number[] {
    const remembered = this.spans.get(list);
    return remembered === undefined ? usual : [remembered, ...usual.filter((days) => days > remembered)];
  }

  /** Remembers that a full page reached back to an instant; twice that is tried next time. */
  remember(list: string, before: Date, oldest: Date): void {
    this.spans.set(list, Math.max(MIN_SPAN_DAYS, (2 * (before.getTime() - oldest.getTime())) / DAY_MS));
  }
}

/** What a windowed read needs. */
export interface WindowedRead<T> {
  /** Exclusive upper bound of the first window. */
  readonly before: Date;
  /** How many elements are wanted. */
  readonly limit: number;
  /** Widths in days, each measured from `before`; after the last one everything older is read. */
  readonly spansDays: readonly number[];
  /** Nothing older than this exists or is wanted. */
  readonly notBefore?: Date;
  /** Reads at most `limit` elements of the window, newest first. */
  readonly read: (window: TimeWindow, limit: number) => Promise<T[]>;
}

/**
 * Reads the newest elements before an instant through windows that widen only while they come back short. The cost is
 * bounded by the page on every engine: a short window proves that there is little to read in a wider one, while a
 * plain sort with limit may read every match.
 */
export async function readNewestWindowed<T>(request: WindowedRead<T>): Promise<T[]> {
  const found: T[] = [];
  let to = request.before;
  const floor = request.notBefore ?? null;
  const starts = [...request.spansDays.map((days) => new Date(request.before.getTime() - days * DAY_MS)), null];
  for (const start of starts) {
    const from = floor !== null && (start === null || start < floor) ? floor : start;
    if (from !== null && from >= to) break;
    found.push(...(await request.read({ from, to }, request.limit - found.length)));
    if (found.length >= request.limit || from === null || from === floor) break;
    to = from;
  }
  return found;
}

/**
 * "At or after" an instant, for a field of dates. Written as "after the millisecond before", which means the same: the
 * embedded engine loses equal keys at an inclusive lower bound of a descending index that has further fields.
 */
export function atOrAfter(instant: Date): { $gt: Date } {
  return { $gt: new Date(instant.getTime() - 1) };
}

/** The filter of a window on a date field, for a MongoDB query. */
export function windowFilter(window: TimeWindow): { $lt: Date; $gt?: Date } {
  return window.from === null ? { $lt: window.to } : { ...atOrAfter(window.from), $lt: window.to };
}
