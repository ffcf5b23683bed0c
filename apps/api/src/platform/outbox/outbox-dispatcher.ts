import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { ClientSession } from 'mongodb';
import { ModuleRef } from '@nestjs/core';
import { Clock } from '../../common/time';
import { type OutboxEvent, OutboxWriter, type StoredEvent } from '../database/outbox-writer';
import { type Tx, UnitOfWork } from '../database/unit-of-work';
import { Logger } from '../logging';
import { Metrics } from '../metrics';
import { OutboxHandlers } from './outbox-handlers';
import { type Entry, OutboxRepository } from './outbox.repository';

const LEASE_MS = 30_000;
const RENEW_BELOW_MS = 10_000;
// More than the commit of a transaction may take.
const CERTAIN_LEASE_MS = 9_000;
const POLL_MS = 5_000;
const POLL_LIMIT = 1_000;
const PARALLEL_KEYS = 8;
const BATCH = 16;
const MAX_ATTEMPTS = 20;
const MAX_DELAY_MS = 3_600_000;
const BLOCKED_RETRY_MS = 100;
const REMEMBERED_KEYS = 20_000;

class LeaseLost extends Error {}

/**
 * Delivers stored events: at once when this process wrote them, and by polling for what a crash or another process left
 * behind. Per key strictly in order, several keys side by side, consecutive events of a key in one transaction.
 */
@Injectable()
export class OutboxDispatcher extends OutboxWriter implements BeforeApplicationShutdown {
  private readonly owner = randomUUID();
  private readonly queues = new Map<string, Entry[]>();
  private readonly held = new Set<string>();
  private readonly lastDone = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private readonly ready: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly repository: OutboxRepository,
    private readonly handlers: OutboxHandlers,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly modules: ModuleRef,
  ) {
    super();
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

  /** Takes over due entries that nobody holds. Returns how many were taken. */
  async poll(): Promise<number> {
    if (this.stopped) return 0;
    try {
      const now = this.clock.now();
      let taken = 0;
      for (const entry of await this.repository.due(now, POLL_LIMIT)) {
        if (this.held.has(entry._id.toHexString())) continue;
        const lockedUntil = new Date(now.getTime() + LEASE_MS);
        if (!(await this.repository.lease(entry._id, this.owner, now, lockedUntil))) continue;
        this.enqueue({ ...entry, lockedUntil });
        taken += 1;
      }
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

  /** Resolves when nothing that this process holds is waiting or running; for tests and shutdown. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
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
    this.ready.push(entry.key);
    this.pump();
  }

  private pump(): void {
    while (!this.stopped && this.running.size < PARALLEL_KEYS) {
      const key = this.ready.shift();
      if (key === undefined) return;
      const run: Promise<void> = this.drain(key).finally(() => {
        this.running.delete(run);
        if ((this.queues.get(key)?.length ?? 0) > 0) this.ready.push(key);
        else this.queues.delete(key);
        this.pump();
      });
      this.running.add(run);
    }
  }

  /** Delivers the next entries of a key; what is not due or blocked goes back to the poller or waits a moment. */
  private async drain(key: string): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    const batch = this.takeBatch(queue);
    if (batch.length === 0) return;
    try {
      if (!(await this.mayDeliver(batch))) return;
      await this.deliver(batch);
      this.remember(key, batch);
    } catch (error) {
      if (batch.length > 1) await this.deliverSingly(batch);
      else await this.failed(batch[0], error);
    } finally {
      for (const entry of batch) this.held.delete(entry._id.toHexString());
    }
  }

  private takeBatch(queue: Entry[]): Entry[] {
    const now = this.clock.now();
    const batch: Entry[] = [];
    for (let next = queue[0]; next !== undefined && batch.length < BATCH; next = queue[0]) {
      const previous = batch.at(-1);
      if (previous !== undefined && (next.seq !== previous.seq + 1 || next.attempts > 0)) break;
      queue.shift();
      if (next.availableAt > now) {
        // Not due yet: the poller comes back for it.
        this.held.delete(next._id.toHexString());
        void this.repository
          .fail(next._id, this.owner, {
            attempts: next.attempts,
            availableAt: next.availableAt,
            lastError: '',
            parkedAt: null,
          })
          .catch(() => undefined);
        break;
      }
      batch.push(next);
    }
    return batch;
  }

  private async mayDeliver(batch: readonly Entry[]): Promise<boolean> {
    const [first] = batch;
    if (first === undefined) return false;
    const now = this.clock.now();
    for (const entry of batch) {
      if (entry.lockedUntil !== undefined && entry.lockedUntil.getTime() - now.getTime() > RENEW_BELOW_MS) continue;
      if (!(await this.repository.lease(entry._id, this.owner, now, new Date(now.getTime() + LEASE_MS)))) return false;
    }
    if (this.lastDone.get(first.key) === first.seq - 1) return true;
    if (await this.repository.predecessorClosed(first.key, first.seq)) return true;
    await this.waitForPredecessor(batch, now);
    return false;
  }

  /** The entry before is still open: another process is at it, or it failed and waits. Ask again soon, then leave it to the poller. */
  private async waitForPredecessor(batch: readonly Entry[], now: Date): Promise<void> {
    const availableAt = new Date(now.getTime() + BLOCKED_RETRY_MS);
    for (const entry of batch) {
      await this.repository.fail(entry._id, this.owner, {
        attempts: entry.attempts,
        availableAt,
        lastError: 'Blocked',
        parkedAt: null,
      });
    }
    this.pollAfter(BLOCKED_RETRY_MS * 5);
  }

  private pollAfter(delayMs: number): void {
    const timer = setTimeout(() => void this.poll(), delayMs);
    timer.unref();
  }

  private async deliver(batch: readonly Entry[]): Promise<void> {
    // Looked up late: the unit of work itself depends on this writer.
    const work = this.modules.get(UnitOfWork, { strict: false });
    await work.run(async (tx) => {
      for (const entry of batch) await this.handle(entry, tx);
      const ids = batch.map((entry) => entry._id);
      const owner = this.lastsBeyond(batch) ? null : this.owner;
      if (!(await this.repository.complete(tx.session, ids, owner, this.clock.now()))) throw new LeaseLost();
    });
  }

  /** While a lease has this long to go nobody else can have taken the entry, and the check of it costs a round trip. */
  private lastsBeyond(batch: readonly Entry[]): boolean {
    const limit = this.clock.now().getTime() + CERTAIN_LEASE_MS;
    return batch.every((entry) => entry.lockedUntil !== undefined && entry.lockedUntil.getTime() > limit);
  }

  private async handle(entry: Entry, tx: Tx): Promise<void> {
    for (const handler of this.handlers.of(entry.topic)) {
      await handler(
        { id: entry._id.toHexString(), topic: entry.topic, payload: entry.payload, at: entry.createdAt },
        tx,
      );
    }
  }

  private async deliverSingly(batch: readonly Entry[]): Promise<void> {
    for (const [index, entry] of batch.entries()) {
      try {
        await this.deliver([entry]);
        this.remember(entry.key, [entry]);
      } catch (error) {
        await this.failed(entry, error);
        // Order within the key: what follows waits for this one.
        await this.waitForPredecessor(batch.slice(index + 1), this.clock.now()).catch(() => undefined);
        return;
      }
    }
  }

  private async failed(entry: Entry | undefined, error: unknown): Promise<void> {
    if (entry === undefined || error instanceof LeaseLost) return;
    const attempts = entry.attempts + 1;
    const now = this.clock.now();
    const parked = attempts >= MAX_ATTEMPTS;
    const delay = Math.min(MAX_DELAY_MS, 1_000 * 2 ** (attempts - 1));
    this.logger[parked ? 'error' : 'warn']('outbox delivery failed', {
      topic: entry.topic,
      entryId: entry._id.toHexString(),
      attempts,
      parked,
      err: error,
    });
    if (parked) this.metrics.jobParked(`outbox:${entry.topic}`);
    const change = {
      attempts,
      availableAt: new Date(now.getTime() + delay),
      lastError: error instanceof Error ? error.name : 'Error',
      parkedAt: parked ? now : null,
    };
    await this.repository.fail(entry._id, this.owner, change).catch(() => undefined);
    this.pollAfter(delay + 50);
  }

  private remember(key: string, batch: readonly Entry[]): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    if (this.lastDone.size >= REMEMBERED_KEYS) this.lastDone.clear();
    this.lastDone.set(key, last.seq);
  }
}
