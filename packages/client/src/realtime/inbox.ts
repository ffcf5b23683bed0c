import { type CursorStore, isLater } from './cursors.js';
import type { Emitter } from './emitter.js';
import type { StoredEvent, SyncPage } from './events.js';

/** Tells the server that an event has been handled. */
export type Acknowledge = () => void;

interface Held {
  readonly event: StoredEvent;
  readonly acknowledge: Acknowledge | undefined;
}

/** More than this while `sync` runs, and it runs again instead: memory stays bounded. */
const MAX_HELD = 1_000;

/**
 * Puts what `sync` brings and what comes live into one order, each event once: while a sync runs, live events wait
 * behind it. The place in the stream moves after an event has been handled, so that a crash repeats and never skips.
 */
export class Inbox {
  private work: Promise<void> = Promise.resolve();
  private last: string | null = null;
  private loaded = false;
  /** Null while events are handled as they come. */
  private held: Held[] | null = [];
  private overflown = false;
  /** Counts the connections: what a former one still brings is dropped, the next sync has it. */
  private connection = 0;

  constructor(
    private readonly userId: string,
    private readonly cursors: CursorStore,
    private readonly emitter: Emitter,
  ) {}

  /** A new connection: live events wait until {@link catchUp} is through. */
  hold(): void {
    this.connection += 1;
    this.held = [];
    this.overflown = false;
  }

  /** Takes an event that came live. */
  take(event: StoredEvent, acknowledge: Acknowledge | undefined): void {
    if (this.held === null) {
      this.enqueue(() => this.handle(event, acknowledge));
      return;
    }
    if (this.held.length < MAX_HELD) this.held.push({ event, acknowledge });
    else [this.held, this.overflown] = [[], true];
  }

  /**
   * Handles everything missed, page by page, then what has waited. Resolves with false when the connection was lost
   * meanwhile. Rejects with what `ask` rejects with; may then be called again.
   */
  async catchUp(ask: (since: string | null) => Promise<SyncPage>): Promise<boolean> {
    const { connection } = this;
    for (;;) {
      await this.work;
      await this.load();
      const page = await ask(this.last);
      if (connection !== this.connection) return false;
      this.enqueue(() => this.handlePage(page));
      await this.work;
      if (connection !== this.connection) return false;
      const again = page.hasMore || this.overflown;
      this.overflown = false;
      if (!again) break;
    }
    for (const { event, acknowledge } of this.held ?? []) this.enqueue(() => this.handle(event, acknowledge));
    this.held = null;
    await this.work;
    return connection === this.connection;
  }

  private async handlePage(page: SyncPage): Promise<void> {
    if (page.resync) {
      await this.emitter.tell('resync', { first: this.last === null });
      await this.moveTo(page.next);
    }
    for (const event of page.events) await this.handle(event, undefined);
  }

  private async handle({ name, payload, eventId, at }: StoredEvent, acknowledge?: Acknowledge): Promise<void> {
    if (this.last === null || isLater(eventId, this.last)) {
      await this.emitter.tell(name, payload, { eventId, at });
      await this.moveTo(eventId);
    }
    acknowledge?.();
  }

  private async moveTo(eventId: string): Promise<void> {
    this.last = eventId;
    try {
      await this.cursors.write(this.userId, eventId);
    } catch (cause) {
      await this.emitter.tell('error', { cause });
    }
  }

  /** An unreadable place is like none: the server answers with `resync`. */
  private async load(): Promise<void> {
    if (this.loaded) return;
    this.loaded = true;
    try {
      this.last = await this.cursors.read(this.userId);
    } catch (cause) {
      await this.emitter.tell('error', { cause });
    }
  }

  private enqueue(task: () => Promise<void>): void {
    this.work = this.work.then(task);
  }
}
