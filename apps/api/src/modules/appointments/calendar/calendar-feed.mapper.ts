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

const LINE_BYTES = 75;
const END = 'END:VCALENDAR';

/**
 * Lines of at most 75 octets, continued after a line break and a space, never inside a character (RFC 5545 section 3.1).
 * The library counts octets character by character, which was nine tenths of the time of a long feed; most lines are
 * short enough as they are.
 */
export function foldLines(text: string): string {
  return text
    .split('\r\n')
    .map((line) => (Buffer.byteLength(line) <= LINE_BYTES ? line : foldLine(line)))
    .join('\r\n');
}

function foldLine(line: string): string {
  const parts: string[] = [];
  let [part, bytes] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LINE_BYTES) {
      parts.push(part);
      // The space that continues a line counts.
      [part, bytes] = ['', 1];
    }
    part += character;
    bytes += size;
  }
  return [...parts, part].join('\r\n ');
}

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
  // Empty, and so quickly written: the events are put in before its end.
  const frame = calendar.toString();
  const events = records.map((record) => {
    const [patientId, doctorId] = [record.patientId.toHexString(), record.doctorId.toHexString()];
    const doctor = accounts.get(doctorId);
    const other = displayName(ownerId === patientId ? doctor : accounts.get(patientId));
    const location = record.type === 'Online' ? record.meetingUrl : doctor?.adresseCabinet;
    const event = calendar.createEvent({
      id: `${record._id.toHexString()}@diabcare`,
      sequence: record.sequence,
      stamp: record.updatedAt,
      start: record.dateTime,
      end: record.endTime,
      summary: `Appointment with ${other}`,
      status: STATUS[record.status],
      ...(location === undefined || location === null ? {} : { location }),
    });
    return foldLines(event.toString());
  });
  return frame.replace(END, () => events.join('') + END);
}
