import { LRUCache } from 'lru-cache';
import type { TimeWindow } from './windows';

const MINUTE_MS = 60_000;
/** What is older is stored, whoever wrote it: no transaction runs as long, and no clock is that far behind. */
const SETTLED_AFTER_MS = 15 * MINUTE_MS;
/** How long what is counted anew each time may grow before it is remembered, too. */
const EXTEND_AFTER_MS = 60 * MINUTE_MS;
const REMEMBERED_MS = 12 * 60 * MINUTE_MS;

/** A list whose elements are never changed and go only by expiry. */
export interface SettledList {
  /** Names the list and its filter; equal keys have equal matches. */
  readonly key: string;
  /** From when on matches count; null: from the beginning. */
  readonly from: Date | null;
  /** Exclusive. */
  readonly to: Date;
  /** What is older may be expiring and is not remembered. */
  readonly keptSince: Date;
  /** Counts the matches of a window. */
  readonly count: (window: TimeWindow) => Promise<number>;
}

interface Settled {
  readonly from: Date;
  readonly until: Date;
  readonly count: number;
}

/**
 * Exact numbers of matches in logs: what is older than a quarter of an hour cannot change any more, so that it is
 * counted once in 12 hours and process, and afterwards only what came since. Memory is bounded; forgetting costs a count.
 */
export class SettledCounts {
  private readonly settled = new LRUCache<string, Settled>({ max: 10_000, ttl: REMEMBERED_MS });

  /** How many elements of the list there are now. */
  async count(list: SettledList, now: Date): Promise<number> {
    const edge = earlier(list.to, new Date(now.getTime() - SETTLED_AFTER_MS));
    const start = list.from !== null && list.from > list.keptSince ? list.from : list.keptSince;
    if (edge <= start) return list.count({ from: list.from, to: list.to });
    const { from, until, count } = await this.remembered(list, start, edge);
    const [expiring, recent] = await Promise.all([
      list.from !== null && list.from >= from ? 0 : list.count({ from: list.from, to: from }),
      until >= list.to ? 0 : list.count({ from: until, to: list.to }),
    ]);
    return expiring + count + recent;
  }

  private async remembered(list: SettledList, start: Date, edge: Date): Promise<Settled> {
    const key = `${list.key}|${list.from?.getTime() ?? ''}`;
    const known = this.settled.get(key);
    if (known !== undefined && known.until <= edge && edge.getTime() - known.until.getTime() < EXTEND_AFTER_MS)
      return known;
    const isUsable = known !== undefined && known.until <= edge;
    const from = isUsable ? known.from : start;
    const more = await list.count({ from: isUsable ? known.until : from, to: edge });
    const settled = { from, until: edge, count: (isUsable ? known.count : 0) + more };
    // What is extended keeps its age: the part that may expire moves with a new count.
    this.settled.set(key, settled, isUsable ? { noUpdateTTL: true } : {});
    return settled;
  }
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
