import type { Appointment, AppointmentReminders } from './appointment.schema';

const HOUR_MS = 3_600_000;

/** The reminders that there are (contract 50 section 4), hours before the start. */
export const REMINDERS = [
  { hoursBefore: 24, due: 'due24h', sentAt: 'sent24hAt' },
  { hoursBefore: 1, due: 'due1h', sentAt: 'sent1hAt' },
] as const;

/** One of {@link REMINDERS}. */
export type ReminderKind = (typeof REMINDERS)[number];

/** The reminders of an appointment that is confirmed at `now`; null when it is too late for any. */
export function remindersAt(dateTime: Date, now: Date): AppointmentReminders | null {
  const due = REMINDERS.flatMap((kind) => {
    const at = new Date(dateTime.getTime() - kind.hoursBefore * HOUR_MS);
    return at >= now ? [[kind.due, at] as const] : [];
  });
  return due.length === 0 ? null : Object.fromEntries(due);
}

/**
 * What happens to a reminder now. After a pause of the server a late one is still told, but never after the start; a hidden
 * appointment tells nobody anything.
 */
export function judgeReminder(
  appointment: Pick<Appointment, 'status' | 'deletedAt' | 'dateTime' | 'reminders'>,
  kind: ReminderKind,
  now: Date,
): 'tell' | 'drop' | 'none' {
  const due = appointment.reminders?.[kind.due];
  if (due === undefined || due > now) return 'none';
  if (appointment.status !== 'Confirmed') return 'none';
  return appointment.dateTime > now && appointment.deletedAt === undefined ? 'tell' : 'drop';
}
