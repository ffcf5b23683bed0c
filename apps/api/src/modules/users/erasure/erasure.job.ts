import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../common/time';
import { Logger } from '../../../platform/logging';
import { Scheduler } from '../../../platform/scheduler';
import { ErasureSteps } from './erasure-steps';
import { ErasuresRepository, type OpenErasure } from './erasures.repository';

const BATCH = 50;

/**
 * Does what is left of erasures: at once in the process that erased the account, and every minute for what a crash or a
 * failure left behind. Steps repeat without harm, so two processes may meet here.
 */
@Injectable()
export class ErasureJob implements OnModuleInit, BeforeApplicationShutdown {
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly erasures: ErasuresRepository,
    private readonly steps: ErasureSteps,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'erasure', everySeconds: 60, run: () => this.run() });
  }

  /** Goes on with every open erasure. @throws the first failure, after the others were tried */
  async run(): Promise<void> {
    let failure: unknown = null;
    const failed = new Set<string>();
    for (;;) {
      const open = (await this.erasures.open(BATCH)).filter(({ userId }) => !failed.has(userId));
      if (open.length === 0 || this.stopped) break;
      for (const erasure of open) {
        try {
          await this.finish(erasure);
        } catch (error) {
          failed.add(erasure.userId);
          failure ??= error;
        }
      }
      if (failed.size >= BATCH) break;
    }
    if (failure instanceof Error) throw failure;
  }

  /** Begins without waiting; a failure is left to the next run. */
  soon(): void {
    this.running = this.running
      .then(() => this.run())
      .catch((error: unknown) => {
        this.logger.warn('erasure is not finished', { err: error });
      });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async finish(erasure: OpenErasure): Promise<void> {
    for (const step of this.steps.all) {
      if (this.stopped) return;
      if (erasure.done.has(step.name)) continue;
      await step.run(erasure);
      await this.erasures.stepDone(erasure.userId, step.name);
    }
    await this.erasures.finish(erasure.userId, this.clock.now());
  }
}
