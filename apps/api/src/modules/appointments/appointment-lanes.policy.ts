import type { Appointment } from './appointment.schema';

/** In this process, what books, changes or counts one person's appointments waits for each other. */
export function personLane(userId: string): string {
  return `booking:${userId}`;
}

/** The lanes of both parties: bookings of theirs, and changes of what is counted. */
export function partiesLanes({ patientId, doctorId }: { patientId: string; doctorId: string }): string[] {
  return [personLane(doctorId), personLane(patientId)];
}

/** The lanes in which one appointment changes. */
export function changeLanes({
  _id,
  patientId,
  doctorId,
}: Pick<Appointment, '_id' | 'patientId' | 'doctorId'>): string[] {
  return [
    `appointment:${_id.toHexString()}`,
    ...partiesLanes({ patientId: patientId.toHexString(), doctorId: doctorId.toHexString() }),
  ];
}
