import fc from 'fast-check';
import { Types } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../common/errors';
import { APPOINTMENT_MACHINE } from './appointment.machine';
import {
  type AppointmentPatch,
  effective,
  hasExpired,
  patientDeadline,
  planDelete,
  planUpdate,
} from './appointment.policy';
import { type Appointment, APPOINTMENT_STATUSES, type AppointmentSide } from './appointment.schema';

const NOW = new Date('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;

function appointment(fields: Partial<Appointment> = {}): Appointment {
  const dateTime = fields.dateTime ?? new Date(NOW.getTime() + 48 * HOUR);
  return {
    _id: new Types.ObjectId(),
    patientId: new Types.ObjectId(),
    doctorId: new Types.ObjectId(),
    __v: 0,
    createdAt: NOW,
    updatedAt: NOW,
    sequence: 0,
    dateTime,
    durationMinutes: 30,
    endTime: new Date(dateTime.getTime() + 30 * 60_000),
    timeZone: 'UTC',
    day: '2026-03-04',
    type: 'Online',
    status: 'Pending',
    notes: '',
    createdByRole: 'PATIENT',
    awaiting: 'MEDECIN',
    ...fields,
  };
}

const sides = fc.constantFrom<AppointmentSide>('PATIENT', 'MEDECIN');
const states = fc.record({
  status: fc.constantFrom(...APPOINTMENT_STATUSES),
  dateTime: fc.integer({ min: -100, max: 100 }).map((hours) => new Date(NOW.getTime() + hours * HOUR)),
  awaiting: sides,
  cancelledBy: fc.constantFrom<'PATIENT' | 'MEDECIN' | 'SYSTEM'>('PATIENT', 'MEDECIN', 'SYSTEM'),
});
const patches: fc.Arbitrary<AppointmentPatch> = fc.record(
  {
    status: fc.constantFrom(...APPOINTMENT_STATUSES),
    notes: fc.string({ maxLength: 5 }),
    dateTime: fc.integer({ min: -10, max: 100 }).map((hours) => new Date(NOW.getTime() + hours * HOUR)),
    durationMinutes: fc.integer({ min: 5, max: 240 }),
    type: fc.constantFrom<'Online' | 'Physical'>('Online', 'Physical'),
    reason: fc.string({ maxLength: 5 }),
  },
  { requiredKeys: [] },
);

describe('planning an update', () => {
  it('leads only to states that the machine allows, or refuses with a known error', () => {
    fc.assert(
      fc.property(states, sides, patches, (fields, side, patch) => {
        const current = effective(appointment(fields), NOW);
        try {
          const plan = planUpdate(current, side, patch, NOW);
          const next = plan?.change.status ?? current.status;
          if (next !== current.status) expect(APPOINTMENT_MACHINE.can(current.status, next)).toBe(true);
          if (plan?.moves === true)
            expect(plan.change).toMatchObject({
              status: 'Pending',
              awaiting: side === 'PATIENT' ? 'MEDECIN' : 'PATIENT',
            });
          if (current.status === 'Cancelled') expect(plan).toBeNull();
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect([400, 403, 409]).toContain((error as AppError).status);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing when the stored values are sent again', () => {
    fc.assert(
      fc.property(states, sides, (fields, side) => {
        const current = effective(appointment(fields), NOW);
        const { status, notes, type, durationMinutes } = current;
        expect(planUpdate(current, side, { status, notes, type, durationMinutes }, NOW)).toBeNull();
      }),
    );
  });

  it('announces the first of cancelled, completed, rescheduled, confirmed, changed', () => {
    const pending = appointment();
    expect(planUpdate(pending, 'MEDECIN', { status: 'Confirmed', notes: 'x' }, NOW)?.event).toBe('confirmed');
    expect(planUpdate(pending, 'PATIENT', { status: 'Cancelled', notes: 'x' }, NOW)?.event).toBe('cancelled');
    expect(planUpdate(pending, 'PATIENT', { durationMinutes: 45, notes: 'x' }, NOW)?.event).toBe('rescheduled');
    expect(planUpdate(pending, 'PATIENT', { notes: 'x' }, NOW)?.event).toBe('changed');
  });
});

describe('time to confirm', () => {
  it('ends after 24 hours, or at the start if that is sooner', () => {
    expect(patientDeadline(new Date(NOW.getTime() + 48 * HOUR), NOW).getTime()).toBe(NOW.getTime() + 24 * HOUR);
    expect(patientDeadline(new Date(NOW.getTime() + HOUR), NOW).getTime()).toBe(NOW.getTime() + HOUR);
  });

  it('runs out at its instant, for Pending ones only', () => {
    const at = (ms: number) => hasExpired(appointment({ expiresAt: new Date(NOW.getTime() + ms) }), NOW);
    expect([at(1), at(0)]).toEqual([false, true]);
    expect(hasExpired(appointment({ dateTime: NOW }), NOW)).toBe(true);
    expect(hasExpired(appointment({ dateTime: NOW, status: 'Confirmed' }), NOW)).toBe(false);
  });

  it('never lets a completed or begun appointment be deleted', () => {
    fc.assert(
      fc.property(states, sides, (fields, side) => {
        const current = effective(appointment(fields), NOW);
        const closed = current.status === 'Completed' || (current.status === 'Confirmed' && current.dateTime <= NOW);
        if (closed)
          expect(() => planDelete(current, side, NOW)).toThrow(expect.objectContaining({ code: 'APPOINTMENT_CLOSED' }));
        else expect(planDelete(current, side, NOW).freesSlot).toBe(current.status !== 'Cancelled');
      }),
    );
  });
});
