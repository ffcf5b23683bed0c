import { Injectable } from '@nestjs/common';
import { Logger } from '../../../platform/logging';
import { GlucosePatients } from '../glucose-patients.service';
import { Rollups } from './rollups.service';

const PARALLEL = 2;

/**
 * Rebuilds days right after the commit that made them dirty, apart from the request. Several writes to one day that come
 * while it waits cost one rebuild. Nothing is lost with the process: the mark is in the database, readers and the job
 * see it.
 */
@Injectable()
export class RollupQueue {
  private readonly waiting = new Map<string, Set<string>>();
  private running = 0;

  constructor(
    private readonly rollups: Rollups,
    private readonly patients: GlucosePatients,
    private readonly logger: Logger,
  ) {}

  /** Asks for days of a patient to be rebuilt soon. */
  add(patientId: string, dates: readonly string[]): void {
    const known = this.waiting.get(patientId) ?? new Set<string>();
    for (const date of dates) known.add(date);
    this.waiting.set(patientId, known);
    if (this.running < PARALLEL) void this.drain();
  }

  private async drain(): Promise<void> {
    this.running += 1;
    try {
      for (;;) {
        // Requests first: the queue goes on when the event loop has nothing else to do.
        await new Promise((resolve) => setImmediate(resolve));
        const next = this.waiting.entries().next();
        if (next.done === true) return;
        const [patientId, dates] = next.value;
        this.waiting.delete(patientId);
        await this.rebuild(patientId, [...dates]);
      }
    } finally {
      this.running -= 1;
    }
  }

  private async rebuild(patientId: string, dates: readonly string[]): Promise<void> {
    try {
      const { zone } = await this.patients.find(patientId);
      await this.rollups.rebuild(patientId, zone, dates);
    } catch (error) {
      this.logger.warn('rollup not rebuilt; the job will', { err: error });
    }
  }
}
