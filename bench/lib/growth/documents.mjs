/** Documents as the server stores them, one after another into the past: the n-th of whatever somebody has. */
import { ObjectId } from '../server.mjs';

const MINUTE = 60_000;

export const [HOUR, DAY] = [3_600_000, 86_400_000];

const times = (at) => ({ createdAt: at, updatedAt: at });

/** Appointments of a pair, one every 4 hours back from yesterday; negative numbers lie ahead. */
export function appointment(patientId, doctorId, now, n) {
  const dateTime = new Date(now - (now % HOUR) - DAY - n * 4 * HOUR);
  return {
    patientId,
    doctorId,
    dateTime,
    durationMinutes: 30,
    endTime: new Date(dateTime.getTime() + 30 * MINUTE),
    timeZone: 'UTC',
    day: dateTime.toISOString().slice(0, 10),
    type: n % 2 === 0 ? 'Physical' : 'Online',
    status: n < 0 ? 'Confirmed' : n % 5 === 0 ? 'Cancelled' : 'Completed',
    notes: '',
    createdByRole: 'PATIENT',
    sequence: 0,
    __v: 0,
    ...times(dateTime),
  };
}

/** Messages of a conversation of `count`, one every half an hour; the n-th newest. */
export function message(conversationId, [one, other], count, now, n) {
  const _id = new ObjectId();
  const at = new Date(now - n * 30 * MINUTE);
  const marks = { isRead: true, readAt: at, deliveredAt: at };
  return {
    _id,
    conversationId,
    senderId: n % 2 === 0 ? one : other,
    receiverId: n % 2 === 0 ? other : one,
    content: `message ${n} with the words of a usual message`,
    timestamp: at,
    seq: count - n,
    sendKey: _id.toHexString(),
    ...marks,
    ...times(at),
  };
}

/** A conversation with its counters. */
export function conversation(_id, patientId, side, professionalId, count, now) {
  const made = new Date(now - (count + 1) * 30 * MINUTE - DAY);
  return {
    _id,
    patientId,
    [side]: professionalId,
    type: side === 'doctorId' ? 'doctor' : 'pharmacist',
    lastMessage: count > 0 ? 'message 0 with the words of a usual message' : '',
    lastMessageTime: count > 0 ? new Date(now) : made,
    lastSenderId: patientId,
    patientUnread: 0,
    professionalUnread: 0,
    messageCount: count,
    createdAt: made,
    updatedAt: new Date(now),
  };
}

const NOTICES = ['appointment', 'medication', 'new_request'];

/** Notifications of an account over the 360 days that are kept; every tenth is unread. */
export function notification(userId, count, now, n) {
  const _id = new ObjectId();
  const at = new Date(now - Math.floor((n * 360 * DAY) / count));
  return {
    _id,
    userId,
    userType: 'patient',
    type: NOTICES[n % NOTICES.length],
    title: 'Rendez-vous',
    message: 'A message of usual length for a notification',
    body: 'A message of usual length for a notification',
    data: { event: 'created' },
    timestamp: at,
    isRead: n % 10 !== 0,
    collapseKey: _id.toHexString(),
    severity: 'info',
    ...times(at),
  };
}

const READS = ['patient.read', 'glucose.read', 'analytics.read', 'appointment.read'];

/** What the log says of a patient's data: a look of the doctor every hour, and every fifth line a change. */
export function auditEvent(patientId, actorId, now, n) {
  const _id = new ObjectId();
  return {
    _id,
    at: new Date(now - n * HOUR),
    actorId,
    actorRole: 'MEDECIN',
    action: n % 5 === 0 ? 'alert_settings.updated' : READS[n % READS.length],
    patientId,
    resource: 'patient',
    outcome: 'success',
    count: 1,
    coalesceKey: _id.toHexString(),
  };
}

/** A meal every six hours. */
export function meal(patientId, now, n) {
  const at = new Date(now - n * 6 * HOUR);
  const macros = { carbs: 40 + (n % 30), protein: 20, fat: 15, calories: 450 };
  return { patientId, name: 'Lunch', eatenAt: at, ...macros, source: 'manual', itemCount: 0, __v: 0, ...times(at) };
}

/** A sensor value every 15 minutes; every 96th place is a fasting value by hand. */
export function reading(patientId, now, n) {
  const at = new Date(now - (now % (15 * MINUTE)) - n * 15 * MINUTE);
  const value = 130 + Math.round(60 * Math.sin(n / 9) + 35 * Math.sin(n / 31));
  const shared = { patientId, value, unit: 'mg/dL', valueMgdl: value, measuredAt: at, __v: 0, ...times(at) };
  if (n % 96 === 0) return { ...shared, source: 'manual', period: 'fasting' };
  return { ...shared, source: 'cgm', intervalMinutes: 15, interval: 15, dedupeKey: `cgm|${at.getTime()}` };
}

/** A closed chain of alerts every two days. */
export function alert(patientId, now, n) {
  const at = new Date(now - (n + 1) * 2 * DAY);
  const end = new Date(at.getTime() + HOUR);
  const value = { t: at, measuredAt: at, value: 62, unit: 'mg/dL', kind: 'cgm', intervalMinutes: 15, saturated: false };
  const first = { glucoseId: new ObjectId(), ...value };
  return {
    patientId,
    side: 'low',
    state: 'closed',
    code: 'low',
    openedAt: at,
    closedAt: end,
    closedBy: 'cleared',
    first,
    latest: first,
    extreme: first,
    recheckAt: null,
    recipients: [],
    reachedAt: at,
    from: at,
    lastOutAt: end,
    left: true,
    escalated: [],
    waiting: [],
    ...times(at),
  };
}
