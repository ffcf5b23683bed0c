import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, LONG_TOKENS, NOBODY, Pair } from '../support/booking';

type Side = 'patient' | 'doctor';
const DELETED = { message: 'Appointment deleted successfully' };

describe('DELETE /appointments/:id', () => {
  let t: TestApp;
  let pair: Pair;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
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

  const other = (side: Side): TestActor => pair[side === 'patient' ? 'doctor' : 'patient'];

  async function listed(actor: TestActor): Promise<string[]> {
    const path = actor.role === 'PATIENT' ? `/patients/${actor.id}` : `/doctors/${actor.id}`;
    const { body } = await actor.get(`${path}/appointments`);
    expect(body.total).toBe(body.data.length);
    return body.data.map((item: { _id: string }) => item._id);
  }

  /** Gone for both, on every route; nothing but 404. */
  async function expectHidden(id: string): Promise<void> {
    for (const actor of [pair.patient, pair.doctor]) {
      const absent = await pair.get(actor, NOBODY);
      for (const { status, body } of [
        await pair.get(actor, id),
        await pair.patch(actor, id, { notes: 'x' }),
        await pair.patch(actor, id, { status: 'Confirmed' }),
        await pair.delete(actor, id),
      ]) {
        expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
        expect({ ...body, requestId: '' }).toEqual({ ...absent.body, requestId: '' });
      }
      expect(await listed(actor)).not.toContain(id);
    }
    expect((await pair.doctor.get(`/patients/${pair.patient.id}/appointments`)).body.data).toEqual([]);
  }

  it.each<[string, Side]>([
    ['Pending', 'patient'],
    ['Pending', 'doctor'],
    ['Confirmed', 'patient'],
    ['Confirmed', 'doctor'],
  ])('cancels and hides a %s one ahead, for the %s', async (state, side) => {
    const made = state === 'Pending' ? await pair.book() : await pair.confirmed();
    t.clock.freeze();
    const { status, body } = await pair.delete(pair[side], made._id);
    expect([status, body]).toEqual([200, DELETED]);
    await expectHidden(made._id);
    const stored = await t.db.collection('appointments').find({ status: 'Cancelled' }).toArray();
    expect(stored.find((record) => String(record._id) === made._id)).toMatchObject({
      cancelledBy: side === 'patient' ? 'PATIENT' : 'MEDECIN',
      reason: 'deleted',
      deletedAt: t.clock.now(),
    });
    expect((await pair.told(other(side), made._id)).at(-1)).toMatchObject({ event: 'deleted', severity: 'warning' });
    expect(await pair.events(other(side), made._id)).not.toContain('cancelled');
    expect(await pair.events(pair[side], made._id)).not.toContain('deleted');
    const again = await pair.request(pair.patient, { dateTime: made.dateTime });
    expect(again.status).toBe(201);
  });

  it('only hides a Cancelled one, and tells nobody', async () => {
    const made = await pair.book();
    await pair.patch(pair.doctor, made._id, { status: 'Cancelled', reason: 'ill' });
    const before = [await pair.events(pair.patient, made._id), await pair.events(pair.doctor, made._id)];
    expect((await pair.delete(pair.patient, made._id)).body).toEqual(DELETED);
    await expectHidden(made._id);
    expect([await pair.events(pair.patient, made._id), await pair.events(pair.doctor, made._id)]).toEqual(before);
  });

  it('hides an expired one after telling both that it ran out', async () => {
    const made = await pair.book(pair.doctor);
    t.clock.advance(DAY);
    expect((await pair.delete(pair.patient, made._id)).body).toEqual(DELETED);
    await expectHidden(made._id);
    expect(await pair.events(pair.patient, made._id)).toEqual(['created', 'cancelled']);
    expect(await pair.events(pair.doctor, made._id)).toEqual(['cancelled']);
    await t.runJob('appointment-expiry');
    expect(await pair.events(pair.doctor, made._id)).toEqual(['cancelled']);
  });

  it('refuses what has begun or taken place', async () => {
    const completed = await pair.completed();
    t.clock.release();
    const begun = await pair.confirmed();
    t.clock.freeze(begun.dateTime);
    for (const { _id } of [completed, begun]) {
      const before = (await pair.get(pair.patient, _id)).body;
      for (const actor of [pair.patient, pair.doctor]) {
        const { status, body } = await pair.delete(actor, _id);
        expect([status, body.code]).toEqual([409, 'APPOINTMENT_CLOSED']);
      }
      expect((await pair.get(pair.doctor, _id)).body).toEqual(before);
    }
    t.clock.freeze(new Date(Date.parse(begun.dateTime) - 1));
    expect((await pair.delete(pair.doctor, begun._id)).status).toBe(200);
  });

  it('is nobody else’s', async () => {
    const made = await pair.book();
    const [patient, doctor, pharmacist, admin] = await Promise.all([
      t.actors.asPatient(),
      t.actors.asDoctor(),
      t.actors.asPharmacist(),
      t.actors.asAdmin(),
    ]);
    await t.actors.link(pair.patient, doctor);
    for (const stranger of [patient, doctor]) expect((await pair.delete(stranger, made._id)).status).toBe(404);
    for (const stranger of [pharmacist, admin])
      expect((await pair.delete(stranger, made._id)).body.code).toBe('FORBIDDEN_ROLE');
    expect((await t.http.delete(`/appointments/${made._id}`)).status).toBe(401);
    expect((await pair.delete(pair.patient, 'xyz')).body.code).toBe('INVALID_ID');
    expect((await pair.get(pair.patient, made._id)).body).toEqual(made);
  });

  it('does not need a body, and ignores one', async () => {
    const [first, second] = [await pair.book(), await pair.book()];
    const json = { 'content-type': 'application/json' };
    expect((await pair.patient.delete(`/appointments/${first._id}`, undefined, { headers: json })).status).toBe(200);
    expect((await pair.patient.delete(`/appointments/${second._id}`, { anything: [1] })).status).toBe(200);
  });
});
