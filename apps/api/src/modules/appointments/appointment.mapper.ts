import { displayName } from '../../common/names';
import type { AccountSummary } from '../users';
import type { Appointment } from './appointment.schema';
import type { AppointmentResponse } from './dto/appointment.dto';

/** An appointment as every route shows it. @param record the effective one (see `appointment.policy`) */
export function toAppointment(record: Appointment, accounts: ReadonlyMap<string, AccountSummary>): AppointmentResponse {
  const patientId = record.patientId.toHexString();
  const doctorId = record.doctorId.toHexString();
  const doctor = accounts.get(doctorId);
  const specialty = doctor?.specialite ?? null;
  return {
    _id: record._id.toHexString(),
    patientId,
    patientName: displayName(accounts.get(patientId)),
    doctorId,
    doctorName: displayName(doctor),
    specialty,
    doctorSpecialty: specialty,
    dateTime: record.dateTime,
    endTime: record.endTime,
    durationMinutes: record.durationMinutes,
    timeZone: record.timeZone,
    type: record.type,
    status: record.status,
    notes: record.notes,
    reason: record.reason ?? null,
    meetingUrl: record.meetingUrl ?? null,
    createdByRole: record.createdByRole,
    awaiting: record.awaiting ?? null,
    expiresAt: record.expiresAt ?? null,
    patientConfirmedAt: record.patientConfirmedAt ?? null,
    cancelledBy: record.cancelledBy ?? null,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

/** Ids of everybody whom the appointments name. */
export function partiesOf(records: readonly Pick<Appointment, 'patientId' | 'doctorId'>[]): Set<string> {
  return new Set(records.flatMap(({ patientId, doctorId }) => [patientId.toHexString(), doctorId.toHexString()]));
}
