import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { Logger } from '../../platform/logging';
import { Metrics } from '../../platform/metrics';
import { Scheduler } from '../../platform/scheduler';
import { AlertEvaluation } from './alert-evaluation.service';
import { AlertStatesRepository } from './alert-states.repository';

const NAME = 'glucose-alert-timers';
const BATCH = 500;
const LEASE_MS = 60_000;
const PARALLEL = 4;

/** Runs, every minute, what is due by the clock: each patient under a lease, so that one process handles them at a time. */
@Injectable()
export class AlertTimersJob implements OnModuleInit {
  private readonly owner = randomUUID();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly states: AlertStatesRepository,
    private readonly evaluation: AlertEvaluation,
    private readonly work: UnitOfWork,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: NAME, everySeconds: 60, run: (now) => this.run(now) });
  }

  private async run(now: Date): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const due = (await this.states.due(now, BATCH + seen.size)).filter((patientId) => !seen.has(patientId));
      for (const patientId of due) seen.add(patientId);
      const queue = [...due];
      const workers = Array.from({ length: PARALLEL }, async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.handle(next);
      });
      await Promise.all(workers);
      if (due.length < BATCH) return;
    }
  }

  /** A patient whose timers fail is looked at again in the next minute, and nobody else waits for it. */
  private async handle(patientId: string): Promise<void> {
    const now = this.clock.now();
    if (!(await this.states.claim(patientId, this.owner, now, new Date(now.getTime() + LEASE_MS)))) return;
    try {
      await this.work.run((tx) => this.evaluation.timers(patientId, tx), { lanes: [`alert:${patientId}`] });
    } catch (error) {
      this.metrics.jobFailed(NAME);
      this.logger.warn('alert timers failed', { err: error });
    } finally {
      await this.states.release(patientId, this.owner).catch(() => undefined);
    }
  }
}
