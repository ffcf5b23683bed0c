import ical, { ICalEventStatus } from 'ical-generator';
import { displayName } from '../../../common/names';
import type { AccountSummary } from '../../users';
import { effective } from '../appointment.policy';
import type { Appointment, AppointmentStatus } from '../appointment.schema';

const STATUS: Readonly<Record<AppointmentStatus, ICalEventStatus>> = {
  Pending: ICalEventStatus.TENTATIVE,
  Confirmed: ICalEventStatus.CONFIRMED,
  // RFC 5545 knows no "completed" event.
  Completed: ICalEventStatus.CONFIRMED,
  Cancelled: ICalEventStatus.CANCELLED,
};
const REFRESH_SECONDS = 3_600;

/**
 * Appointments as iCalendar (RFC 5545), for one of their parties. The same appointments give the same text: nothing in
 * it is of the moment of reading. Notes and reasons stay out.
 */
export function toCalendar(
  appointments: readonly Appointment[],
  side: 'patientId' | 'doctorId',
  people: ReadonlyMap<string, AccountSummary>,
  now: Date,
): string {
  const calendar = ical({
    name: 'DiabCare',
    prodId: { company: 'DiabCare', product: 'Appointments', language: 'EN' },
    ttl: REFRESH_SECONDS,
  });
  for (const stored of appointments) {
    const shown = effective(stored, now);
    const other = people.get((side === 'patientId' ? stored.doctorId : stored.patientId).toHexString());
    calendar.createEvent({
      id: `${stored._id.toHexString()}@diabcare`,
      // An expired one is about to be written as cancelled: its number is that of the change.
      sequence: stored.sequence + (shown === stored ? 0 : 1),
      stamp: stored.updatedAt,
      created: stored.createdAt,
      lastModified: stored.updatedAt,
      start: stored.dateTime,
      end: stored.endTime,
      status: STATUS[shown.status],
      summary: `Appointment with ${displayName(other)}`,
      location: placeOf(stored, people.get(stored.doctorId.toHexString())),
    });
  }
  return calendar.toString();
}

/** Where to be: the link of an Online one, the practice's address of the others; null when neither is known. */
function placeOf({ type, meetingUrl }: Appointment, doctor: AccountSummary | undefined): string | null {
  return (type === 'Online' ? meetingUrl : doctor?.adresseCabinet) ?? null;
}
