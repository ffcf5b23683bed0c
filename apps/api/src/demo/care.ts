import { DateTime } from 'luxon';
import { patientKey } from './accounts';
import { demoId, type DemoDocument } from './demo.repository';
import { DOCTORS, PATIENTS } from './people';
import { Random } from './random';
import { APPOINTMENT_NOTES, DIALOGUES, URGENT_NOTES } from './texts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LINKED_PATIENTS = 48;
const SLOTS = ['09:00', '09:30', '10:30', '11:00', '14:00', '15:30', '16:00'] as const;

/** A patient of a doctor. */
export interface DemoPair {
  readonly patientKey: string;
  readonly doctorKey: string;
}

/** Most patients have one doctor, every fifth a second one; the rest still look for theirs. */
function demoPairs(): DemoPair[] {
  const pairs: DemoPair[] = [];
  for (let index = 0; index < LINKED_PATIENTS; index += 1) {
    const first = DOCTORS[index % DOCTORS.length];
    if (first !== undefined) pairs.push({ patientKey: patientKey(index), doctorKey: first.key });
    const second = DOCTORS[(index + 1) % DOCTORS.length];
    if (index % 5 === 0 && second !== undefined) pairs.push({ patientKey: patientKey(index), doctorKey: second.key });
  }
  return pairs;
}

const userId = (key: string) => demoId(`user:${key}`);

/** Active links; one patient in twelve has switched access off. */
export function demoLinks(now: Date): DemoDocument[] {
  return demoPairs().map((pair, index) => {
    const since = new Date(now.getTime() - (30 + index) * DAY_MS);
    return {
      _id: demoId(`link:${pair.patientKey}:${pair.doctorKey}`),
      patientId: userId(pair.patientKey),
      doctorId: userId(pair.doctorKey),
      status: 'active',
      accessEnabled: index % 12 !== 11,
      since,
      origin: 'request',
      createdAt: since,
      updatedAt: since,
    };
  });
}

/** Requests that wait for a doctor's answer. */
export function demoRequests(now: Date): DemoDocument[] {
  const random = new Random(11);
  return PATIENTS.slice(LINKED_PATIENTS).map((_person, offset) => {
    const doctor = random.pick(DOCTORS);
    const key = patientKey(LINKED_PATIENTS + offset);
    const requestDate = new Date(now.getTime() - (1 + random.below(60)) * 3_600_000);
    return {
      _id: demoId(`request:${key}`),
      patientId: userId(key),
      doctorId: userId(doctor.key),
      status: 'pending',
      requestType: 'patient_link',
      requestDate,
      urgentNote: random.pick(URGENT_NOTES),
      declineReason: '',
      createdAt: requestDate,
      updatedAt: requestDate,
    };
  });
}

/** A month of appointments around today, in each doctor's working hours; nobody is in two places at once. */
export function demoAppointments(now: Date): DemoDocument[] {
  const random = new Random(23);
  const busy = new Set<string>();
  const appointments: DemoDocument[] = [];
  for (const doctor of DOCTORS) {
    const patients = demoPairs().filter((pair) => pair.doctorKey === doctor.key);
    const today = DateTime.fromJSDate(now, { zone: doctor.timeZone }).startOf('day');
    for (let offset = -15; offset <= 15; offset += 1) {
      const day = today.plus({ days: offset });
      if (day.weekday > 5) continue;
      for (const slot of SLOTS.slice(0, 3 + random.below(4))) {
        const pair = random.pick(patients);
        const dayKey = `${pair.patientKey}:${day.toISODate() ?? ''}`;
        if (busy.has(dayKey)) continue;
        busy.add(dayKey);
        const [hour = 9, minute = 0] = slot.split(':').map(Number);
        appointments.push(appointment(pair, doctor.timeZone, day.set({ hour, minute }), now, random));
      }
    }
  }
  return appointments;
}

function appointment(pair: DemoPair, zone: string, start: DateTime, now: Date, random: Random): DemoDocument {
  const dateTime = start.toJSDate();
  const past = dateTime <= now;
  const chance = random.next();
  const status = past
    ? chance < 0.85
      ? 'Completed'
      : 'Cancelled'
    : chance < 0.6
      ? 'Confirmed'
      : chance < 0.9
        ? 'Pending'
        : 'Cancelled';
  const type = random.next() < 0.4 ? 'Online' : 'Physical';
  const bookedAt = new Date(Math.min(now.getTime(), dateTime.getTime()) - (2 + random.below(10)) * DAY_MS);
  return {
    _id: demoId(`appointment:${pair.patientKey}:${pair.doctorKey}:${start.toISO() ?? ''}`),
    patientId: userId(pair.patientKey),
    doctorId: userId(pair.doctorKey),
    dateTime,
    durationMinutes: 30,
    endTime: new Date(dateTime.getTime() + 30 * MINUTE_MS),
    timeZone: zone,
    day: start.toISODate(),
    type,
    status,
    notes: random.pick(APPOINTMENT_NOTES),
    createdByRole: 'PATIENT',
    sequence: 0,
    __v: 0,
    createdAt: bookedAt,
    updatedAt: bookedAt,
    ...(status === 'Pending' ? { awaiting: 'MEDECIN' } : {}),
    ...(status === 'Cancelled'
      ? { cancelledBy: random.next() < 0.5 ? 'PATIENT' : 'MEDECIN', reason: 'Empêchement' }
      : {}),
    ...(type === 'Online' ? { meetingUrl: 'https://meet.demo.diabcare.example/salle' } : {}),
  };
}

/** Conversations with their messages; counters equal what is unread. */
export function demoConversations(now: Date): { conversations: DemoDocument[]; messages: DemoDocument[] } {
  const random = new Random(31);
  const messages: DemoDocument[] = [];
  const conversations = demoPairs().map((pair, index) => {
    const _id = demoId(`conversation:${pair.patientKey}:${pair.doctorKey}`);
    const dialogue = DIALOGUES[index % DIALOGUES.length] ?? [];
    const begin = now.getTime() - (1 + random.below(20)) * DAY_MS;
    // In every third one the last message still waits for its reader.
    const unreadLast = index % 3 === 0;
    const own = dialogue.map(([side, content], at) => {
      const timestamp = new Date(begin + at * (5 + random.below(50)) * MINUTE_MS + at);
      const isRead = !(unreadLast && at === dialogue.length - 1);
      const [sender, receiver] = side === 'P' ? [pair.patientKey, pair.doctorKey] : [pair.doctorKey, pair.patientKey];
      return {
        _id: demoId(`message:${pair.patientKey}:${pair.doctorKey}:${at}`),
        conversationId: _id,
        senderId: userId(sender),
        receiverId: userId(receiver),
        content,
        timestamp,
        seq: at + 1,
        sendKey: demoId(`message:${pair.patientKey}:${pair.doctorKey}:${at}`).toHexString(),
        isRead,
        ...(isRead ? { readAt: timestamp, deliveredAt: timestamp } : {}),
        createdAt: timestamp,
        updatedAt: timestamp,
      };
    });
    const ordered = own.sort((a, b) => a.seq - b.seq);
    ordered.forEach((message, at) => {
      const previous = ordered[at - 1];
      // Strictly growing, as the server would have stored them.
      if (previous !== undefined && message.timestamp <= previous.timestamp)
        message.timestamp = new Date(previous.timestamp.getTime() + MINUTE_MS);
    });
    messages.push(...ordered);
    const last = ordered.at(-1);
    const unreadByPatient = ordered.filter(
      (message) => !message.isRead && message.receiverId.equals(userId(pair.patientKey)),
    ).length;
    const unreadByDoctor = ordered.filter((message) => !message.isRead).length - unreadByPatient;
    const createdAt = new Date(begin - DAY_MS);
    return {
      _id,
      patientId: userId(pair.patientKey),
      doctorId: userId(pair.doctorKey),
      type: 'doctor',
      lastMessage: Array.from(last?.content ?? '')
        .slice(0, 100)
        .join(''),
      lastMessageTime: last?.timestamp ?? createdAt,
      ...(last === undefined ? {} : { lastSenderId: last.senderId }),
      patientUnread: unreadByPatient,
      professionalUnread: unreadByDoctor,
      messageCount: ordered.length,
      createdAt,
      updatedAt: last?.timestamp ?? createdAt,
    };
  });
  return { conversations, messages };
}
