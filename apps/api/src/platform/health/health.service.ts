import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { DatabaseState } from '../database';
import { OutboxRepository } from '../outbox';
import { ShutdownState } from '../process/shutdown-state';
import { readBuildInfo } from './build-info';
import type { ReadyResponse, VersionResponse } from './health.dto';

const BOUND_MS = 2_000;
const OUTBOX_LATE_MS = 60_000;

/** Is this instance fit for traffic? */
@Injectable()
export class HealthService {
  private readonly build = readBuildInfo();

  constructor(
    private readonly database: DatabaseState,
    private readonly outbox: OutboxRepository,
    private readonly shutdown: ShutdownState,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** The database answers within 2 s, stored events are delivered, and the process is not ending. */
  async ready(): Promise<ReadyResponse> {
    const [database, outbox] = await Promise.all([
      within(this.database.ping()).then(
        () => 'ok',
        () => 'unreachable',
      ),
      within(this.outboxState()).catch(() => 'unknown'),
    ]);
    const checks = { database, outbox };
    const ok = !this.shutdown.shuttingDown && database === 'ok' && outbox === 'ok';
    return { status: ok ? 'ok' : 'unavailable', checks };
  }

  version(): VersionResponse {
    return { ...this.build, clientProfile: this.config.care.clientProfile };
  }

  private async outboxState(): Promise<string> {
    const now = this.clock.now();
    const { oldestDueAt } = await this.outbox.backlog(now);
    return oldestDueAt !== null && now.getTime() - oldestDueAt.getTime() > OUTBOX_LATE_MS ? 'late' : 'ok';
  }
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('No answer in time'));
    }, BOUND_MS);
  });
  try {
    return await Promise.race([work, bound]);
  } finally {
    clearTimeout(timer);
  }
}
