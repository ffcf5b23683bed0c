import { Types } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, MINUTE, Pair } from '../support/booking';

const JOB = 'appointment-reminders';
const CONFIG = { config: { auth: LONG_TOKENS } };

describe('reminders', () => {
  let t: TestApp;
  let pair: Pair;

  beforeAll(async () => {
    t = await startTestApp(CONFIG);
  });

  beforeEach(async () => {
    t.clock.release();
    pair = await Pair.linked(t);
    t.clock.freeze();
  });

  afterAll(async () => {
    await t.close();
  });

  const before = (appointment: { dateTime: string }, ms: number): Date =>
    new Date(Date.parse(appointment.dateTime) - ms);

  async function runAt(at: Date): Promise<void> {
    t.clock.freeze(at);
    await t.runJob(JOB);
  }

  /** Hours before of the reminders that somebody got, oldest first. */
  async function reminded(actor: TestActor, id: string): Promise<unknown[]> {
    const told = await pair.told(actor, id);
    return told.filter(({ event }) => event === 'reminder').map(({ data }) => data['hoursBefore']);
  }

  async function both(id: string): Promise<unknown[][]> {
    return [await reminded(pair.patient, id), await reminded(pair.doctor, id)];
  }

  const stored = (id: string) => t.db.collection('appointments').findOne({ _id: new Types.ObjectId(id) });

  it('come 24 hours and 1 hour before, each once, to both', async () => {
    const made = await pair.confirmed();
    await runAt(before(made, DAY + 1));
    expect(await both(made._id)).toEqual([[], []]);
    await runAt(before(made, DAY));
    expect(await both(made._id)).toEqual([[24], [24]]);
    await runAt(before(made, DAY - MINUTE));
    await runAt(before(made, HOUR + 1));
    expect(await both(made._id)).toEqual([[24], [24]]);
    await runAt(before(made, HOUR));
    await runAt(before(made, 1));
    await runAt(before(made, -HOUR));
    expect(await both(made._id)).toEqual([
      [24, 1],
      [24, 1],
    ]);
  });

  it('name the other party and the time, and change nothing that anybody sees', async () => {
    const made = await pair.confirmed();
    const { body: seen } = await pair.get(pair.patient, made._id);
    await runAt(before(made, DAY - 5 * MINUTE));
    await t.settle();
    const { body } = await pair.patient.get('/notifications?type=appointment');
    expect(body.notifications[0]).toMatchObject({
      title: 'Appointment reminder',
      severity: 'info',
      relatedId: made._id,
      data: {
        event: 'reminder',
        hoursBefore: 24,
        appointmentId: made._id,
        patientId: pair.patient.id,
        doctorId: pair.doctor.id,
      },
      // When it was due, however late it was told.
      timestamp: before(made, DAY).toISOString(),
    });
    expect(body.notifications[0].message).toContain(pair.doctor.nom);
    expect((await pair.get(pair.patient, made._id)).body).toEqual(seen);
    expect((await stored(made._id))?.['reminders']).toEqual({
      due1h: before(made, HOUR),
      sent24hAt: t.clock.now(),
    });
  });

  it.each([
    ['24 h', DAY, [24, 1]],
    ['less than 24 h', DAY - 1, [1]],
    ['less than 1 h', HOUR - 1, []],
  ])('are skipped when less time than that remained at confirmation: %s', async (_name, remaining, expected) => {
    const made = await pair.book(pair.patient, { dateTime: new Date(t.clock.now().getTime() + 2 * DAY).toISOString() });
    t.clock.freeze(before(made, remaining));
    await pair.patch(pair.doctor, made._id, { status: 'Confirmed' });
    await t.runJob(JOB);
    await runAt(before(made, HOUR));
    await runAt(before(made, 1));
    expect(await both(made._id)).toEqual([expected, expected]);
  });

  it('are not for what is pending or cancelled', async () => {
    const pending = await pair.book(pair.patient);
    const cancelled = await pair.confirmed();
    await pair.patch(pair.patient, cancelled._id, { status: 'Cancelled' });
    const hidden = await pair.confirmed();
    await pair.delete(pair.doctor, hidden._id);
    for (const one of [pending, cancelled, hidden]) {
      await runAt(before(one, DAY));
      await runAt(before(one, HOUR));
      expect(await both(one._id)).toEqual([[], []]);
      expect(await stored(one._id)).not.toHaveProperty('reminders');
    }
  });

  it('become due anew after a move, once it is confirmed again', async () => {
    const made = await pair.confirmed();
    await runAt(before(made, DAY));
    const dateTime = new Date(Date.parse(made.dateTime) + 3 * DAY).toISOString();
    const { body: moved } = await pair.patch(pair.doctor, made._id, { dateTime });
    await runAt(before(made, HOUR));
    expect(await both(made._id)).toEqual([[24], [24]]);
    await pair.patch(pair.patient, made._id, { status: 'Confirmed' });
    await runAt(before(moved, DAY));
    await runAt(before(moved, HOUR));
    expect(await both(made._id)).toEqual([
      [24, 24, 1],
      [24, 24, 1],
    ]);
  });

  it('that a pause delayed are told late, but never after the start', async () => {
    const late = await pair.confirmed();
    await runAt(before(late, 30 * MINUTE));
    expect((await both(late._id)).map((hours) => [...hours].sort())).toEqual([
      [1, 24],
      [1, 24],
    ]);
    const missed = await pair.confirmed();
    await runAt(before(missed, 0));
    expect(await both(missed._id)).toEqual([[], []]);
    expect((await stored(missed._id))?.['reminders']).toEqual({});
  });

  it('end with the link', async () => {
    const made = await pair.confirmed();
    await pair.patient.delete(`/medecins/${pair.doctor.id}/patients/${pair.patient.id}`);
    await runAt(before(made, DAY));
    expect(await both(made._id)).toEqual([[], []]);
  });

  it('come once over two instances that run the job at the same time, and after a restart', async () => {
    const made = await pair.confirmed();
    const second = await startTestApp({ ...CONFIG, dbName: t.dbName, clock: t.clock });
    t.clock.freeze(before(made, DAY));
    await Promise.all([t, second, t, second].map((instance) => instance.runJob(JOB)));
    await second.settle();
    await second.close();
    const third = await startTestApp({ ...CONFIG, dbName: t.dbName, clock: t.clock });
    await third.runJob(JOB);
    await third.close();
    expect(await both(made._id)).toEqual([[24], [24]]);
  });

  it('reach more than one batch', async () => {
    const made = await pair.confirmed();
    const { _id: _made, ...fields } = (await stored(made._id)) ?? {};
    const count = 205;
    await t.db.collection('appointments').insertMany(Array.from({ length: count }, () => ({ ...fields })));
    await runAt(before(made, DAY));
    const own = { patientId: new Types.ObjectId(pair.patient.id), 'reminders.sent24hAt': t.clock.now() };
    const sent = await t.db.collection('appointments').countDocuments(own);
    expect(sent).toBe(count + 1);
  });
});
