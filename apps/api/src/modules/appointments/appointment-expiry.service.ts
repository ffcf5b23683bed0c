import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../platform/database';
import { changeLanes } from './appointment-lanes.policy';
import { emitAppointment } from './appointment.events';
import { EXPIRED_REASON } from './appointment.policy';
import { type AppointmentRecord, AppointmentsRepository } from './appointments.repository';

/** Writes down that an appointment was not confirmed in time. */
@Injectable()
export class AppointmentExpiry {
  constructor(
    private readonly appointments: AppointmentsRepository,
    private readonly work: UnitOfWork,
  ) {}

  /** Cancels an expired one and tells both parties; nothing happens when it changed since it was read. */
  async expire(record: AppointmentRecord, now: Date): Promise<void> {
    const write = async (tx: Tx): Promise<void> => {
      const change = {
        status: 'Cancelled',
        cancelledBy: 'SYSTEM',
        reason: EXPIRED_REASON,
        awaiting: null,
        expiresAt: null,
      } as const;
      const cancelled = await this.appointments.update(tx, record._id.toHexString(), record.__v, change, now);
      if (cancelled !== null) emitAppointment(tx, cancelled, 'cancelled', null);
    };
    await this.work.run(write, { lanes: changeLanes(record) });
  }
}
