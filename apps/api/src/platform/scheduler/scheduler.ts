import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import { Logger } from '../logging';
import { Metrics } from '../metrics';
import { JobRepository } from './job.repository';

/** Work that some process must do every so often; running it twice in a row does no harm. */
export interface RecurringJob {
  readonly name: string;
  readonly everySeconds: number;
  /** Does everything that is due at `now`. */
  readonly run: (now: Date) => Promise<void>;
}

const TICK_MS = 1_000;
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;

/** A job of this process. */
interface Entry {
  readonly job: RecurringJob;
  /** When the lease is asked for again, epoch milliseconds. */
  askAt: number;
  /** Ends when no run that was begun before goes on. */
  last: Promise<unknown>;
}

/** Runs recurring jobs: each instance asks, one gets the lease, a crashed holder's lease runs out. */
@Injectable()
export class Scheduler implements BeforeApplicationShutdown {
  private readonly owner = randomUUID();
  private readonly jobs = new Map<string, Entry>();
  private readonly running = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly repository: JobRepository,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  /** Adds a job; modules do so when they start. */
  register(job: RecurringJob): void {
    this.jobs.set(job.name, { job, askAt: 0, last: Promise.resolve() });
  }

  /** Stores the jobs and begins asking for leases; called once the server is ready. */
  async start(): Promise<void> {
    const now = this.clock.now();
    await Promise.all(
      [...this.jobs.values()].map(({ job }) => this.repository.ensureRecurring(job.name, job.everySeconds, now)),
    );
    this.timer = setInterval(() => {
      this.tick();
    }, TICK_MS);
    this.timer.unref();
  }

  /** Runs one job now, whatever its schedule, after a run that goes on in this process; for tests and operators. */
  async runNow(name: string): Promise<void> {
    const entry = this.jobs.get(name);
    if (entry === undefined) throw new Error(`Unknown job ${name}`);
    await alone(entry, () => entry.job.run(this.clock.now()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await Promise.all(this.running);
    await this.repository.release(this.owner).catch(() => undefined);
  }

  private tick(): void {
    if (this.stopped) return;
    const now = this.clock.now().getTime();
    for (const entry of this.jobs.values()) {
      if (entry.askAt > now) continue;
      // Asking four times per period finds a crashed instance's lease soon without polling every second.
      entry.askAt = now + Math.max(TICK_MS, (entry.job.everySeconds * 1_000) / 4);
      const run: Promise<void> = alone(entry, () => this.tryRun(entry.job)).finally(() => this.running.delete(run));
      this.running.add(run);
    }
  }

  private async tryRun(job: RecurringJob): Promise<void> {
    try {
      const now = this.clock.now();
      if (!(await this.repository.claimRecurring(job.name, this.owner, now, this.leaseEnd()))) return;
      await this.runClaimed(job, now);
    } catch (error) {
      this.logger.warn('job could not be claimed or finished', { job: job.name, err: error });
    }
  }

  private async runClaimed(job: RecurringJob, now: Date): Promise<void> {
    const startedAt = performance.now();
    const renewal = setInterval(() => {
      this.repository.renew(job.name, this.owner, this.leaseEnd()).catch(() => undefined);
    }, RENEW_MS);
    let failure: string | null = null;
    try {
      await job.run(now);
      this.metrics.jobDone(job.name);
    } catch (error) {
      failure = error instanceof Error ? error.name : 'Error';
      this.metrics.jobFailed(job.name);
      this.logger.error('job failed', { job: job.name, err: error });
    } finally {
      clearInterval(renewal);
    }
    await this.repository.finish(job.name, this.owner, new Date(now.getTime() + job.everySeconds * 1_000), failure);
    this.logger.info('job', { job: job.name, ms: Math.round(performance.now() - startedAt), failed: failure !== null });
  }

  private leaseEnd(): Date {
    return new Date(this.clock.now().getTime() + LEASE_MS);
  }
}

/** Two runs of a job in one process would undo each other's work half-way: they wait for each other. */
function alone(entry: Entry, run: () => Promise<void>): Promise<void> {
  const result = entry.last.then(run);
  entry.last = result.catch(() => undefined);
  return result;
}
