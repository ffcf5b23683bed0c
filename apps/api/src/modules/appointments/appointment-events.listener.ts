import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import type { Tx } from '../../platform/database';
import { OutboxHandlers } from '../../platform/outbox';
import { RealtimeEvents } from '../../platform/realtime';
import { AccountDirectory } from '../users';
import {
  APPOINTMENT_CHANGED,
  APPOINTMENT_LINK_ENDED,
  type AppointmentChanged,
  type AppointmentLinkEnded,
} from './appointment.events';
import { toAppointment } from './appointment.mapper';
import { effective } from './appointment.policy';
import { AppointmentsRepository } from './appointments.repository';

/** Shows both parties on their devices how an appointment stands now. */
@Injectable()
export class AppointmentEventsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly events: RealtimeEvents,
    private readonly appointments: AppointmentsRepository,
    private readonly directory: AccountDirectory,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AppointmentChanged>(APPOINTMENT_CHANGED, ({ payload }, tx) => this.tell(payload, tx));
    this.handlers.on<AppointmentLinkEnded>(APPOINTMENT_LINK_ENDED, ({ payload }, tx) => this.tell(payload, tx));
  }

  private async tell({ appointmentId, patientId, doctorId }: AppointmentLinkEnded, tx: Tx): Promise<void> {
    const record = await this.appointments.findById(appointmentId);
    if (record === null) return;
    const people = await this.directory.find([patientId, doctorId]);
    const payload =
      record.deletedAt === undefined
        ? toAppointment(effective(record, this.clock.now()), people)
        : { _id: appointmentId, deleted: true };
    for (const [userId, about] of [
      [patientId, doctorId],
      [doctorId, patientId],
    ] as const)
      if (people.get(userId)?.deletedAt === null)
        this.events.append(tx, { userId, name: 'appointment:updated', payload, about });
  }
}
