import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, MINUTE, Pair } from '../support/booking';

describe('rescheduling an appointment', () => {
  let t: TestApp;
  let pair: Pair;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS, care: { maxAppointmentsPerDay: 2 } } });
  });

  beforeEach(async () => {
    pair = await Pair.linked(t);
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const shifted = (instant: string, ms: number) => new Date(Date.parse(instant) + ms).toISOString();

  it('by the doctor awaits the patient, with a new time to confirm', async () => {
    const { _id } = await pair.book(pair.doctor);
    await pair.patch(pair.patient, _id, { status: 'Confirmed' });
    expect((await pair.get(pair.patient, _id)).body.patientConfirmedAt).not.toBeNull();
    t.clock.freeze();
    const dateTime = pair.slot();
    const { status, body } = await pair.patch(pair.doctor, _id, { dateTime });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dateTime,
      endTime: shifted(dateTime, 30 * MINUTE),
      status: 'Pending',
      awaiting: 'PATIENT',
      patientConfirmedAt: null,
      expiresAt: shifted(t.clock.now().toISOString(), DAY),
      createdByRole: 'MEDECIN',
    });
    const soon = shifted(t.clock.now().toISOString(), HOUR);
    expect((await pair.patch(pair.doctor, _id, { dateTime: soon })).body.expiresAt).toBe(soon);
    expect(await pair.events(pair.patient, _id)).toEqual(['created', 'rescheduled', 'rescheduled']);
    expect((await pair.patch(pair.doctor, _id, { status: 'Confirmed' })).body.details.awaiting).toBe('PATIENT');
    expect((await pair.patch(pair.patient, _id, { status: 'Confirmed' })).body.status).toBe('Confirmed');
  });

  it('by the patient awaits the doctor, with no time limit but its start', async () => {
    const { _id } = await pair.book(pair.doctor);
    const dateTime = pair.slot();
    const { body } = await pair.patch(pair.patient, _id, { dateTime, status: 'Pending' });
    expect(body).toMatchObject({
      dateTime,
      status: 'Pending',
      awaiting: 'MEDECIN',
      expiresAt: null,
      patientConfirmedAt: null,
      createdByRole: 'MEDECIN',
    });
    expect(await pair.told(pair.doctor, _id)).toMatchObject([{ event: 'rescheduled', severity: 'info' }]);
    t.clock.advance(DAY + HOUR);
    expect((await pair.get(pair.doctor, _id)).body.status).toBe('Pending');
  });

  it('is also a change of length alone', async () => {
    const made = await pair.confirmed();
    const { body } = await pair.patch(pair.patient, made._id, { durationMinutes: 60 });
    expect(body).toMatchObject({
      dateTime: made.dateTime,
      endTime: shifted(made.dateTime, HOUR),
      durationMinutes: 60,
      status: 'Pending',
      awaiting: 'MEDECIN',
    });
  });

  it('is bounded like a booking', async () => {
    t.clock.freeze('2027-03-01T10:00:00.000Z');
    const own = await Pair.linked(t);
    const { _id } = await own.confirmed();
    for (const [dateTime, code] of [
      ['2027-03-01T10:00:00.000Z', 'DATE_IN_PAST'],
      ['2026-03-01T10:00:00.000Z', 'DATE_IN_PAST'],
      ['2029-03-01T10:00:00.001Z', 'DATE_TOO_FAR'],
    ] as const) {
      const { status, body } = await own.patch(own.doctor, _id, { dateTime });
      expect([status, body.code]).toEqual([400, code]);
    }
    expect((await own.get(own.patient, _id)).body.status).toBe('Confirmed');
    expect((await own.patch(own.doctor, _id, { dateTime: '2029-03-01T10:00:00.000Z' })).status).toBe(200);
  });

  it('goes with status absent or Pending only', async () => {
    const { _id } = await pair.book();
    for (const status of ['Confirmed', 'Completed', 'Cancelled']) {
      for (const move of [{ dateTime: pair.slot() }, { durationMinutes: 45 }]) {
        const response = await pair.patch(pair.doctor, _id, { status, ...move });
        expect([response.status, response.body.code]).toEqual([400, 'VALIDATION_FAILED']);
      }
    }
    expect((await pair.patch(pair.doctor, _id, { status: 'pending', dateTime: pair.slot() })).status).toBe(200);
  });

  it('ends with the state and with the start', async () => {
    const cancelled = await pair.book();
    await pair.patch(pair.patient, cancelled._id, { status: 'Cancelled' });
    const completed = await pair.completed();
    t.clock.release();
    const begun = await pair.confirmed();
    const attempt = async (id: string) => {
      const answers = [];
      for (const actor of [pair.patient, pair.doctor]) {
        for (const move of [{ dateTime: pair.slot() }, { durationMinutes: 55 }]) {
          const { status, body } = await pair.patch(actor, id, move);
          answers.push([status, body.code]);
        }
      }
      return answers;
    };
    const closed = Array.from({ length: 4 }, () => [409, 'APPOINTMENT_CLOSED']);
    expect(await attempt(cancelled._id)).toEqual(closed);
    expect(await attempt(completed._id)).toEqual(closed);
    t.clock.freeze(begun.dateTime);
    expect(await attempt(begun._id)).toEqual(closed);
    t.clock.freeze(shifted(begun.dateTime, -1));
    expect((await pair.patch(pair.patient, begun._id, { durationMinutes: 55 })).status).toBe(200);
  });

  it('checks the slot as a booking does, without standing in its own way', async () => {
    const other = await t.actors.asPatient();
    await t.actors.link(other, pair.doctor);
    const second = new Pair(t, other, pair.doctor);
    const first = await pair.book();
    const taken = await second.book(other, { dateTime: shifted(first.dateTime, DAY) });
    const move = async (by: typeof other, fields: object) => {
      const { status, body } = await pair.patch(by, first._id, fields);
      return status === 200 ? 200 : [status, body.code, body.details];
    };
    const overlapping = { dateTime: shifted(taken.dateTime, 29 * MINUTE) };
    expect(await move(pair.patient, overlapping)).toEqual([409, 'SLOT_TAKEN', { side: 'doctor' }]);
    expect(await move(pair.doctor, overlapping)).toEqual([
      409,
      'SLOT_TAKEN',
      { side: 'doctor', conflictingStart: taken.dateTime },
    ]);
    expect((await pair.get(pair.patient, first._id)).body.dateTime).toBe(first.dateTime);
    expect(await move(pair.patient, { dateTime: shifted(first.dateTime, 10 * MINUTE) })).toBe(200);
    expect(await move(pair.patient, { dateTime: shifted(taken.dateTime, 30 * MINUTE) })).toBe(200);
    expect(await move(pair.patient, { dateTime: shifted(taken.dateTime, -30 * MINUTE) })).toBe(200);
    expect(await move(pair.doctor, { durationMinutes: 31 })).toEqual([
      409,
      'SLOT_TAKEN',
      { side: 'doctor', conflictingStart: taken.dateTime },
    ]);
    expect(await move(pair.doctor, { durationMinutes: 29 })).toBe(200);
    const freed = await pair.request(pair.patient, { dateTime: first.dateTime });
    expect(freed.status).toBe(201);
  });

  it('checks the day it goes to, and leaves room on the one it left', async () => {
    // Noon of three days that nobody has used; two appointments fill a day.
    const noon = (days: number) =>
      `${new Date(t.clock.now().getTime() + days * DAY).toISOString().slice(0, 10)}T12:00:00.000Z`;
    const [a1, a2] = [
      await pair.book(pair.patient, { dateTime: noon(10) }),
      await pair.book(pair.patient, { dateTime: shifted(noon(10), HOUR) }),
    ];
    const b = await pair.book(pair.patient, { dateTime: noon(11) });
    const full = await pair.patch(pair.patient, b._id, { dateTime: shifted(noon(10), 2 * HOUR) });
    expect([full.status, full.body.code]).toEqual([409, 'DAY_FULL']);
    expect((await pair.patch(pair.patient, a1._id, { dateTime: shifted(noon(10), 3 * HOUR) })).status).toBe(200);
    expect((await pair.patch(pair.doctor, a1._id, { durationMinutes: 60 })).status).toBe(200);
    expect((await pair.patch(pair.patient, a2._id, { dateTime: shifted(noon(11), 4 * HOUR) })).status).toBe(200);
    expect((await pair.request(pair.patient, { dateTime: shifted(noon(10), 5 * HOUR) })).status).toBe(201);
    expect((await pair.request(pair.patient, { dateTime: shifted(noon(11), 5 * HOUR) })).body.code).toBe('DAY_FULL');
  });

  it('is refused as a whole when another field is', async () => {
    const made = await pair.book();
    const { status, body } = await pair.patch(pair.patient, made._id, {
      dateTime: pair.slot(),
      timeZone: 'Asia/Tokyo',
    });
    expect([status, body.code]).toEqual([403, 'FIELD_NOT_ALLOWED']);
    expect((await pair.get(pair.patient, made._id)).body).toEqual(made);
    expect((await pair.request(pair.doctor, { dateTime: made.dateTime })).body.code).toBe('SLOT_TAKEN');
  });

  it('is nobody else’s', async () => {
    const { _id } = await pair.book();
    const stranger = await t.actors.asDoctor();
    const { status, body } = await pair.patch(stranger, _id, { dateTime: pair.slot() });
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
  });
});
