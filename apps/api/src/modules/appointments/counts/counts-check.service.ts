import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database';
import { CounterChecks, type CounterDifference } from '../../../platform/scheduler';
import { AppointmentCounts, type CountOwner } from './appointment-counts.repository';

/** Compares the counts of appointments with the appointments. Those that differ are counted anew at the next read. */
@Injectable()
export class AppointmentCountsCheck implements OnModuleInit {
  constructor(
    private readonly checks: CounterChecks,
    private readonly counts: AppointmentCounts,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.checks.register(() => this.differences());
  }

  private async differences(): Promise<CounterDifference[]> {
    const found: CounterDifference[] = [];
    for await (const owner of this.counts.owners()) found.push(...(await this.check(owner)));
    return found;
  }

  private async check(owner: CountOwner): Promise<CounterDifference[]> {
    return this.work.run(async (tx) => {
      const differing = await this.counts.differencesOf(tx, owner);
      if (differing.length > 0) await this.counts.forget(tx, owner.userId);
      return differing.map(({ doctorId, week, cell, stored, counted }) => ({
        counter: `appointmentcounts.${doctorId}.${week}.${cell}`,
        owner: owner.userId,
        stored,
        counted,
      }));
    });
  }
}
