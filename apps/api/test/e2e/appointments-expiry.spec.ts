import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, Pair } from '../support/booking';

const EXPIRED = {
  status: 'Cancelled',
  cancelledBy: 'SYSTEM',
  reason: 'not confirmed in time',
  awaiting: null,
  expiresAt: null,
  patientConfirmedAt: null,
};

describe('the end of the time to confirm', () => {
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

  const stored = async (id: string) =>
    (await t.db.collection('appointments').find().toArray()).find((record) => String(record._id) === id);

  const lists = (): [TestActor, string][] => [
    [pair.patient, `/patients/${pair.patient.id}/appointments`],
    [pair.doctor, `/doctors/${pair.doctor.id}/appointments`],
    [pair.doctor, `/patients/${pair.patient.id}/appointments`],
  ];

  /** Ids that every list holds under a status. */
  async function everyList(status: string): Promise<string[]> {
    const answers = [];
    for (const [actor, path] of lists()) {
      const { body } = await actor.get(`${path}?status=${status}&sort=asc`);
      expect(body.total).toBe(body.data.length);
      answers.push(body.data.map((item: { _id: string }) => item._id) as string[]);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    return answers[0] ?? [];
  }

  it('comes to the millisecond, for every read, without writing', async () => {
    t.clock.freeze();
    const made = await pair.book(pair.doctor);
    t.clock.freeze(new Date(Date.parse(made.expiresAt) - 1));
    expect((await pair.get(pair.patient, made._id)).body).toEqual(made);
    expect(await everyList('Pending')).toEqual([made._id]);
    expect(await everyList('Cancelled')).toEqual([]);
    const before = await stored(made._id);

    t.clock.freeze(made.expiresAt);
    for (const actor of [pair.patient, pair.doctor])
      expect((await pair.get(actor, made._id)).body).toMatchObject(EXPIRED);
    expect(await everyList('Pending')).toEqual([]);
    expect(await everyList('Pending,Confirmed,Completed')).toEqual([]);
    expect(await everyList('Cancelled')).toEqual([made._id]);
    expect(await everyList('Cancelled,Confirmed')).toEqual([made._id]);
    expect(await everyList('Pending,Confirmed,Completed,Cancelled')).toEqual([made._id]);
    for (const [actor, path] of lists()) expect((await actor.get(path)).body.data[0]).toMatchObject(EXPIRED);
    expect(await stored(made._id)).toEqual(before);
    expect(await pair.events(pair.doctor, made._id)).toEqual([]);
  });

  it('comes with the start for what a patient asked for', async () => {
    const made = await pair.book();
    t.clock.freeze(new Date(Date.parse(made.dateTime) - 1));
    expect((await pair.get(pair.doctor, made._id)).body.status).toBe('Pending');
    t.clock.freeze(made.dateTime);
    expect((await pair.get(pair.doctor, made._id)).body).toMatchObject(EXPIRED);
    expect(await everyList('Cancelled')).toEqual([made._id]);
    await t.runJob('appointment-expiry');
    expect(await pair.events(pair.patient, made._id)).toEqual(['cancelled']);
    expect(await pair.events(pair.doctor, made._id)).toEqual(['created', 'cancelled']);
  });

  it('is honoured by every write at once, before and after the job', async () => {
    const made = await pair.book(pair.doctor);
    t.clock.freeze(made.expiresAt);
    const attempts = async () => {
      const codes = [];
      for (const [actor, body] of [
        [pair.patient, { status: 'Confirmed' }],
        [pair.doctor, { status: 'Confirmed' }],
        [pair.doctor, { status: 'Completed' }],
        [pair.patient, { status: 'Pending' }],
        [pair.patient, { notes: 'late' }],
        [pair.doctor, { timeZone: 'Asia/Tokyo' }],
        [pair.patient, { dateTime: pair.slot() }],
        [pair.doctor, { durationMinutes: 60 }],
      ] as const) {
        const answer = await pair.patch(actor, made._id, body);
        expect(answer.status).toBe(409);
        codes.push(answer.body.code);
      }
      expect((await pair.patch(pair.patient, made._id, { status: 'Cancelled' })).body).toMatchObject(EXPIRED);
      return codes;
    };
    const expected = [
      'CONFIRMATION_EXPIRED',
      'CONFIRMATION_EXPIRED',
      'ILLEGAL_TRANSITION',
      'ILLEGAL_TRANSITION',
      'APPOINTMENT_CLOSED',
      'APPOINTMENT_CLOSED',
      'APPOINTMENT_CLOSED',
      'APPOINTMENT_CLOSED',
    ];
    expect(await attempts()).toEqual(expected);
    await t.runJob('appointment-expiry');
    expect(await attempts()).toEqual(expected);
    expect(await stored(made._id)).toMatchObject({ status: 'Cancelled', cancelledBy: 'SYSTEM' });
  });

  it('frees the slot at once', async () => {
    const made = await pair.book(pair.doctor);
    t.clock.freeze(new Date(Date.parse(made.expiresAt) - 1));
    expect((await pair.request(pair.patient, { dateTime: made.dateTime })).body.code).toBe('SLOT_TAKEN');
    t.clock.freeze(made.expiresAt);
    expect((await pair.request(pair.patient, { dateTime: made.dateTime })).status).toBe(201);
  });

  it('is written by the job, once, told to both, and leaves all others alone', async () => {
    const [first, second] = [await pair.book(pair.doctor), await pair.book(pair.doctor)];
    const accepted = await pair.book(pair.doctor);
    await pair.patch(pair.patient, accepted._id, { status: 'Confirmed' });
    const asked = await pair.book(pair.patient);
    const moved = await pair.book(pair.doctor);
    await pair.patch(pair.patient, moved._id, { durationMinutes: 40 });
    t.clock.advance(DAY);
    const late = await pair.book(pair.doctor);
    await t.runJob('appointment-expiry');
    for (const { _id } of [first, second]) {
      const record = await stored(_id);
      expect(record).toMatchObject({ status: 'Cancelled', cancelledBy: 'SYSTEM', reason: 'not confirmed in time' });
      for (const absent of ['awaiting', 'expiresAt']) expect(record).not.toHaveProperty(absent);
      expect((await pair.get(pair.patient, _id)).body).toMatchObject(EXPIRED);
      for (const actor of [pair.patient, pair.doctor]) {
        expect((await pair.told(actor, _id)).filter(({ event }) => event === 'cancelled')).toMatchObject([
          { severity: 'warning', data: { appointmentId: _id } },
        ]);
      }
    }
    for (const [{ _id }, status] of [
      [accepted, 'Confirmed'],
      [asked, 'Pending'],
      [moved, 'Pending'],
      [late, 'Pending'],
    ] as const) {
      expect((await pair.get(pair.patient, _id)).body.status).toBe(status);
      expect(await pair.events(pair.patient, _id)).not.toContain('cancelled');
    }
    await t.runJob('appointment-expiry');
    await t.runJob('appointment-expiry');
    expect(await pair.events(pair.doctor, first._id)).toEqual(['cancelled']);
  });

  it('never meets a confirmed one: confirmation against the job leaves one outcome', async () => {
    for (const remainingMs of [0, 4, 8, 16, 32]) {
      const made = await pair.book(pair.doctor);
      // The clock runs: the end comes while the calls are under way.
      t.clock.advance(Date.parse(made.expiresAt) - t.clock.now().getTime() - remainingMs);
      const [answer] = await Promise.all([
        pair.patch(pair.patient, made._id, { status: 'Confirmed' }),
        ...Array.from({ length: 5 }, () => t.runJob('appointment-expiry')),
      ]);
      t.clock.advance(100);
      await t.runJob('appointment-expiry');
      const { body } = await pair.get(pair.doctor, made._id);
      if (answer.status === 200) expect(body).toMatchObject({ status: 'Confirmed', expiresAt: null });
      else expect([answer.body.code, body.status]).toEqual(['CONFIRMATION_EXPIRED', 'Cancelled']);
      expect(await pair.events(pair.doctor, made._id)).toEqual([answer.status === 200 ? 'confirmed' : 'cancelled']);
      t.clock.release();
    }
  });

  it('reaches more than one batch', async () => {
    const now = t.clock.now();
    const past = new Date(now.getTime() - HOUR);
    const template = await stored((await pair.book())._id);
    const { _id: _template, ...fields } = template ?? {};
    const count = 450;
    await t.db
      .collection('appointments')
      .insertMany(
        Array.from({ length: count }, (_, index) => ({ ...fields, dateTime: new Date(past.getTime() - index * HOUR) })),
      );
    await t.runJob('appointment-expiry');
    const { body } = await pair.patient.get(`/patients/${pair.patient.id}/appointments?status=Cancelled`);
    expect(body.total).toBe(count);
    const records = await t.db.collection('appointments').find({ cancelledBy: 'SYSTEM' }).toArray();
    expect(records.filter((record) => String(record['patientId']) === pair.patient.id)).toHaveLength(count);
  });
});
