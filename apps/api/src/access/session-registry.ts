import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/time';
import type { ChangeWatch } from '../platform/database';
import { Logger } from '../platform/logging';
import { Metrics } from '../platform/metrics';
import { type LiveSession, SessionRepository } from './session.repository';

const MAX_SESSIONS = 50_000;
// Never trust an entry longer than this, whatever the change stream missed (ARCHITECTURE, hot path budget).
const TRUST_MS = 4_000;
const ACTIVITY_EVERY_MS = 60_000;

interface Entry {
  readonly session: LiveSession;
  readonly readAt: number;
}

/**
 * Live sessions in memory. Told at once of endings in this process, and through a change stream of those in others, so
 * an authenticated request normally costs no database read for its session.
 */
@Injectable()
export class SessionRegistry implements BeforeApplicationShutdown {
  private readonly cache = new LRUCache<string, Entry>({ max: MAX_SESSIONS });
  private readonly loading = new Map<string, Promise<LiveSession | null>>();
  private readonly listeners = new Set<(sessionId: string) => void>();
  private readonly stream: ChangeWatch;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    logger: Logger,
  ) {
    this.stream = sessions.watchEnded(
      (id) => {
        this.forget(id);
      },
      () => {
        this.cache.clear();
      },
      logger,
    );
  }

  /** The session if it is alive and was read recently enough to be trusted; undefined when the database must be asked. */
  peek(id: string): LiveSession | null | undefined {
    const now = this.clock.now();
    const entry = this.cache.get(id);
    if (entry === undefined || now.getTime() - entry.readAt >= TRUST_MS || now.getTime() < entry.readAt)
      return undefined;
    this.metrics.sessionCacheHit();
    return entry.session.endsAt > now ? entry.session : null;
  }

  /** The session if it is alive now. */
  async find(id: string): Promise<LiveSession | null> {
    const known = this.peek(id);
    if (known !== undefined) return known;
    this.metrics.sessionCacheMiss();
    let load = this.loading.get(id);
    if (load === undefined) {
      load = this.load(id, this.clock.now()).finally(() => this.loading.delete(id));
      this.loading.set(id, load);
    }
    return load;
  }

  /** Forgets an ended session now; the next request that names it is refused. */
  forget(id: string): void {
    this.cache.delete(id);
    // A read that began before the end must not be remembered after it.
    this.loading.delete(id);
    for (const listener of this.listeners) listener(id);
  }

  /** Calls back with every session that ends, here or elsewhere. */
  onEnded(listener: (sessionId: string) => void): void {
    this.listeners.add(listener);
  }

  /** Begins listening to other processes. */
  watch(): void {
    this.stream.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stream.stop();
  }

  private async load(id: string, now: Date): Promise<LiveSession | null> {
    const mine = this.loading;
    const session = await this.sessions.findLive(id, now);
    if (session === null) {
      this.cache.delete(id);
      return null;
    }
    if (mine.has(id)) this.cache.set(id, { session, readAt: now.getTime() });
    this.metrics.setSessionsCached(this.cache.size);
    if (now.getTime() - session.lastActivityAt.getTime() >= ACTIVITY_EVERY_MS) {
      this.sessions.touch(id, now).catch(() => undefined);
    }
    return session;
  }
}
