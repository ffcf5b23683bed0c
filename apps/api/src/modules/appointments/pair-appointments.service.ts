import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { emitLinkEnded } from './appointment.events';
import { AppointmentsRepository } from './appointments.repository';

/** What the end of a care link does to the pair's appointments. */
@Injectable()
export class PairAppointments {
  constructor(private readonly appointments: AppointmentsRepository) {}

  /** Cancels everything ahead of the pair in the transaction; returns how many there were. */
  async cancelFuture(tx: Tx, patientId: string, doctorId: string, reason: string, now: Date): Promise<number> {
    const cancelled = await this.appointments.cancelFutureOfPair(tx, patientId, doctorId, reason, now);
    for (const record of cancelled) emitLinkEnded(tx, record);
    return cancelled.length;
  }
}
