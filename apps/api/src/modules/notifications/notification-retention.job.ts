import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database';
import { CounterChecks, type CounterDifference, foundTwice, Scheduler } from '../../platform/scheduler';
import { NotificationsRepository } from './notifications.repository';

const KEEP_MS = 365 * 86_400_000;
const BATCH = 500;

/** Removes notifications older than 365 days, and their share of the unread counters. */
@Injectable()
export class NotificationRetentionJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly checks: CounterChecks,
    private readonly repository: NotificationsRepository,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'notification-retention', everySeconds: 86_400, run: (now) => this.run(now) });
    this.checks.register(foundTwice(() => this.counterDifferences()));
  }

  private async counterDifferences(): Promise<CounterDifference[]> {
    const found = await this.repository.counterDifferences();
    return found.map((row) => ({ counter: 'usercounters.unreadNotifications', ...row }));
  }

  private async run(now: Date): Promise<void> {
    const before = new Date(now.getTime() - KEEP_MS);
    for (;;) {
      const expired = await this.repository.expired(before, BATCH);
      for (const entry of expired) {
        await this.work.run((tx) =>
          this.repository.removeExpired(tx, entry._id.toHexString(), entry.userId.toHexString()),
        );
      }
      if (expired.length < BATCH) return;
    }
  }
}
