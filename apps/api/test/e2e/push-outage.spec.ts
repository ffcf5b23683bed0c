import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notifier } from '../../src/modules/notifications';
import { UnitOfWork } from '../../src/platform/database';
import { OutboxDispatcher } from '../../src/platform/outbox';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { HOUR, MINUTE } from '../support/booking';
import { type FakeFcm, startFakeFcm } from '../support/fake-fcm';

const MESSAGES = 6;
const STEP = 10 * MINUTE;

describe('a push provider that is down for an hour', () => {
  let t: TestApp;
  let fcm: FakeFcm;
  let phones = 0;

  beforeAll(async () => {
    fcm = await startFakeFcm();
    t = await startTestApp({ config: { push: { provider: 'fcm', fcmCredentials: fcm.credentialsPath } } });
  });

  afterAll(async () => {
    await t.close();
    await fcm.close();
  });

  async function phoneOf(actor: TestActor): Promise<string> {
    phones += 1;
    const fcmToken = `phone ${phones}`;
    await actor.post('/notifications/register-token', { fcmToken });
    return fcmToken;
  }

  async function pass(ms: number): Promise<void> {
    t.clock.advance(ms);
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
  }

  const taken = (token: string, status: number): number =>
    fcm.pushes.filter((push) => push.message.token === token && push.status === status).length;

  async function talking() {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    return { patient, doctor, conversationId: body._id as string };
  }

  async function remind(actor: TestActor, hoursBefore: number): Promise<void> {
    const event = { userId: actor.id, type: 'appointment', event: 'reminder', actorId: null, relatedId: null } as const;
    const at = t.clock.now();
    await t.app.get(UnitOfWork).run((tx) => t.app.get(Notifier).notify(tx, { ...event, at, data: { hoursBefore } }));
  }

  it('holds up nothing, and afterwards each phone rings once for what is still open', async () => {
    t.clock.freeze();
    const [open, read] = [await talking(), await talking()];
    const [busy, done] = [await phoneOf(open.doctor), await phoneOf(read.doctor)];
    const reminded = await t.actors.asPatient();
    const soon = await phoneOf(reminded);
    const planning = await t.actors.asPatient();
    const tomorrow = await phoneOf(planning);
    fcm.answer = () => ({ status: 503 });
    await remind(reminded, 1);
    await remind(planning, 24);
    for (let n = 0; n < MESSAGES; n += 1) {
      for (const { patient, conversationId } of [open, read])
        expect((await patient.post(`/conversations/${conversationId}/messages`, { content: `m${n}` })).status).toBe(
          201,
        );
      await pass(STEP);
      // What people see in the app comes at its time.
      expect((await open.doctor.get('/notifications')).body.notifications[0].data.count).toBe(n + 1);
    }
    expect(MESSAGES * STEP).toBe(HOUR);
    await read.doctor.patch(`/conversations/${read.conversationId}/read/${read.doctor.id}`);
    expect([busy, done, soon, tomorrow].map((token) => taken(token, 200))).toEqual([0, 0, 0, 0]);
    // Tried again with growing delay, and not once per message and second.
    expect(taken(busy, 503)).toBeLessThan(15);
    fcm.answer = () => ({ status: 200 });
    // The longest delay between two attempts is an hour.
    for (let n = 0; n < 8; n += 1) await pass(STEP);
    expect({ busy: taken(busy, 200), done: taken(done, 200) }).toEqual({ busy: 1, done: 0 });
    expect({ soon: taken(soon, 200), tomorrow: taken(tomorrow, 200) }).toEqual({ soon: 0, tomorrow: 1 });
    expect(await t.db.collection('outbox').countDocuments({ doneAt: null })).toBe(0);
    // And what comes then comes at once.
    await open.patient.post(`/conversations/${open.conversationId}/messages`, { content: 'again' });
    await t.settle();
    expect(taken(busy, 200)).toBe(2);
  }, 120_000);
});
