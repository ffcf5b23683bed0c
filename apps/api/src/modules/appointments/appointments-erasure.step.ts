import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { type ErasedAccount, ErasureSteps } from '../users';
import { emitAppointment } from './appointment.events';
import { AvailabilityRepository } from './availability/availability.repository';
import { AppointmentsRepository } from './appointments.repository';
import { AppointmentCounts } from './counts/appointment-counts.repository';

const REASON = 'account closed';

/**
 * Cancels what an erased account has ahead and tells the other party; takes a patient's texts out of the rest and
 * removes a doctor's availability and the account's counts.
 */
@Injectable()
export class AppointmentsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly appointments: AppointmentsRepository,
    private readonly counts: AppointmentCounts,
    private readonly availability: AvailabilityRepository,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'appointments', run: (account) => this.run(account) });
  }

  private async run({ userId, role }: ErasedAccount): Promise<void> {
    if (role !== 'PATIENT' && role !== 'MEDECIN') return;
    const side = role === 'PATIENT' ? 'patientId' : 'doctorId';
    const seen = new Set<string>();
    for (;;) {
      const open = await this.appointments.openAhead(side, userId, this.clock.now());
      const fresh = open.filter((id) => !seen.has(id));
      for (const id of fresh) await this.cancel(id, userId);
      // One that could not be cancelled (it expired meanwhile) is not looked at for ever.
      for (const id of fresh) seen.add(id);
      if (fresh.length === 0) break;
    }
    await this.work.run((tx) => this.counts.forget(tx, userId));
    if (role === 'PATIENT') await this.appointments.clearTextsOf(userId, this.clock.now());
    else await this.availability.deleteOf(userId);
  }

  private async cancel(id: string, userId: string): Promise<void> {
    await this.work.run(async (tx) => {
      const cancelled = await this.appointments.cancelAhead(tx, id, REASON, this.clock.now());
      if (cancelled !== null) emitAppointment(tx, cancelled, 'cancelled', userId);
    });
  }
}
