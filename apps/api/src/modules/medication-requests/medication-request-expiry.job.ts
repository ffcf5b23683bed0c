import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../platform/database';
import { Scheduler } from '../../platform/scheduler';
import { tellPatient } from './medication-request.events';
import { planExpiry } from './medication-request.policy';
import { MedicationRequestsRepository } from './medication-requests.repository';
import { RequestLedger } from './request-ledger.service';

const BATCH = 200;

/** Writes down, every minute, what time has ended; reads and writes know it before. */
@Injectable()
export class MedicationRequestExpiryJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly requests: MedicationRequestsRepository,
    private readonly ledger: RequestLedger,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'medication-request-expiry', everySeconds: 60, run: (now) => this.run(now) });
  }

  private async run(now: Date): Promise<void> {
    for (;;) {
      const overdue = await this.requests.overdue(now, BATCH);
      for (const id of overdue)
        await this.work.run((tx) => this.expire(tx, id, now), { lanes: [`medication-request:${id}`] });
      if (overdue.length < BATCH) return;
    }
  }

  /** Judged in the transaction: what was answered, confirmed or cancelled meanwhile is left alone. */
  private async expire(tx: Tx, id: string, now: Date): Promise<void> {
    const stored = await this.requests.findById(id, tx);
    const plan = stored === null ? null : planExpiry(stored, now);
    if (plan === null) return;
    const record = await this.requests.write(tx, plan.next, now);
    await this.ledger.ended(tx, record, plan.expired, now);
    if (record.globalStatus === 'expired') tellPatient(tx, record, 'medication_expired', null);
  }
}
