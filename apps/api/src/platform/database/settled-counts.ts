import { LRUCache } from 'lru-cache';
import type { TimeWindow } from './windows';

const MINUTE_MS = 60_000;
/** What is older is stored, whoever wrote it: no transaction runs as long, and no clock is that far behind. */
const SETTLED_AFTER_MS = 15 * MINUTE_MS;
/** How long what is counted anew each time may grow before it is remembered, too. */
const EXTEND_AFTER_MS = 60 * MINUTE_MS;
const REMEMBERED_MS = 12 * 60 * MINUTE_MS;

/** A list whose elements do not change after a while and go only by expiry. */
export interface SettledList {
  /** Names the list and its filter; equal keys have equal matches. */
  readonly key: string;
  /** From when on matches count; null: from the beginning. */
  readonly from: Date | null;
  /** Exclusive. */
  readonly to: Date;
  /** What is older may be expiring and is not remembered; null where nothing expires. */
  readonly keptSince: Date | null;
  /** How long an element may still begin or cease to match after its instant; no longer than its commit may take unless given. */
  readonly settledAfterMs?: number;
  /** Counts the matches of a window. */
  readonly count: (window: TimeWindow) => Promise<number>;
}

interface Settled {
  readonly from: Date | null;
  readonly until: Date;
  readonly count: number;
}

/**
 * Exact numbers of matches in logs: what is older than a quarter of an hour cannot change any more, so that it is
 * counted once in 12 hours and process, and afterwards only what came since. Memory is bounded; forgetting costs a count.
 */
export class SettledCounts {
  private readonly settled = new LRUCache<string, Settled>({ max: 10_000, ttl: REMEMBERED_MS });

  /** @param worthwhile fewer matches are counted each time: it costs nothing, and what is not held cannot be outdated */
  constructor(private readonly worthwhile = 200) {}

  /** How many elements of the list there are now. */
  async count(list: SettledList, now: Date): Promise<number> {
    const edge = earlier(list.to, new Date(now.getTime() - (list.settledAfterMs ?? SETTLED_AFTER_MS)));
    const start = later(list.from, list.keptSince);
    if (start !== null && edge <= start) return list.count({ from: list.from, to: list.to });
    const { from, until, counting } = this.remembered(list, start, edge);
    const isWhole = from === null || (list.from !== null && list.from >= from);
    const [expiring, settled, recent] = await Promise.all([
      isWhole ? 0 : list.count({ from: list.from, to: from }),
      counting,
      until >= list.to ? 0 : list.count({ from: until, to: list.to }),
    ]);
    return expiring + settled + recent;
  }

  /** What is settled: remembered, or counted now. */
  private remembered(
    list: SettledList,
    start: Date | null,
    edge: Date,
  ): { readonly from: Date | null; readonly until: Date; readonly counting: Promise<number> | number } {
    const key = `${list.key}|${list.from?.getTime() ?? ''}`;
    const found = this.settled.get(key);
    const known = found !== undefined && found.until <= edge ? found : undefined;
    if (known !== undefined && edge.getTime() - known.until.getTime() < EXTEND_AFTER_MS)
      return { from: known.from, until: known.until, counting: known.count };
    const from = known === undefined ? start : known.from;
    const counting = list.count({ from: known === undefined ? start : known.until, to: edge }).then((more) => {
      const count = (known?.count ?? 0) + more;
      // What is extended keeps its age: the part that may expire moves with a new count.
      if (count >= this.worthwhile)
        this.settled.set(key, { from, until: edge, count }, known === undefined ? {} : { noUpdateTTL: true });
      return count;
    });
    return { from, until: edge, counting };
  }
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/** The later of two beginnings; null is the beginning of everything. */
function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
