import type { Tx } from '../../platform/database';
import type { AppointmentEvent } from './appointment.policy';
import type { Appointment } from './appointment.schema';

/** Payload of every `appointment.*` event. */
export interface AppointmentChanged {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly event: AppointmentEvent;
  /** Who did it; null for the system, which tells both. */
  readonly actorId: string | null;
  readonly dateTime: Date;
}

/** Topic of {@link AppointmentChanged}. */
export const APPOINTMENT_CHANGED = 'appointment.changed';

/** Stores what happened to an appointment; one appointment's events are delivered in order. */
export function emitAppointment(tx: Tx, record: Appointment, event: AppointmentEvent, actorId: string | null): void {
  const appointmentId = record._id.toHexString();
  const payload: AppointmentChanged = {
    appointmentId,
    patientId: record.patientId.toHexString(),
    doctorId: record.doctorId.toHexString(),
    event,
    actorId,
    dateTime: record.dateTime,
  };
  tx.emit({ topic: APPOINTMENT_CHANGED, key: `appointment:${appointmentId}`, payload: { ...payload } });
}

/** Payload of {@link APPOINTMENT_LINK_ENDED}. */
export type AppointmentLinkEnded = Pick<AppointmentChanged, 'appointmentId' | 'patientId' | 'doctorId'>;

/**
 * Topic of {@link AppointmentLinkEnded}: cancelled with the care link. Devices are shown it like any change, while
 * people are told of the link alone, once.
 */
export const APPOINTMENT_LINK_ENDED = 'appointment.link_ended';

/** Stores that an appointment ended with its care link; in order with the appointment's other events. */
export function emitLinkEnded(tx: Tx, record: Appointment): void {
  const appointmentId = record._id.toHexString();
  const payload: AppointmentLinkEnded = {
    appointmentId,
    patientId: record.patientId.toHexString(),
    doctorId: record.doctorId.toHexString(),
  };
  tx.emit({ topic: APPOINTMENT_LINK_ENDED, key: `appointment:${appointmentId}`, payload: { ...payload } });
}

/** Payload of {@link APPOINTMENT_REMINDER}. */
export interface AppointmentReminder {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly hoursBefore: number;
  readonly dateTime: Date;
}

/** Topic of {@link AppointmentReminder}. */
export const APPOINTMENT_REMINDER = 'appointment.reminder';

/** Stores that both are to be reminded; in order with the appointment's other events. */
export function emitReminder(tx: Tx, record: Appointment, hoursBefore: number): void {
  const appointmentId = record._id.toHexString();
  const payload: AppointmentReminder = {
    appointmentId,
    patientId: record.patientId.toHexString(),
    doctorId: record.doctorId.toHexString(),
    hoursBefore,
    dateTime: record.dateTime,
  };
  tx.emit({ topic: APPOINTMENT_REMINDER, key: `appointment:${appointmentId}`, payload: { ...payload } });
}
