import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import { Logger } from '../../platform/logging';
import { type Connection, SocketHub } from '../../platform/realtime';
import { ConversationPartners } from '../conversations';
import { PresenceRepository } from './presence.repository';

const OFFLINE_AFTER_MS = 10_000;
const ALIVE_MS = 12_000;
const RENEW_MS = 3_000;
const SWEEP_MS = 1_000;

/**
 * Who is online, for those who share an open conversation. An instance vouches for its users for a few seconds at a
 * time; who is vouched for by nobody is offline: ten seconds after the last socket, and soon after a crash.
 */
@Injectable()
export class PresenceService implements BeforeApplicationShutdown {
  private readonly instance = randomUUID();
  private readonly sockets = new Map<string, number>();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly repository: PresenceRepository,
    private readonly partners: ConversationPartners,
    private readonly hub: SocketHub,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.every(RENEW_MS, () => this.repository.renew(this.instance, [...this.sockets.keys()], this.after(ALIVE_MS)));
    this.every(SWEEP_MS, () => this.sweep());
  }

  /** Tells the user's partners that they came online, and the socket which of its partners are. */
  async arrived(connection: Connection): Promise<void> {
    const { userId } = connection.identity;
    this.sockets.set(userId, (this.sockets.get(userId) ?? 0) + 1);
    const now = this.clock.now();
    const wasOnline = await this.repository.arrive(userId, this.instance, now, this.after(ALIVE_MS));
    const partners = await this.partners.of(userId);
    if (!wasOnline) for (const partner of partners) this.hub.tell(partner, 'presence', { userId, online: true });
    for (const partner of await this.repository.onlineAmong(partners, now))
      connection.send('presence', { userId: partner, online: true });
  }

  left(connection: Connection): void {
    const { userId } = connection.identity;
    const remaining = (this.sockets.get(userId) ?? 1) - 1;
    if (remaining > 0) {
      this.sockets.set(userId, remaining);
      return;
    }
    this.sockets.delete(userId);
    this.repository
      .leave(userId, this.instance, this.clock.now(), this.after(OFFLINE_AFTER_MS))
      .catch((error: unknown) => {
        this.logger.warn('a departure could not be stored', { err: error });
      });
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async sweep(): Promise<void> {
    for (const { userId, lastSeenAt } of await this.repository.sweep(this.clock.now()))
      for (const partner of await this.partners.of(userId))
        this.hub.tell(partner, 'presence', { userId, online: false, lastSeenAt });
  }

  private after(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }

  private every(ms: number, run: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      run()
        .catch((error: unknown) => {
          this.logger.warn('presence could not be kept', { err: error });
        })
        .finally(() => {
          busy = false;
        });
    }, ms);
    timer.unref();
    this.timers.push(timer);
  }
}
