import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Scheduler } from '../../platform/scheduler';
import { AppointmentExpiry } from './appointment-expiry.service';
import { hasExpired } from './appointment.policy';
import { AppointmentsRepository } from './appointments.repository';

const BATCH = 200;

/** Writes down, every minute, that appointments nobody confirmed in time are cancelled; reads and writes know it before. */
@Injectable()
export class AppointmentExpiryJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly appointments: AppointmentsRepository,
    private readonly expiry: AppointmentExpiry,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'appointment-expiry', everySeconds: 60, run: (now) => this.run(now) });
  }

  private async run(now: Date): Promise<void> {
    for (;;) {
      const overdue = (await this.appointments.overdue(now, BATCH)).filter((record) => hasExpired(record, now));
      for (const record of overdue) await this.expiry.expire(record, now);
      if (overdue.length < BATCH) return;
    }
  }
}
