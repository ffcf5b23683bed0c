import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { countAnswers, DAY, HOUR, LONG_TOKENS, Pair, parallel } from '../support/booking';

type Side = 'patient' | 'doctor';
const ENDED = {
  status: 'Cancelled',
  cancelledBy: 'SYSTEM',
  reason: 'care link ended',
  awaiting: null,
  expiresAt: null,
};

describe('appointments after the end of a care link', () => {
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

  async function endLink(side: Side): Promise<void> {
    const { status, text } = await pair[side].delete(`/medecins/${pair.doctor.id}/patients/${pair.patient.id}`);
    expect(status, text).toBe(200);
  }

  it.each<Side>(['patient', 'doctor'])('by the %s: what lies ahead is cancelled by the system', async (side) => {
    const ahead = [await pair.book(), await pair.book(pair.doctor), await pair.confirmed()];
    const cancelled = await pair.book();
    await pair.patch(pair.patient, cancelled._id, { status: 'Cancelled', reason: 'mine' });
    t.clock.freeze();
    await endLink(side);
    for (const { _id } of ahead) {
      for (const actor of [pair.patient, pair.doctor]) {
        const { status, body } = await pair.get(actor, _id);
        expect(status).toBe(200);
        expect(body).toMatchObject({ ...ENDED, updatedAt: t.clock.now().toISOString() });
        expect(body.patientName).toBe(`${pair.patient.prenom} ${pair.patient.nom}`);
      }
    }
    expect((await pair.get(pair.patient, cancelled._id)).body).toMatchObject({
      cancelledBy: 'PATIENT',
      reason: 'mine',
    });
    for (const [actor, path] of [
      [pair.patient, `/patients/${pair.patient.id}/appointments`],
      [pair.doctor, `/doctors/${pair.doctor.id}/appointments`],
    ] as const) {
      expect((await actor.get(`${path}?status=Cancelled`)).body.total).toBe(4);
      expect((await actor.get(`${path}?status=Pending,Confirmed`)).body.total).toBe(0);
    }
    expect((await pair.doctor.get(`/patients/${pair.patient.id}/appointments`)).body.code).toBe('FORBIDDEN_SPACE');
  });

  it.each<[Side, Side]>([
    ['patient', 'doctor'],
    ['doctor', 'patient'],
  ])('by the %s: the %s is told once, with the number', async (side, told) => {
    const ahead = [await pair.book(), await pair.confirmed()];
    const expired = await pair.book(pair.doctor);
    t.clock.advance(DAY);
    await t.settle();
    await endLink(side);
    await t.settle();
    const { body } = await pair[told].get('/notifications?limit=100');
    const events = body.notifications.map(({ data }: { data: { event: string } }) => data.event);
    expect(events.filter((event: string) => event === 'link_ended')).toHaveLength(1);
    expect(
      body.notifications.find(({ data }: { data: { event: string } }) => data.event === 'link_ended'),
    ).toMatchObject({
      type: 'new_request',
      relatedId: pair.patient.id,
      data: { event: 'link_ended', cancelledAppointments: 2 },
    });
    for (const { _id } of ahead)
      for (const actor of [pair.patient, pair.doctor]) expect(await pair.events(actor, _id)).not.toContain('cancelled');
    // What had run out before is not the link's doing, and is announced by the job.
    expect((await pair.get(pair.patient, expired._id)).body.reason).toBe('not confirmed in time');
    await t.runJob('appointment-expiry');
    expect(await pair.events(pair.doctor, expired._id)).toEqual(['cancelled']);
  });

  it('the past stays as it was, readable for both', async () => {
    const done = await pair.completed();
    t.clock.freeze(new Date(Date.parse(done.dateTime) + HOUR));
    const underWay = await pair.confirmed({ dateTime: new Date(t.clock.now().getTime() + HOUR).toISOString() });
    t.clock.advance(HOUR);
    await endLink('patient');
    for (const made of [done, underWay])
      for (const actor of [pair.patient, pair.doctor]) expect((await pair.get(actor, made._id)).body).toEqual(made);
    const { body } = await pair.doctor.get(`/doctors/${pair.doctor.id}/appointments`);
    expect(body.data).toEqual([underWay, done]);
  });

  it('the doctor changes nothing any more', async () => {
    const done = await pair.completed();
    t.clock.freeze(new Date(Date.parse(done.dateTime) + HOUR));
    const underWay = await pair.confirmed({ dateTime: new Date(t.clock.now().getTime() + HOUR).toISOString() });
    const ahead = await pair.book();
    t.clock.advance(HOUR);
    await endLink('doctor');
    for (const [{ _id }, body] of [
      [done, { notes: 'x' }],
      [underWay, { notes: 'x' }],
      [underWay, { status: 'Completed' }],
      [underWay, { status: 'Cancelled' }],
      [underWay, { type: 'Online' }],
      [ahead, { notes: 'x' }],
      [ahead, { status: 'Confirmed' }],
      [ahead, { dateTime: pair.slot() }],
    ] as const) {
      const before = (await pair.get(pair.patient, _id)).body;
      const answer = await pair.patch(pair.doctor, _id, body);
      expect([answer.status, answer.body.code], JSON.stringify(body)).toEqual([409, 'APPOINTMENT_CLOSED']);
      expect((await pair.get(pair.patient, _id)).body).toEqual(before);
    }
    for (const { _id } of [done, underWay, ahead])
      expect((await pair.delete(pair.doctor, _id)).body.code).toBe('APPOINTMENT_CLOSED');
  });

  it('the patient still tidies up, and books no more', async () => {
    const ahead = await pair.book();
    await endLink('doctor');
    expect((await pair.request(pair.patient)).body.code).toBe('NO_CARE_RELATION');
    expect((await pair.request(pair.doctor)).body.code).toBe('NO_CARE_RELATION');
    expect((await pair.patch(pair.patient, ahead._id, { status: 'Confirmed' })).body.code).toBe('ILLEGAL_TRANSITION');
    expect((await pair.delete(pair.patient, ahead._id)).status).toBe(200);
    expect((await pair.get(pair.doctor, ahead._id)).status).toBe(404);
  });

  it('a new link revives nothing, and frees the slots', async () => {
    const ahead = await pair.book();
    await endLink('patient');
    await t.actors.link(pair.patient, pair.doctor);
    expect((await pair.get(pair.patient, ahead._id)).body).toMatchObject(ENDED);
    expect((await pair.request(pair.patient, { dateTime: ahead.dateTime })).status).toBe(201);
  });

  it('other pairs keep theirs', async () => {
    const second = await t.actors.asDoctor();
    await t.actors.link(pair.patient, second);
    const kept = await pair.book(pair.patient, { doctorId: second.id });
    await pair.book();
    await endLink('patient');
    expect((await pair.get(second, kept._id)).body).toEqual(kept);
  });

  it('bookings and moves against the end of the link leave nothing open ahead', async () => {
    for (let round = 0; round < 4; round += 1) {
      const own = await Pair.linked(t);
      const moving = await own.book();
      const [answers] = await Promise.all([
        parallel(8, (index) =>
          index % 4 === 3
            ? own.patch(own.patient, moving._id, { dateTime: own.slot() })
            : own.request(index % 2 === 0 ? own.patient : own.doctor),
        ),
        own.patient.delete(`/medecins/${own.doctor.id}/patients/${own.patient.id}`),
      ]);
      for (const kind of Object.keys(countAnswers(answers)))
        expect(['201', '200', '403 NO_CARE_RELATION', '409 APPOINTMENT_CLOSED']).toContain(kind);
      const { body } = await own.patient.get(`/patients/${own.patient.id}/appointments?status=Pending,Confirmed`);
      expect(body.data).toEqual([]);
    }
  });
});

describe('appointments with access switched off', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('keep both parties’ rights; the doctor creates none and sees no list of the patient', async () => {
    const pair = await Pair.linked(t);
    const [first, second, third] = [await pair.book(), await pair.book(), await pair.book(pair.doctor)];
    const path = `/patients/${pair.patient.id}/doctors/${pair.doctor.id}/access`;
    expect((await pair.patient.patch(path, { enabled: false })).status).toBe(200);
    const refused = await pair.request(pair.doctor);
    expect([refused.status, refused.body.code]).toEqual([403, 'NO_CARE_RELATION']);
    for (const list of ['patients/ID/appointments', 'appointments/patient/ID', 'appointments/patients/ID']) {
      const { status, body } = await pair.doctor.get(`/${list.replace('ID', pair.patient.id)}`);
      expect([status, body.code]).toEqual([403, 'ACCESS_DISABLED']);
    }
    expect((await pair.doctor.get(`/doctors/${pair.doctor.id}/appointments`)).body.total).toBe(3);
    expect((await pair.get(pair.doctor, first._id)).body).toEqual(first);
    expect((await pair.patch(pair.doctor, first._id, { status: 'Confirmed', notes: 'ok' })).status).toBe(200);
    expect((await pair.patch(pair.doctor, second._id, { status: 'Cancelled' })).status).toBe(200);
    expect((await pair.patch(pair.patient, third._id, { status: 'Confirmed' })).status).toBe(200);
    expect((await pair.patch(pair.doctor, third._id, { dateTime: pair.slot() })).status).toBe(200);
    expect((await pair.delete(pair.doctor, third._id)).status).toBe(200);
    await pair.patient.patch(path, { enabled: true });
    expect((await pair.doctor.get(`/patients/${pair.patient.id}/appointments`)).status).toBe(200);
  });
});
