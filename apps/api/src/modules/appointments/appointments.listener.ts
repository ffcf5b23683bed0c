import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { Notifier } from '../notifications';
import { APPOINTMENT_CHANGED, type AppointmentChanged } from './appointment.events';

/** Tells the other party of an appointment what happened; both, when nobody did it (contract 50 section 4). */
@Injectable()
export class AppointmentsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AppointmentChanged>(APPOINTMENT_CHANGED, (event, tx) => this.notify(event, tx));
  }

  private async notify(event: DeliveredEvent<AppointmentChanged>, tx: Tx): Promise<void> {
    const { appointmentId, patientId, doctorId, actorId } = event.payload;
    const cancels = event.payload.event === 'cancelled' || event.payload.event === 'deleted';
    for (const [userId, otherId] of [
      [patientId, doctorId],
      [doctorId, patientId],
    ] as const) {
      if (userId === actorId) continue;
      await this.notifier.notify(tx, {
        userId,
        // The text names the other party, also when the system acted.
        actorId: otherId,
        type: 'appointment',
        event: event.payload.event,
        relatedId: appointmentId,
        severity: cancels ? 'warning' : 'info',
        data: { appointmentId, patientId, doctorId },
        facts: { dateTime: event.payload.dateTime },
        at: event.at,
      });
    }
  }
}
