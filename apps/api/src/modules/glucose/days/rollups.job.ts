import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database';
import { Scheduler } from '../../../platform/scheduler';
import { AccountsRepository } from '../../users';
import { GlucosePatients } from '../glucose-patients.service';
import { GlucoseDaysRepository } from './days.repository';
import { RollupMaintenance } from './rollup-maintenance.service';
import { Rollups } from './rollups.service';

const BATCH = 500;
/** A write that read the old zone has ended by then: transactions are given up after 8 s. */
const SETTLED_MS = 10_000;

/** Rebuilds days whose process ended before it could, and moves the days of patients who changed their zone. */
@Injectable()
export class RollupsJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly days: GlucoseDaysRepository,
    private readonly rollups: Rollups,
    private readonly maintenance: RollupMaintenance,
    private readonly patients: GlucosePatients,
    private readonly accounts: AccountsRepository,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'glucose-rollups', everySeconds: 60, run: (now) => this.run(now) });
  }

  private async run(now: Date): Promise<void> {
    for (const { id, rezoneAt } of await this.accounts.rezoning(BATCH)) await this.rezone(id, rezoneAt, now);
    await this.rebuildDirty();
  }

  private async rebuildDirty(): Promise<void> {
    const byPatient = new Map<string, string[]>();
    for (const { patientId, date } of await this.days.dirty(BATCH)) {
      const dates = byPatient.get(patientId);
      if (dates === undefined) byPatient.set(patientId, [date]);
      else dates.push(date);
    }
    for (const [patientId, dates] of byPatient) {
      const { zone } = await this.patients.fresh(patientId);
      await this.rollups.rebuild(patientId, zone, dates);
    }
  }

  private async rezone(id: string, rezoneAt: Date, now: Date): Promise<void> {
    await this.maintenance.rebuild(id);
    if (now.getTime() - rezoneAt.getTime() < SETTLED_MS) return;
    await this.work.run((tx) => this.accounts.endRezoning(tx, id, rezoneAt), { lanes: [`account:${id}`] });
  }
}
