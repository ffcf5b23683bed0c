import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { ClientSession } from 'mongodb';
import { ModuleRef } from '@nestjs/core';
import { Clock } from '../../common/time';
import { Instances } from '../database/instances';
import { type OutboxEvent, OutboxWriter, type StoredEvent } from '../database/outbox-writer';
import { type Tx, UnitOfWork } from '../database/unit-of-work';
import { Logger } from '../logging';
import { Metrics } from '../metrics';
import { type DeliveredEvent, OutboxHandlers } from './outbox-handlers';
import { type Entry, OutboxRepository } from './outbox.repository';

const LEASE_MS = 30_000;
const RENEW_BELOW_MS = 10_000;
const POLL_MS = 5_000;
const POLL_LIMIT = 1_000;
const PARALLEL_KEYS = 8;
// Mail and push have places of their own: a provider that hangs delays nothing else.
const PARALLEL_OUTSIDE = 4;
const BATCH = 16;
const MAX_ATTEMPTS = 20;
const MAX_DELAY_MS = 3_600_000;
const BLOCKED_RETRY_MS = 100;
const REMEMBERED_KEYS = 20_000;

class LeaseLost extends Error {}

/** Keys that wait for a place, and how many places are taken. */
interface Lane {
  readonly ready: string[];
  busy: number;
  readonly places: number;
}

/**
 * Delivers stored events: at once when this process wrote them, and by polling for what a crash or another process left
 * behind. Per key strictly in order, several keys side by side, consecutive events of a key in one transaction.
 */
@Injectable()
export class OutboxDispatcher extends OutboxWriter implements BeforeApplicationShutdown {
  private readonly owner: string;
  private readonly queues = new Map<string, Entry[]>();
  private readonly held = new Set<string>();
  private readonly lastDone = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private readonly inside: Lane = { ready: [], busy: 0, places: PARALLEL_KEYS };
  private readonly outside: Lane = { ready: [], busy: 0, places: PARALLEL_OUTSIDE };
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private polling: Promise<number> = Promise.resolve(0);
  private nextPoll: Promise<number> | null = null;
  private soon: { at: number; timer: NodeJS.Timeout } | undefined;

  constructor(
    private readonly repository: OutboxRepository,
    private readonly handlers: OutboxHandlers,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly modules: ModuleRef,
    instances: Instances,
  ) {
    super();
    this.owner = instances.id;
    // What a dead server held would wait for the end of its leases.
    instances.onGone(async (instanceId) => {
      await this.repository.release(instanceId);
      void this.poll();
    });
  }

  override async write(session: ClientSession, events: readonly OutboxEvent[]): Promise<readonly StoredEvent[]> {
    const now = this.clock.now();
    const entries = await this.repository.append(session, events, this.owner, now, new Date(now.getTime() + LEASE_MS));
    return entries.map((entry) => ({ id: entry._id.toHexString(), entry }));
  }

  override committed(events: readonly StoredEvent[]): void {
    for (const event of events) this.enqueue((event as StoredEvent & { entry: Entry }).entry);
  }

  /** Begins polling; called once the server is ready. */
  start(): void {
    const loop = (): void => {
      void this.poll().finally(() => {
        if (this.stopped) return;
        this.timer = setTimeout(loop, POLL_MS);
        this.timer.unref();
      });
    };
    loop();
  }

  /** Takes over due entries that nobody holds; one poll at a time. Returns how many were taken. */
  async poll(): Promise<number> {
    // Whoever asks while one runs gets the next one, which sees what the running one may have missed.
    this.nextPoll ??= this.polling.then(() => {
      this.nextPoll = null;
      this.polling = this.takeDue();
      return this.polling;
    });
    return this.nextPoll;
  }

  private async takeDue(): Promise<number> {
    if (this.stopped) return 0;
    try {
      const now = this.clock.now();
      const due = await this.repository.due(now, POLL_LIMIT);
      const byKey = new Map<string, Entry[]>();
      for (const entry of due) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
      let taken = 0;
      for (const [key, entries] of byKey) taken += await this.takeRun(key, entries, now);
      const backlog = await this.repository.backlog(now);
      this.metrics.setOutbox(
        backlog.pending,
        backlog.oldestDueAt === null ? 0 : (now.getTime() - backlog.oldestDueAt.getTime()) / 1_000,
      );
      return taken;
    } catch (error) {
      this.logger.warn('outbox poll failed', { err: error });
      return 0;
    }
  }

  /**
   * Leases the unbroken run of entries at the head of a key, in one step. A key whose head must wait costs one read:
   * leasing what cannot be delivered yet would make a backlog slower the longer it is.
   */
  private async takeRun(key: string, entries: Entry[], now: Date): Promise<number> {
    if (this.queues.has(key)) return 0;
    entries.sort((a, b) => a.seq - b.seq);
    const run = entries.filter((entry, index) => entry.seq === (entries[0]?.seq ?? 0) + index);
    const [head] = run;
    if (head === undefined) return 0;
    const blocker = await this.repository.openPredecessor(key, head.seq);
    if (blocker !== null) {
      // Whoever holds it may finish at any moment; a failed one is not tried before its time, nor is what follows it.
      if (blocker.leased) this.pollAfter(BLOCKED_RETRY_MS);
      else if (blocker.availableAt > now) await this.repository.postpone(entries, blocker.availableAt);
      return 0;
    }
    const lockedUntil = new Date(now.getTime() + LEASE_MS);
    const leased = await this.repository.lease(run, this.owner, now, lockedUntil);
    for (const entry of leased) this.enqueue({ ...entry, lockedUntil });
    // What lies beyond a gap comes with the next poll.
    if (leased.length > 0 && run.length < entries.length) this.pollAfter(BLOCKED_RETRY_MS);
    return leased.length;
  }

  /** Resolves when nothing that this process holds is waiting or running; for tests and shutdown. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.soon?.timer);
    await this.idle();
    await this.repository.release(this.owner).catch(() => undefined);
  }

  private enqueue(entry: Entry): void {
    const id = entry._id.toHexString();
    if (this.stopped || this.held.has(id)) return;
    this.held.add(id);
    const queue = this.queues.get(entry.key);
    if (queue !== undefined) {
      const at = queue.findIndex((other) => other.seq > entry.seq);
      queue.splice(at === -1 ? queue.length : at, 0, entry);
      return;
    }
    this.queues.set(entry.key, [entry]);
    const lane = this.handlers.outsideOf(entry.topic) === undefined ? this.inside : this.outside;
    lane.ready.push(entry.key);
    this.pump(lane);
  }

  private pump(lane: Lane): void {
    while (!this.stopped && lane.busy < lane.places) {
      const key = lane.ready.shift();
      if (key === undefined) return;
      lane.busy += 1;
      const run: Promise<void> = this.drain(key).finally(() => {
        lane.busy -= 1;
        this.running.delete(run);
        if ((this.queues.get(key)?.length ?? 0) > 0) lane.ready.push(key);
        else this.queues.delete(key);
        this.pump(lane);
      });
      this.running.add(run);
    }
  }

  /** Delivers the next entries of a key; when the first must wait, the whole key goes back to the poller. */
  private async drain(key: string): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    const batch = this.takeBatch(queue);
    const [first] = batch;
    if (first === undefined) return;
    try {
      const now = this.clock.now();
      if (first.availableAt > now || !(await this.mayDeliver(first, batch, now))) {
        await this.giveBack(key, batch, first.availableAt);
        return;
      }
      await this.deliver(batch);
      this.remember(key, batch);
    } catch (error) {
      if (batch.length > 1) await this.deliverSingly(key, batch);
      else await this.failed(key, first, [], error);
    } finally {
      for (const entry of batch) this.held.delete(entry._id.toHexString());
    }
  }

  /** The next entries that may share a transaction: numbered without a gap; alone after a failure, and on their way out. */
  private takeBatch(queue: Entry[]): Entry[] {
    const now = this.clock.now();
    const batch: Entry[] = [];
    for (let next = queue[0]; next !== undefined && batch.length < BATCH; next = queue[0]) {
      const previous = batch.at(-1);
      if (previous !== undefined && (next.seq !== previous.seq + 1 || next.attempts > 0)) break;
      if (previous !== undefined && next.availableAt > now) break;
      const leaves = this.handlers.outsideOf(next.topic) !== undefined;
      if (previous !== undefined && leaves) break;
      queue.shift();
      batch.push(next);
      if (leaves) break;
    }
    return batch;
  }

  private async mayDeliver(first: Entry, batch: readonly Entry[], now: Date): Promise<boolean> {
    const old = batch.filter(({ lockedUntil }) => (lockedUntil?.getTime() ?? 0) - now.getTime() <= RENEW_BELOW_MS);
    if (old.length > 0) {
      const renewed = await this.repository.lease(old, this.owner, now, new Date(now.getTime() + LEASE_MS));
      // Closed or taken by somebody else meanwhile.
      if (renewed.length < old.length) return false;
    }
    if (this.lastDone.get(first.key) === first.seq - 1) return true;
    return (await this.repository.openPredecessor(first.key, first.seq)) === null;
  }

  /** Releases these entries and all that wait behind them; the poller takes them in order, not before `availableAt`. */
  private async giveBack(key: string, batch: readonly Entry[], availableAt: Date): Promise<void> {
    const waiting = this.queues.get(key)?.splice(0) ?? [];
    const all = [...batch, ...waiting];
    for (const entry of all) this.held.delete(entry._id.toHexString());
    await this.repository.giveBack(all, this.owner, availableAt).catch(() => undefined);
    this.pollAfter(Math.max(BLOCKED_RETRY_MS, availableAt.getTime() - this.clock.now().getTime()));
  }

  /** The soonest of the wishes counts; later ones are met by the regular poll or ask again. */
  private pollAfter(delayMs: number): void {
    const at = performance.now() + Math.min(delayMs, POLL_MS);
    if (this.stopped || (this.soon !== undefined && this.soon.at <= at)) return;
    clearTimeout(this.soon?.timer);
    const timer = setTimeout(() => {
      this.soon = undefined;
      void this.poll();
    }, at - performance.now());
    timer.unref();
    this.soon = { at, timer };
  }

  private async deliver(batch: readonly Entry[]): Promise<void> {
    for (const entry of batch) await this.handlers.outsideOf(entry.topic)?.(toEvent(entry));
    // Looked up late: the unit of work itself depends on this writer.
    const work = this.modules.get(UnitOfWork, { strict: false });
    await work.run(async (tx) => {
      for (const entry of batch) await this.handle(entry, tx);
      const ids = batch.map((entry) => entry._id);
      if (!(await this.repository.complete(tx.session, ids, this.owner, this.clock.now()))) throw new LeaseLost();
    });
  }

  private async handle(entry: Entry, tx: Tx): Promise<void> {
    for (const handler of this.handlers.of(entry.topic)) {
      await handler(toEvent(entry), tx);
    }
  }

  private async deliverSingly(key: string, batch: readonly Entry[]): Promise<void> {
    for (const [index, entry] of batch.entries()) {
      try {
        await this.deliver([entry]);
        this.remember(key, [entry]);
      } catch (error) {
        // Order within the key: what follows waits for this one.
        await this.failed(key, entry, batch.slice(index + 1), error);
        return;
      }
    }
  }

  private async failed(key: string, entry: Entry, followers: readonly Entry[], error: unknown): Promise<void> {
    const now = this.clock.now();
    if (error instanceof LeaseLost) return this.giveBack(key, [entry, ...followers], now);
    const attempts = entry.attempts + 1;
    const { parked, delay } = this.nextTry(entry, attempts, now);
    this.logger[parked ? 'error' : 'warn']('outbox delivery failed', {
      topic: entry.topic,
      entryId: entry._id.toHexString(),
      attempts,
      parked,
      err: error,
    });
    this.metrics[parked ? 'jobParked' : 'jobFailed'](`outbox:${entry.topic}`);
    const availableAt = new Date(now.getTime() + delay);
    const change = {
      attempts,
      availableAt,
      lastError: error instanceof Error ? error.name : 'Error',
      parkedAt: parked ? now : null,
    };
    await this.repository.fail(entry, this.owner, change).catch(() => undefined);
    await this.giveBack(key, followers, parked ? now : availableAt);
  }

  /** Whether a failed entry is tried again, and after how many milliseconds. */
  private nextTry({ topic, createdAt }: Entry, attempts: number, now: Date): { parked: boolean; delay: number } {
    const plan = this.handlers.planOf(topic);
    if (plan === undefined)
      return { parked: attempts >= MAX_ATTEMPTS, delay: Math.min(MAX_DELAY_MS, 1_000 * 2 ** (attempts - 1)) };
    const { delaysMs, giveUpAfterMs } = plan;
    return {
      parked: now.getTime() - createdAt.getTime() > giveUpAfterMs,
      delay: delaysMs[attempts - 1] ?? delaysMs.at(-1) ?? delaysMs[0],
    };
  }

  private remember(key: string, batch: readonly Entry[]): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    if (this.lastDone.size >= REMEMBERED_KEYS) this.lastDone.clear();
    this.lastDone.set(key, last.seq);
  }
}

function toEvent(entry: Entry): DeliveredEvent {
  return { id: entry._id.toHexString(), topic: entry.topic, payload: entry.payload, at: entry.createdAt };
}
