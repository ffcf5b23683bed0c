import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { fromEventId, RealtimeEvents, toEventId } from '../../platform/realtime';
import type { SyncEvent } from './dto/realtime.dto';

const DEFAULT_LIMIT = 200;

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

  async sync(actor: Actor, request: SyncEvent): Promise<SyncAnswer> {
    const last = await this.events.lastSeq(actor.id);
    const since = request.since === undefined ? null : fromEventId(request.since);
    const fresh = { events: [], next: toEventId(last), hasMore: false, resync: true };
    if (since === null || since > last) return fresh;
    if (since === last) return { ...fresh, resync: false };
    const limit = request.limit ?? DEFAULT_LIMIT;
    const found = await this.events.after(actor.id, since, limit + 1);
    // The numbers have no gaps: when the next one is not there, it has expired.
    if (found[0]?.seq !== since + 1) return fresh;
    const events = found
      .slice(0, limit)
      .map(({ seq, name, payload, at }) => ({ name, payload, eventId: toEventId(seq), at }));
    return { events, next: events.at(-1)?.eventId ?? toEventId(since), hasMore: found.length > limit, resync: false };
  }
}
