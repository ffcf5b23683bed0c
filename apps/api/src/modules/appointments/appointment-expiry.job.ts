import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database';
import { Scheduler } from '../../platform/scheduler';
import { emitAppointment } from './appointment.events';
import { EXPIRED_REASON, hasExpired } from './appointment.policy';
import { AppointmentsRepository } from './appointments.repository';

const BATCH = 200;

/** Writes down, every minute, that appointments nobody confirmed in time are cancelled; reads and writes know it before. */
@Injectable()
export class AppointmentExpiryJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly appointments: AppointmentsRepository,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'appointment-expiry', everySeconds: 60, run: (now) => this.run(now) });
  }

  private async run(now: Date): Promise<void> {
    for (;;) {
      const overdue = (await this.appointments.overdue(now, BATCH)).filter((record) => hasExpired(record, now));
      for (const record of overdue) {
        await this.work.run(async (tx) => {
          const change = { status: 'Cancelled', cancelledBy: 'SYSTEM', reason: EXPIRED_REASON, awaiting: null, expiresAt: null } as const;
          const cancelled = await this.appointments.update(tx, record._id.toHexString(), record.__v, change, now);
          // Null: a party changed it since it was read; the next round judges it again.
          if (cancelled !== null) emitAppointment(tx, cancelled, 'cancelled', null);
        });
      }
      if (overdue.length < BATCH) return;
    }
  }
}
