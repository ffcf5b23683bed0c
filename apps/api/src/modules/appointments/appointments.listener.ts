import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { Notifier } from '../notifications';
import {
  APPOINTMENT_CHANGED,
  APPOINTMENT_REMINDER,
  type AppointmentChanged,
  type AppointmentReminder,
} from './appointment.events';

const HOUR_MS = 3_600_000;

interface Told {
  readonly event: string;
  readonly severity: 'info' | 'warning';
  readonly at: Date;
  readonly hoursBefore?: number;
}

/**
 * Tells the other party of an appointment what happened; both, when nobody did it, and of reminders (contract 50
 * section 4).
 */
@Injectable()
export class AppointmentsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AppointmentChanged>(APPOINTMENT_CHANGED, (event, tx) => this.changed(event, tx));
    this.handlers.on<AppointmentReminder>(APPOINTMENT_REMINDER, (event, tx) => this.remind(event, tx));
  }

  private async changed({ payload, at }: DeliveredEvent<AppointmentChanged>, tx: Tx): Promise<void> {
    const cancels = payload.event === 'cancelled' || payload.event === 'deleted';
    const told: Told = { event: payload.event, severity: cancels ? 'warning' : 'info', at };
    for (const side of ['patientId', 'doctorId'] as const)
      if (payload[side] !== payload.actorId) await this.tell(tx, payload, side, told);
  }

  private async remind({ payload }: DeliveredEvent<AppointmentReminder>, tx: Tx): Promise<void> {
    const { hoursBefore } = payload;
    // Planned ahead: it happened when it was due, however late it is told.
    const at = new Date(payload.dateTime.getTime() - hoursBefore * HOUR_MS);
    for (const side of ['patientId', 'doctorId'] as const)
      await this.tell(tx, payload, side, { event: 'reminder', severity: 'info', at, hoursBefore });
  }

  private async tell(
    tx: Tx,
    about: Pick<AppointmentChanged, 'appointmentId' | 'patientId' | 'doctorId' | 'dateTime'>,
    side: 'patientId' | 'doctorId',
    { event, severity, at, hoursBefore }: Told,
  ): Promise<void> {
    const { appointmentId, patientId, doctorId, dateTime } = about;
    await this.notifier.notify(tx, {
      userId: about[side],
      // The text names the other party, also when the system acted.
      actorId: side === 'patientId' ? doctorId : patientId,
      type: 'appointment',
      event,
      relatedId: appointmentId,
      severity,
      data: { appointmentId, patientId, doctorId, ...(hoursBefore === undefined ? {} : { hoursBefore }) },
      facts: { dateTime },
      at,
    });
  }
}
