import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { fromEventId, RealtimeEvents, type StoredRealtimeEvent, toEventId } from '../../platform/realtime';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 500;

/** Answer of `sync`. */
export interface SyncAnswer {
  readonly events: { name: string; payload: object; eventId: string; at: Date }[];
  /** Where the next `sync` goes on. */
  readonly next: string;
  readonly hasMore: boolean;
  /** What was missed is not stored any more: read everything again over REST. */
  readonly resync: boolean;
}

/** What a client missed while it was away. */
@Injectable()
export class SyncService {
  constructor(private readonly events: RealtimeEvents) {}

  /**
   * One query wherever nothing is missing; the number of the last event is read only to begin anew from it.
   * @param sinceId the event that the client has seen last; anything else begins anew
   * @param wanted how many events at most; 500 at the most
   */
  async sync(actor: Actor, sinceId: unknown, wanted = DEFAULT_LIMIT): Promise<SyncAnswer> {
    const since = fromEventId(sinceId);
    if (since === null) return this.anew(actor, null);
    const limit = Math.min(wanted, MAX_LIMIT);
    // From the event that the client has seen last: it shows that there was one, and what follows follows it.
    const found = await this.events.after(actor.id, since - 1, limit + 2);
    const kept = withoutGap(
      found.filter(({ seq }) => seq > since),
      since,
    );
    const isKnown = found[0]?.seq === since;
    if (kept.length === 0 && !(isKnown && found.length === 1)) return this.anew(actor, since);
    const events = kept
      .slice(0, limit)
      .map(({ seq, name, payload, at }) => ({ name, payload, eventId: toEventId(seq), at }));
    const missed = found.length - (isKnown ? 1 : 0);
    return {
      events,
      next: events.at(-1)?.eventId ?? toEventId(since),
      hasMore: missed > events.length,
      resync: false,
    };
  }

  /** Nothing that follows `since` is stored: all is well only where there was nothing. */
  private async anew(actor: Actor, since: number | null): Promise<SyncAnswer> {
    const last = await this.events.lastSeq(actor.id);
    return { events: [], next: toEventId(last), hasMore: false, resync: since !== last };
  }
}

/** The events up to the first gap. Numbers have none: what is not there has expired, or went with an erased account. */
function withoutGap(events: readonly StoredRealtimeEvent[], since: number): StoredRealtimeEvent[] {
  const gap = events.findIndex(({ seq }, index) => seq !== since + 1 + index);
  return events.slice(0, gap === -1 ? events.length : gap);
}
