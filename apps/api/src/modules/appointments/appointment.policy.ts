import { AppError, invalidField } from '../../common/errors';
import { APPOINTMENT_MACHINE } from './appointment.machine';
import { remindersAt } from './appointment-reminders.policy';
import type { Appointment, AppointmentSide, AppointmentStatus, AppointmentType } from './appointment.schema';

const DAY_MS = 86_400_000;
const MAX_YEARS_AHEAD = 2;

/** Reason of an automatic cancellation. */
export const EXPIRED_REASON = 'not confirmed in time';

/** What a PATCH asks for, validated and without values equal to the stored ones. */
export interface AppointmentPatch {
  readonly status?: AppointmentStatus;
  readonly notes?: string;
  readonly dateTime?: Date;
  readonly durationMinutes?: number;
  readonly type?: AppointmentType;
  readonly meetingUrl?: string | null;
  readonly reason?: string | null;
  readonly timeZone?: string;
}

/** What the other party is told; of several effects of one call the first in the contract's order. */
export type AppointmentEvent =
  'created' | 'cancelled' | 'completed' | 'rescheduled' | 'confirmed' | 'changed' | 'deleted';

type Unsettable =
  'reason' | 'meetingUrl' | 'awaiting' | 'expiresAt' | 'patientConfirmedAt' | 'cancelledBy' | 'reminders';

/** Fields to store; null unsets. */
export type AppointmentChange = {
  readonly [K in keyof Appointment]?: Appointment[K] | (K extends Unsettable ? null : never);
};

/** A judged update. */
export interface AppointmentPlan {
  readonly change: AppointmentChange;
  readonly event: AppointmentEvent;
  /** The slot must be free: date or length changed. */
  readonly moves: boolean;
}

/** The other party. */
export function otherSide(side: AppointmentSide): AppointmentSide {
  return side === 'PATIENT' ? 'MEDECIN' : 'PATIENT';
}

/** Has the time to confirm passed? Pending ones end at `expiresAt` or at their own start. */
export function hasExpired(appointment: Pick<Appointment, 'status' | 'expiresAt' | 'dateTime'>, now: Date): boolean {
  return (
    appointment.status === 'Pending' &&
    ((appointment.expiresAt !== undefined && appointment.expiresAt <= now) || appointment.dateTime <= now)
  );
}

/** The appointment as it counts now: an expired one is Cancelled, whether or not the job has written it yet. */
export function effective(appointment: Appointment, now: Date): Appointment {
  if (!hasExpired(appointment, now)) return appointment;
  const { awaiting: _awaiting, expiresAt: _expiresAt, ...rest } = appointment;
  return { ...rest, status: 'Cancelled', cancelledBy: 'SYSTEM', reason: EXPIRED_REASON };
}

/** @throws AppError DATE_IN_PAST, DATE_TOO_FAR */
export function assertBookable(dateTime: Date, now: Date): void {
  if (dateTime <= now) throw new AppError('DATE_IN_PAST');
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() + MAX_YEARS_AHEAD);
  if (dateTime > limit) throw new AppError('DATE_TOO_FAR');
}

/** End of the patient's time to confirm what a doctor proposes: 24 h, or the start if that is sooner. */
export function patientDeadline(dateTime: Date, now: Date): Date {
  return new Date(Math.min(now.getTime() + DAY_MS, dateTime.getTime()));
}

/**
 * Judges a PATCH (contract 50 section 3.3). Pure: the current state, the side that asks and the clock decide.
 * @param current the effective appointment
 * @returns null when nothing changes
 * @throws AppError VALIDATION_FAILED, DATE_*, FIELD_NOT_ALLOWED, ILLEGAL_TRANSITION, CONFIRMATION_EXPIRED, APPOINTMENT_CLOSED
 */
export function planUpdate(
  current: Appointment,
  side: AppointmentSide,
  sent: AppointmentPatch,
  now: Date,
): AppointmentPlan | null {
  const patch = withoutEqual(current, sent);
  assertShape(current, patch, sent, now);
  const { reason: _reason, ...effects } = patch;
  if (Object.keys(effects).length === 0) return null;
  const moves = patch.dateTime !== undefined || patch.durationMinutes !== undefined;
  const status = moves ? null : planStatus(current, side, patch, now);
  const move = moves ? planMove(current, side, patch, now) : null;
  const fields = planFields(current, side, patch);
  return {
    change: { ...fields, ...status?.change, ...move },
    event: status?.event ?? (moves ? 'rescheduled' : 'changed'),
    moves,
  };
}

function withoutEqual(current: Appointment, patch: AppointmentPatch): AppointmentPatch {
  const stored = current as unknown as Record<string, unknown>;
  const same = (key: string, value: unknown): boolean => {
    const now = stored[key] ?? null;
    return now instanceof Date && value instanceof Date ? now.getTime() === value.getTime() : now === value;
  };
  return Object.fromEntries(Object.entries(patch).filter(([key, value]) => value !== undefined && !same(key, value)));
}

/** Rules between fields of one request (400), before any state is looked at. */
function assertShape(current: Appointment, patch: AppointmentPatch, sent: AppointmentPatch, now: Date): void {
  if (sent.reason !== undefined && sent.reason !== null && sent.status !== 'Cancelled') {
    throw invalidField(
      'reason',
      'onlyWhenCancelling',
      'is only allowed together with status Cancelled',
      "n'est permis qu'avec le statut Cancelled",
    );
  }
  const moves = patch.dateTime !== undefined || patch.durationMinutes !== undefined;
  if (moves && sent.status !== undefined && sent.status !== 'Pending') {
    throw invalidField(
      'status',
      'notWithMove',
      'must be absent or Pending when the appointment moves',
      'doit être absent ou Pending lors d’un déplacement',
    );
  }
  if (patch.dateTime !== undefined) assertBookable(patch.dateTime, now);
  const type = patch.type ?? current.type;
  if (typeof patch.meetingUrl === 'string' && type === 'Physical') {
    throw invalidField(
      'meetingUrl',
      'onlyOnline',
      'is only allowed for Online appointments',
      "n'est permis que pour un rendez-vous Online",
    );
  }
}

function illegal(current: Appointment, to: AppointmentStatus): AppError {
  return new AppError('ILLEGAL_TRANSITION', {
    details: { from: current.status, to, awaiting: current.awaiting ?? null },
  });
}

interface StatusPlan {
  readonly change: AppointmentChange;
  readonly event: AppointmentEvent;
}

/** Was it cancelled because nobody confirmed in time? */
function ranOut(appointment: Appointment): boolean {
  return (
    appointment.status === 'Cancelled' && appointment.cancelledBy === 'SYSTEM' && appointment.reason === EXPIRED_REASON
  );
}

function planStatus(
  current: Appointment,
  side: AppointmentSide,
  patch: AppointmentPatch,
  now: Date,
): StatusPlan | null {
  const { status: to } = patch;
  if (to === undefined) return null;
  if (to === 'Completed' && side === 'PATIENT') throw new AppError('FIELD_NOT_ALLOWED');
  if (to === 'Confirmed' && ranOut(current)) throw new AppError('CONFIRMATION_EXPIRED');
  // Back to Pending leads only through a move.
  if (to === 'Pending' || !APPOINTMENT_MACHINE.can(current.status, to)) throw illegal(current, to);
  if (to === 'Confirmed') return planConfirmation(current, side, now);
  if (to === 'Cancelled') {
    const change = { status: to, awaiting: null, expiresAt: null, cancelledBy: side, reason: patch.reason ?? null };
    return { change: { ...change, ...withoutReminders(current) }, event: 'cancelled' };
  }
  if (now < current.dateTime) throw illegal(current, to);
  return { change: { status: to, awaiting: null, ...withoutReminders(current) }, event: 'completed' };
}

/** Reminders belong to Confirmed ones only. */
function withoutReminders(current: Appointment): AppointmentChange {
  return current.reminders === undefined ? {} : { reminders: null };
}

function planConfirmation(current: Appointment, side: AppointmentSide, now: Date): StatusPlan {
  if (current.awaiting !== side) throw illegal(current, 'Confirmed');
  const reminders = remindersAt(current.dateTime, now);
  const change = { status: 'Confirmed', awaiting: null, expiresAt: null, reminders } as const;
  return { change: side === 'PATIENT' ? { ...change, patientConfirmedAt: now } : change, event: 'confirmed' };
}

function planMove(current: Appointment, side: AppointmentSide, patch: AppointmentPatch, now: Date): AppointmentChange {
  const open = current.status === 'Pending' || current.status === 'Confirmed';
  if (!open || now >= current.dateTime) throw new AppError('APPOINTMENT_CLOSED');
  const dateTime = patch.dateTime ?? current.dateTime;
  const durationMinutes = patch.durationMinutes ?? current.durationMinutes;
  return {
    dateTime,
    durationMinutes,
    endTime: new Date(dateTime.getTime() + durationMinutes * 60_000),
    status: 'Pending',
    awaiting: otherSide(side),
    patientConfirmedAt: null,
    ...withoutReminders(current),
    expiresAt: side === 'MEDECIN' ? patientDeadline(dateTime, now) : null,
  };
}

/** Notes, type, meetingUrl, timeZone: who may change them, and until when. */
function planFields(current: Appointment, side: AppointmentSide, patch: AppointmentPatch): AppointmentChange {
  assertFieldsAllowed(current, side, patch);
  const change: Record<string, unknown> = {};
  for (const key of ['notes', 'type', 'timeZone', 'meetingUrl'] as const)
    if (patch[key] !== undefined) change[key] = patch[key];
  // Nobody dials in to a meeting in person.
  if (patch.type === 'Physical' && current.meetingUrl !== undefined) change['meetingUrl'] = null;
  return change;
}

function assertFieldsAllowed(current: Appointment, side: AppointmentSide, patch: AppointmentPatch): void {
  const open = current.status === 'Pending' || current.status === 'Confirmed';
  const doctorsFields = patch.meetingUrl !== undefined || patch.timeZone !== undefined;
  const type = patch.type !== undefined;
  if (side === 'PATIENT' && (doctorsFields || (type && current.status === 'Confirmed')))
    throw new AppError('FIELD_NOT_ALLOWED');
  if (!open && (doctorsFields || type)) throw new AppError('APPOINTMENT_CLOSED');
  const notesOpen = open || (side === 'MEDECIN' && current.status === 'Completed');
  if (patch.notes !== undefined && !notesOpen) throw new AppError('APPOINTMENT_CLOSED');
}

/** What DELETE does (contract 50 section 3.4). @throws AppError APPOINTMENT_CLOSED */
export function planDelete(
  current: Appointment,
  side: AppointmentSide,
  now: Date,
): { change: AppointmentChange; freesSlot: boolean } {
  if (current.status === 'Completed' || (current.status === 'Confirmed' && now >= current.dateTime))
    throw new AppError('APPOINTMENT_CLOSED');
  if (current.status === 'Cancelled') return { change: {}, freesSlot: false };
  return {
    change: {
      status: 'Cancelled',
      awaiting: null,
      expiresAt: null,
      cancelledBy: side,
      reason: 'deleted',
      ...withoutReminders(current),
    },
    freesSlot: true,
  };
}
