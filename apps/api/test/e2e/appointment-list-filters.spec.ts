import fc from 'fast-check';
import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effective } from '../../src/modules/appointments/appointment.policy';
import {
  type Appointment,
  APPOINTMENT_STATUSES,
  APPOINTMENT_TYPES,
} from '../../src/modules/appointments/appointment.schema';
import { AppointmentLists } from '../../src/modules/appointments/lists/appointment-lists.service';
import type { AppointmentFilter, AppointmentListScope } from '../../src/modules/appointments/lists/list-filter.policy';
import { startTestApp, type TestApp } from '../support/app';
import { HOUR } from '../support/booking';

const NOW = new Date('2027-03-01T08:00:00Z');
const COUNT = 400;
const ids = (count: number) => Array.from({ length: count }, () => new Types.ObjectId());
const [patients, doctors] = [ids(2), ids(3)];
// Days as doctors far west and far east of UTC name them.
const ZONE_HOURS = [-11, 0, 14];

/** Spread over 40 weeks around now, some at the same instant; some expired and not written yet, some hidden. */
function stored(): Appointment[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const doctor = index % 3;
    const dateTime = new Date(NOW.getTime() + (Math.floor(index / 2) - 120) * 33 * HOUR + (index % 7) * HOUR);
    const local = new Date(dateTime.getTime() + (ZONE_HOURS[doctor] ?? 0) * HOUR);
    return {
      _id: new Types.ObjectId(),
      __v: 0,
      patientId: patients[index % 2] as Types.ObjectId,
      doctorId: doctors[doctor] as Types.ObjectId,
      dateTime,
      endTime: new Date(dateTime.getTime() + HOUR / 2),
      durationMinutes: 30,
      timeZone: 'UTC',
      day: local.toISOString().slice(0, 10),
      type: APPOINTMENT_TYPES[index % 5 === 0 ? 0 : 1],
      status: APPOINTMENT_STATUSES[[0, 1, 2, 3, 1, 0, 3][index % 7] ?? 0] as Appointment['status'],
      notes: '',
      createdByRole: 'PATIENT',
      sequence: 0,
      createdAt: NOW,
      updatedAt: NOW,
      ...(index % 11 === 0 ? { expiresAt: new Date(NOW.getTime() - HOUR) } : {}),
      ...(index % 13 === 0 ? { deletedAt: NOW } : {}),
    };
  });
}

const instant = fc.integer({ min: -200 * 24, max: 120 * 24 }).map((hours) => new Date(NOW.getTime() + hours * HOUR));
const day = instant.map((at) => at.toISOString().slice(0, 10));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 });
const filters: fc.Arbitrary<AppointmentFilter> = fc.record({
  statuses: orNull(fc.uniqueArray(fc.constantFrom(...APPOINTMENT_STATUSES), { minLength: 1 })),
  type: orNull(fc.constantFrom(...APPOINTMENT_TYPES)),
  from: orNull(instant),
  until: orNull(instant),
  untilInclusive: fc.boolean(),
  fromDay: orNull(day),
  untilDay: orNull(day),
  now: fc.constant(NOW),
});
const scopes: fc.Arbitrary<AppointmentListScope> = fc.oneof(
  fc.constantFrom(...doctors).map((id) => ({ side: 'doctorId', userId: id.toHexString() }) as const),
  fc.constantFrom(...patients).map((id) => ({ side: 'patientId', userId: id.toHexString() }) as const),
  fc.tuple(fc.constantFrom(...patients), fc.constantFrom(...doctors)).map(([patient, doctor]) => ({
    side: 'patientId' as const,
    userId: patient.toHexString(),
    onlyWithDoctor: doctor.toHexString(),
  })),
);
const parts = fc.record({
  ascending: fc.boolean(),
  skip: fc.nat({ max: 250 }),
  limit: fc.integer({ min: 1, max: 100 }),
});

function inTime(row: Appointment, filter: AppointmentFilter): boolean {
  const [at, until] = [row.dateTime.getTime(), filter.until?.getTime() ?? Infinity];
  return (
    at >= (filter.from?.getTime() ?? -Infinity) &&
    (filter.untilInclusive ? at <= until : at < until) &&
    row.day >= (filter.fromDay ?? '') &&
    row.day <= (filter.untilDay ?? '9')
  );
}

/** The list as its words say it, appointment by appointment. */
function expected(all: readonly Appointment[], scope: AppointmentListScope, filter: AppointmentFilter): Appointment[] {
  return all.filter(
    (row) =>
      row.deletedAt === undefined &&
      row[scope.side].toHexString() === scope.userId &&
      (scope.onlyWithDoctor ?? row.doctorId.toHexString()) === row.doctorId.toHexString() &&
      (filter.statuses ?? APPOINTMENT_STATUSES).includes(effective(row, NOW).status) &&
      (filter.type ?? row.type) === row.type &&
      inTime(row, filter),
  );
}

describe('lists of appointments, whatever is asked', () => {
  let t: TestApp;
  const all = stored();

  beforeAll(async () => {
    t = await startTestApp();
    await t.db.collection('appointments').insertMany(all.map((row) => ({ ...row })));
  });

  afterAll(async () => {
    await t.close();
  });

  it('hold what matches, in their order, with the number of all, on every page', async () => {
    const lists = t.app.get(AppointmentLists);
    await fc.assert(
      fc.asyncProperty(scopes, filters, parts, async (scope, filter, part) => {
        const order = part.ascending ? 1 : -1;
        const matching = expected(all, scope, filter).sort(
          (a, b) =>
            order *
            (a.dateTime.getTime() - b.dateTime.getTime() || a._id.toHexString().localeCompare(b._id.toHexString())),
        );
        const { data, total } = await lists.page(scope, filter, part);
        expect(total).toBe(matching.length);
        expect(data.map(({ _id }) => _id.toHexString())).toEqual(
          matching.slice(part.skip, part.skip + part.limit).map(({ _id }) => _id.toHexString()),
        );
      }),
      { numRuns: 150, seed: 9, endOnFailure: true },
    );
  }, 120_000);
});
