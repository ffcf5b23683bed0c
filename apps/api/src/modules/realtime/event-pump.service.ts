import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Logger } from '../../platform/logging';
import {
  type Connection,
  RealtimeEvents,
  SocketHub,
  type StoredRealtimeEvent,
  toEventId,
} from '../../platform/realtime';

const BATCH = 200;
const CHECK_MS = 5_000;

interface Listener {
  readonly connections: Set<Connection>;
  /** Number of the last event that was sent, or that was there before the first connection. */
  seq: number;
  pumping: boolean;
  /** Resolves when `seq` is known. */
  ready: Promise<void>;
  again: boolean;
}

/**
 * Sends stored events to the sockets of this instance. What this process has stored is sent as it is when it continues
 * where the last one ended; any other news is only a wake-up, and what is sent is read from there. So each socket gets
 * each event once and in order, whichever instance stored it and whatever order the news came in; news that got lost is
 * made up for by the next, or by a look every five seconds.
 */
@Injectable()
export class EventPump implements BeforeApplicationShutdown {
  private readonly listeners = new Map<string, Listener>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: RealtimeEvents,
    hub: SocketHub,
    private readonly logger: Logger,
  ) {
    events.onStored((userId, stored) => {
      if (!this.continues(userId, stored)) this.wake(userId);
      hub.wakeOthers(userId).catch((error: unknown) => {
        logger.warn('other instances could not be woken', { err: error });
      });
    });
    hub.onWake((userId) => {
      this.wake(userId);
    });
  }

  start(): void {
    this.timer = setInterval(() => {
      this.check().catch((error: unknown) => {
        this.logger.warn('missed events could not be looked for', { err: error });
      });
    }, CHECK_MS);
    this.timer.unref();
  }

  /** From now on the connection is sent what is stored; what was stored before is for `sync`. */
  async add(connection: Connection): Promise<void> {
    const { userId } = connection.identity;
    const known = this.listeners.get(userId);
    if (known !== undefined) {
      known.connections.add(connection);
      return known.ready;
    }
    const listener: Listener = {
      connections: new Set([connection]),
      seq: Infinity,
      pumping: false,
      again: false,
      ready: Promise.resolve(),
    };
    this.listeners.set(userId, listener);
    listener.ready = this.events.lastSeq(userId).then((seq) => {
      listener.seq = seq;
    });
    try {
      await listener.ready;
    } catch (error) {
      // The next connection of the user reads the number again.
      if (this.listeners.get(userId) === listener) this.listeners.delete(userId);
      throw error;
    }
    // Stored while the number was read: it is after the number, and not missed.
    this.wake(userId);
  }

  /**
   * Resolves when what is stored from now on is sent to the user's sockets. A `sync` that read before that could end
   * before an event that the sockets begin after.
   */
  async ready(userId: string): Promise<void> {
    await this.listeners.get(userId)?.ready;
  }

  remove(connection: Connection): void {
    const { userId } = connection.identity;
    const listener = this.listeners.get(userId);
    listener?.connections.delete(connection);
    if (listener?.connections.size === 0) this.listeners.delete(userId);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Sends events that follow the last one directly; false when others may come before them. A user's numbers are given in
   * the order of the commits and without a gap, so nothing can be missing between two that follow each other.
   */
  private continues(userId: string, stored: readonly StoredRealtimeEvent[]): boolean {
    const listener = this.listeners.get(userId);
    if (listener === undefined) return true;
    if (listener.pumping || stored[0]?.seq !== listener.seq + 1) return false;
    this.deliver(listener, stored);
    return true;
  }

  private wake(userId: string): void {
    const listener = this.listeners.get(userId);
    if (listener === undefined) return;
    if (listener.pumping) {
      listener.again = true;
      return;
    }
    listener.pumping = true;
    void this.pump(userId, listener)
      .catch((error: unknown) => {
        this.logger.warn('events could not be sent', { err: error });
      })
      .finally(() => {
        listener.pumping = false;
      });
  }

  private async pump(userId: string, listener: Listener): Promise<void> {
    do {
      listener.again = false;
      const found = await this.events.after(userId, listener.seq, BATCH);
      this.deliver(listener, found);
      if (found.length === BATCH) listener.again = true;
    } while (listener.again);
  }

  private deliver(listener: Listener, events: readonly StoredRealtimeEvent[]): void {
    for (const { seq, name, payload, at, causedBy } of events) {
      listener.seq = seq;
      for (const connection of listener.connections)
        if (connection.id !== causedBy) connection.send(name, payload, { eventId: toEventId(seq), at });
    }
  }

  private async check(): Promise<void> {
    const userIds = [...this.listeners.keys()];
    if (userIds.length === 0) return;
    for (const [userId, seq] of await this.events.lastSeqs(userIds))
      if (seq > (this.listeners.get(userId)?.seq ?? Infinity)) this.wake(userId);
  }
}
