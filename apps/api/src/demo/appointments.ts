import { DateTime } from 'luxon';
import { userId } from './accounts';
import { demoPairs, type DemoPair } from './care';
import { demoId, type DemoDocument } from './demo.repository';
import { DOCTORS } from './people';
import { Random } from './random';
import { APPOINTMENT_NOTES } from './texts';

const DAY_MS = 86_400_000;
const DURATION_MINUTES = 30;
const DAYS_EACH_WAY = 15;
const WEDNESDAY = 3;
/** In the doctor's zone; the working day is 9 to 12 and 14 to 17, Monday to Friday. */
const SLOTS = ['09:00', '09:30', '10:30', '11:00', '14:00', '15:30', '16:00'] as const;

interface Visit {
  readonly pair: DemoPair;
  readonly start: DateTime;
  readonly random: Random;
}

/**
 * A month of appointments around today, in each doctor's working hours; nobody is in two places at once. What a day
 * holds follows from its date alone, so a load on a later day adds the days that have come near and nothing else.
 */
export function demoAppointments(now: Date): DemoDocument[] {
  const busy = new Set<string>();
  return DOCTORS.flatMap((doctor) => {
    const today = DateTime.fromJSDate(now, { zone: doctor.timeZone }).startOf('day');
    const days = Array.from({ length: 2 * DAYS_EACH_WAY + 1 }, (_, at) => today.plus({ days: at - DAYS_EACH_WAY }));
    return days.filter((day) => day.weekday <= 5).flatMap((day) => visitsOf(doctor.key, day, busy));
  }).map((visit) => toDocument(visit, now));
}

/** The visits of a doctor's day: at most one per patient and day, whoever the doctor is. */
function visitsOf(doctorKey: string, day: DateTime, busy: Set<string>): Visit[] {
  const date = day.toISODate() ?? '';
  const random = new Random(`appointments:${doctorKey}:${date}`);
  const patients = demoPairs().filter((pair) => pair.doctorKey === doctorKey);
  const visits: Visit[] = [];
  for (const slot of SLOTS.slice(0, 3 + random.below(4))) {
    const picked = random.pick(patients);
    // The demo patient comes every Wednesday, so that there is always a visit behind and one ahead.
    const weekly = day.weekday === WEDNESDAY && doctorKey === 'doctor' && visits.length === 0;
    const pair = (weekly ? patients.find(({ patientKey }) => patientKey === 'patient') : undefined) ?? picked;
    const key = `${pair.patientKey}:${date}`;
    if (busy.has(key)) continue;
    busy.add(key);
    const [hour = 9, minute = 0] = slot.split(':').map(Number);
    const id = `appointment:${pair.patientKey}:${doctorKey}:${date}`;
    visits.push({ pair, start: day.set({ hour, minute }), random: new Random(id) });
  }
  return visits;
}

type Status = 'Pending' | 'Confirmed' | 'Completed' | 'Cancelled';

/** Behind us: held or cancelled; ahead: confirmed, waiting for the doctor, or cancelled. */
function statusOf(start: Date, end: Date, now: Date, chance: number): Status {
  if (chance < 0.12) return 'Cancelled';
  if (end <= now) return 'Completed';
  return chance < 0.7 || start <= now ? 'Confirmed' : 'Pending';
}

function toDocument({ pair, start, random }: Visit, now: Date): DemoDocument {
  const dateTime = start.toJSDate();
  const endTime = new Date(dateTime.getTime() + DURATION_MINUTES * 60_000);
  const status = statusOf(dateTime, endTime, now, random.next());
  const bookedAt = new Date(Math.min(now.getTime(), dateTime.getTime()) - (2 + random.below(10)) * DAY_MS);
  const answeredAt = new Date(bookedAt.getTime() + (1 + random.below(30)) * 3_600_000);
  const type = random.next() < 0.4 ? 'Online' : 'Physical';
  return {
    _id: demoId(`appointment:${pair.patientKey}:${pair.doctorKey}:${start.toISODate() ?? ''}`),
    patientId: userId(pair.patientKey),
    doctorId: userId(pair.doctorKey),
    dateTime,
    durationMinutes: DURATION_MINUTES,
    endTime,
    timeZone: start.zoneName ?? 'UTC',
    day: start.toISODate(),
    type,
    status,
    notes: random.pick(APPOINTMENT_NOTES),
    createdByRole: 'PATIENT',
    sequence: status === 'Pending' ? 0 : 1,
    __v: status === 'Pending' ? 0 : 1,
    createdAt: bookedAt,
    updatedAt: { Pending: bookedAt, Confirmed: answeredAt, Cancelled: answeredAt, Completed: endTime }[status],
    ...(status === 'Pending' ? { awaiting: 'MEDECIN' } : {}),
    ...(status === 'Cancelled'
      ? { cancelledBy: random.next() < 0.5 ? 'PATIENT' : 'MEDECIN', reason: 'Empêchement' }
      : {}),
    ...(type === 'Online' ? { meetingUrl: 'https://meet.demo.diabcare.example/salle' } : {}),
  };
}
