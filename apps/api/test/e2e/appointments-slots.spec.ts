import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, MINUTE, Pair } from '../support/booking';

describe('slots of appointments', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { care: { maxAppointmentsPerDay: 2 } } });
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  it('are half-open: what touches is free, what overlaps by a millisecond is not', async () => {
    const pair = await Pair.linked(t);
    const other = await t.actors.asPatient();
    await t.actors.link(other, pair.doctor);
    const first = await pair.book(pair.patient, { durationMinutes: 60 });
    const at = (ms: number) => new Date(Date.parse(first.dateTime) + ms).toISOString();
    const answer = async (dateTime: string, durationMinutes: number) => {
      const { status, body } = await other.post('/appointments', {
        patientId: other.id,
        doctorId: pair.doctor.id,
        dateTime,
        durationMinutes,
      });
      if (status === 201) await other.patch(`/appointments/${body._id}`, { status: 'Cancelled' });
      return status === 201 ? 'free' : [status, body.code, body.details];
    };
    const taken = [409, 'SLOT_TAKEN', { side: 'doctor' }];
    expect(await answer(at(0), 60)).toEqual(taken);
    expect(await answer(at(HOUR - 1), 30)).toEqual(taken);
    expect(await answer(at(-30 * MINUTE + 1), 30)).toEqual(taken);
    expect(await answer(at(-HOUR), 240)).toEqual(taken);
    expect(await answer(at(20 * MINUTE), 5)).toEqual(taken);
    expect(await answer(at(HOUR), 30)).toBe('free');
    expect(await answer(at(-30 * MINUTE), 30)).toBe('free');
    // 240 minutes back is as far as an appointment can reach.
    expect(await answer(at(-240 * MINUTE), 240)).toBe('free');
    expect(await answer(at(-240 * MINUTE + 1), 240)).toEqual(taken);
  });

  it('name the start only in the caller’s own calendar, and the caller’s side first', async () => {
    const pair = await Pair.linked(t);
    const secondDoctor = await t.actors.asDoctor();
    await t.actors.link(pair.patient, secondDoctor);
    const first = await pair.book();
    const ask = (by: typeof pair.doctor, doctor: typeof pair.doctor) =>
      by.post('/appointments', { patientId: pair.patient.id, doctorId: doctor.id, dateTime: first.dateTime });
    const own = { side: 'patient', conflictingStart: first.dateTime };
    expect((await ask(pair.patient, pair.doctor)).body.details).toEqual(own);
    expect((await ask(pair.patient, secondDoctor)).body.details).toEqual(own);
    expect((await ask(pair.doctor, pair.doctor)).body.details).toEqual({
      side: 'doctor',
      conflictingStart: first.dateTime,
    });
    expect((await ask(secondDoctor, secondDoctor)).body.details).toEqual({ side: 'patient' });
  });

  it('are freed by cancelling, deleting and expiring', async () => {
    const pair = await Pair.linked(t);
    const book = (dateTime: string) => pair.request(pair.doctor, { dateTime });
    const first = await pair.book(pair.doctor);
    expect((await book(first.dateTime)).status).toBe(409);
    await pair.patch(pair.patient, first._id, { status: 'Cancelled' });
    const second = await book(first.dateTime);
    expect(second.status).toBe(201);
    await pair.delete(pair.doctor, second.body._id);
    expect((await book(first.dateTime)).status).toBe(201);
    t.clock.advance(DAY);
    expect((await book(first.dateTime)).status).toBe(201);
  });

  it('are as many a day as configured, by the doctor’s calendar', async () => {
    t.clock.freeze('2027-10-20T10:00:00.000Z');
    const patient = await t.actors.asPatient();
    const doctor = await t.actors.asDoctor({ timeZone: 'America/Montreal' });
    await t.actors.link(patient, doctor);
    const pair = new Pair(t, patient, doctor);
    const book = (dateTime: string) => pair.request(patient, { dateTime });
    // 2027-11-07 has 25 hours in Montreal: from 04:00Z to 05:00Z of the next day.
    expect((await book('2027-11-07T04:00:00Z')).status).toBe(201);
    const last = await book('2027-11-08T04:30:00Z');
    expect(last.status).toBe(201);
    const full = await book('2027-11-07T12:00:00Z');
    expect([full.status, full.body.code]).toEqual([409, 'DAY_FULL']);
    expect((await pair.request(doctor, { dateTime: '2027-11-07T12:00:00Z' })).body.code).toBe('DAY_FULL');
    expect((await book('2027-11-07T03:30:00Z')).status).toBe(201);
    expect((await book('2027-11-08T05:00:00Z')).status).toBe(201);
    await pair.patch(doctor, last.body._id, { status: 'Cancelled' });
    expect((await book('2027-11-07T12:00:00Z')).status).toBe(201);
  });

  it('count completed appointments of the day, not those of other doctors', async () => {
    t.clock.freeze('2027-05-10T06:00:00.000Z');
    const pair = await Pair.linked(t);
    const done = await pair.book(pair.patient, { dateTime: '2027-05-10T07:00:00Z' });
    await pair.patch(pair.doctor, done._id, { status: 'Confirmed' });
    await pair.book(pair.patient, { dateTime: '2027-05-10T12:00:00Z' });
    t.clock.freeze('2027-05-10T08:00:00.000Z');
    expect((await pair.patch(pair.doctor, done._id, { status: 'Completed' })).status).toBe(200);
    expect((await pair.request(pair.patient, { dateTime: '2027-05-10T15:00:00Z' })).body.code).toBe('DAY_FULL');
    const second = await t.actors.asDoctor();
    await t.actors.link(pair.patient, second);
    const elsewhere = await pair.request(pair.patient, { doctorId: second.id, dateTime: '2027-05-10T15:00:00Z' });
    expect(elsewhere.status).toBe(201);
  });
});
