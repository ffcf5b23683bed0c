import { Types } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CounterChecks } from '../../src/platform/scheduler';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, MINUTE, Pair, parallel } from '../support/booking';

const START = new Date('2027-03-01T08:00:00Z');

describe('counts of appointments', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const differences = () => t.app.get(CounterChecks).run();

  const listOf = async (actor: TestActor, role: 'patients' | 'doctors', query = '') =>
    (await actor.get(`/${role}/${actor.id}/appointments?limit=5${query}`)).body;

  it('equal a recount after whatever happens at once', async () => {
    t.clock.freeze(START);
    const doctors = [await t.actors.asDoctor(), await t.actors.asDoctor()];
    const patients = [await t.actors.asPatient(), await t.actors.asPatient(), await t.actors.asPatient()];
    for (const patient of patients) for (const doctor of doctors) await t.actors.link(patient, doctor);
    // The first reads complete the counts; some in the middle of the bookings.
    await listOf(patients[0] as TestActor, 'patients');
    const book = async (index: number) => {
      const [patient, doctor] = [patients[index % 3] as TestActor, doctors[index % 2] as TestActor];
      const by = index % 4 === 0 ? doctor : patient;
      const dateTime = new Date(START.getTime() + (1 + index) * DAY + (index % 5) * HOUR).toISOString();
      const sent = { patientId: patient.id, doctorId: doctor.id, dateTime, type: index % 3 ? 'Physical' : 'Online' };
      const { status, body } = await by.post('/appointments', sent);
      expect(status).toBe(201);
      return { id: body._id as string, patient, doctor, other: by === doctor ? patient : doctor, index };
    };
    const [booked] = await Promise.all([
      parallel(30, book),
      parallel(6, (index) => listOf(doctors[index % 2] as TestActor, 'doctors')),
    ]);
    await Promise.all(
      booked.map(async ({ id, patient, doctor, other, index }) => {
        const at = `/appointments/${id}`;
        if (index % 5 === 0) return patient.delete(at);
        await other.patch(at, { status: 'Confirmed' });
        if (index % 5 === 1) return doctor.patch(at, { status: 'Cancelled' });
        if (index % 5 === 2)
          return patient.patch(at, { dateTime: new Date(START.getTime() + 40 * DAY + index * HOUR) });
        if (index % 5 === 3) return doctor.patch(at, { type: 'Online' });
        return Promise.all([patient.delete(at), doctor.patch(at, { status: 'Cancelled' })]);
      }),
    );
    expect(await differences()).toEqual([]);

    t.clock.freeze(new Date(START.getTime() + 12 * DAY));
    await Promise.all([
      t.runJob('appointment-expiry'),
      ...booked.map(({ id, doctor }) => doctor.patch(`/appointments/${id}`, { status: 'Completed' })),
    ]);
    expect((await doctors[0]?.delete(`/medecins/${doctors[0].id}/patients/${patients[1]?.id}`))?.status).toBe(200);
    expect(await differences()).toEqual([]);
    for (const [side, role, actors] of [
      ['patientId', 'patients', patients],
      ['doctorId', 'doctors', doctors],
    ] as const)
      for (const actor of actors) {
        const listed = { [side]: new Types.ObjectId(actor.id), deletedAt: null };
        const total = await t.db.collection('appointments').countDocuments(listed);
        expect((await listOf(actor, role)).total).toBe(total);
        const cancelled = await t.db.collection('appointments').countDocuments({ ...listed, status: 'Cancelled' });
        expect((await listOf(actor, role, '&status=cancelled')).total).toBe(cancelled);
      }
  });

  it('are counted anew where somebody wrote past the server, and where they differ', async () => {
    t.clock.freeze(START);
    const pair = await Pair.linked(t);
    const { doctor, patient } = pair;
    const first = await pair.book();
    expect((await listOf(doctor, 'doctors')).total).toBe(1);
    const counted = async () => (await listOf(patient, 'patients')).total as number;
    expect(await counted()).toBe(1);
    const stored = await t.db.collection('appointments').findOne({ _id: new Types.ObjectId(first._id as string) });
    const { _id, ...fields } = stored ?? {};
    expect(String(_id)).toBe(first._id);
    const later = new Date(Date.parse(first.dateTime as string) + 20 * DAY);
    await t.db.collection('appointments').insertMany(
      Array.from({ length: 8 }, (_, index) => {
        const dateTime = new Date(later.getTime() + index * DAY);
        return { ...fields, dateTime, endTime: new Date(dateTime.getTime() + 30 * MINUTE) };
      }),
    );
    expect((await listOf(doctor, 'doctors')).total).toBe(9);

    // The patient's list was not asked for since.
    expect(new Set((await differences()).map(({ owner }) => owner))).toEqual(new Set([patient.id]));
    expect(await differences()).toEqual([]);
    expect(await counted()).toBe(9);
  });

  it('go with the account', async () => {
    const pair = await Pair.linked(t);
    await pair.book();
    await listOf(pair.patient, 'patients');
    await listOf(pair.doctor, 'doctors');
    const own = { ownerId: new Types.ObjectId(pair.patient.id) };
    expect(await t.db.collection('appointmentcounts').countDocuments(own)).toBeGreaterThan(0);
    expect((await pair.patient.delete('/users/me')).status).toBe(200);
    await t.runJob('erasure');
    await t.settle();
    expect(await t.db.collection('appointmentcounts').countDocuments(own)).toBe(0);
    expect(await differences()).toEqual([]);
    expect((await listOf(pair.doctor, 'doctors', '&status=Cancelled')).total).toBe(1);
  });
});
