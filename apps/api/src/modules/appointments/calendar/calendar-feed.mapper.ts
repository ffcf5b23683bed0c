import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { displayName } from '../../../common/names';
import type { AccountSummary } from '../../users';
import type { Appointment, AppointmentStatus } from '../appointment.schema';

const STATUS: Readonly<Record<AppointmentStatus, ICalEventStatus>> = {
  Pending: ICalEventStatus.TENTATIVE,
  Confirmed: ICalEventStatus.CONFIRMED,
  Completed: ICalEventStatus.CONFIRMED,
  Cancelled: ICalEventStatus.CANCELLED,
};

/**
 * An account's appointments as iCalendar (RFC 5545), times in UTC. The same appointments give the same text, so that
 * its ETag says whether anything changed.
 * @param records the effective ones (see `appointment.policy`)
 */
export function toCalendar(
  ownerId: string,
  records: readonly Appointment[],
  accounts: ReadonlyMap<string, AccountSummary>,
): string {
  const calendar = ical({
    name: 'DiabCare',
    prodId: { company: 'DiabCare', product: 'Appointments', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const record of records) {
    const [patientId, doctorId] = [record.patientId.toHexString(), record.doctorId.toHexString()];
    const doctor = accounts.get(doctorId);
    const other = displayName(ownerId === patientId ? doctor : accounts.get(patientId));
    const location = record.type === 'Online' ? record.meetingUrl : doctor?.adresseCabinet;
    calendar.createEvent({
      id: `${record._id.toHexString()}@diabcare`,
      sequence: record.sequence,
      stamp: record.updatedAt,
      start: record.dateTime,
      end: record.endTime,
      summary: `Appointment with ${other}`,
      status: STATUS[record.status],
      ...(location === undefined || location === null ? {} : { location }),
    });
  }
  return calendar.toString();
}
