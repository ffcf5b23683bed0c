import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../src/platform/database';
import { Notifier } from '../../src/modules/notifications';
import { OutboxDispatcher } from '../../src/platform/outbox';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { type FakeFcm, startFakeFcm, type TakenPush } from '../support/fake-fcm';

const PREFERENCES = '/notifications/preferences';
const NIGHT = { enabled: true, start: '22:00', end: '07:00' };

describe('pushes and mails of notifications', () => {
  let t: TestApp;
  let fcm: FakeFcm;
  let spool: string;
  let phones = 0;

  beforeAll(async () => {
    fcm = await startFakeFcm();
    spool = await mkdtemp(join(tmpdir(), 'spool-'));
    t = await startTestApp({
      config: {
        push: { provider: 'fcm', fcmCredentials: fcm.credentialsPath },
        data: { mailSpoolDir: spool },
      },
    });
  });

  afterEach(() => {
    t.clock.release();
    fcm.answer = () => ({ status: 200 });
  });

  afterAll(async () => {
    await t.close();
    await fcm.close();
    await rm(spool, { recursive: true });
  });

  /** Registers a device of the actor; returns its token. */
  async function phoneOf(actor: TestActor): Promise<string> {
    phones += 1;
    const fcmToken = `phone ${phones} of ${actor.id}`;
    await actor.post('/notifications/register-token', { fcmToken });
    return fcmToken;
  }

  const pushesTo = (token: string): TakenPush[] => fcm.pushes.filter(({ message }) => message.token === token);
  const titlesOf = (token: string): unknown[] =>
    pushesTo(token).map(({ message }) => (message['notification'] as { title: string }).title);

  async function mailsTo(actor: TestActor) {
    const files = (await readdir(spool)).filter((name) => name.endsWith('.eml'));
    const mails = await Promise.all(files.map(async (name) => PostalMime.parse(await readFile(join(spool, name)))));
    return mails.filter((mail) => mail.to?.[0]?.address === actor.email);
  }

  /** A notification of the actor, as a producer makes it. */
  async function tell(actor: TestActor, event: Partial<Parameters<Notifier['notify']>[1]> = {}): Promise<void> {
    await t.app.get(UnitOfWork).run((tx) =>
      t.app.get(Notifier).notify(tx, {
        userId: actor.id,
        type: 'appointment',
        event: 'reminder',
        actorId: null,
        relatedId: null,
        at: t.clock.now(),
        ...event,
      }),
    );
    await t.settle();
  }

  /** Entries of the outbox that concern the actor and are on their way or done. */
  async function keysOf(topic: string): Promise<string[]> {
    const rows = await t.db.collection('outbox').find({ topic }).toArray();
    return rows.map((row) => String(row['key']));
  }

  async function chat(locale: 'en' | 'fr') {
    const { patient, doctor } = await t.actors.linkedPair();
    await doctor.patch(`/medecins/${doctor.id}`, { locale });
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    const say = async (content: string): Promise<void> => {
      await patient.post(`/conversations/${body._id}/messages`, { content });
      await t.settle();
    };
    return { patient, doctor, say };
  }

  it('go to every device of the owner and to nobody else, with title and type only', async () => {
    const { patient, doctor, say } = await chat('fr');
    const [first, second, own] = [await phoneOf(doctor), await phoneOf(doctor), await phoneOf(patient)];
    await say('a secret of mine');
    const [notification] = (await doctor.get('/notifications')).body.notifications;
    for (const token of [first, second]) {
      expect(pushesTo(token)).toHaveLength(1);
      expect(pushesTo(token)[0]?.message).toEqual({
        token,
        notification: { title: `Message de ${patient.prenom} ${patient.nom}` },
        data: { type: 'message' },
        android: { priority: 'HIGH', notification: { tag: notification._id } },
        apns: { headers: { 'apns-collapse-id': notification._id, 'apns-priority': '10' } },
      });
    }
    expect(pushesTo(own)).toEqual([]);
    expect(JSON.stringify(fcm.pushes)).not.toContain('secret');
    const devices = await t.db
      .collection('devicetokens')
      .find({ token: { $in: [first, second] } })
      .toArray();
    expect((await keysOf('notification.push')).sort()).toEqual(
      devices.map(({ _id }) => `push:${notification._id}:${String(_id)}`).sort(),
    );
    // A further message renews the notification and is pushed once more, in its place on the screen.
    await say('another secret');
    expect(pushesTo(first)).toHaveLength(2);
    expect(await t.db.collection('outbox').countDocuments({ payload: { $exists: true } })).toBe(0);
  });

  it('leave once, whatever is delivered again', async () => {
    const { doctor, say } = await chat('en');
    const phone = await phoneOf(doctor);
    await say('one');
    const entry = await t.db.collection('outbox').findOne({ topic: 'notification.push' }, { sort: { _id: -1 } });
    await t.app.get(UnitOfWork).run(async (tx) => {
      tx.emit({
        topic: 'notification.push',
        key: String(entry?.['key']),
        dedupeKey: String(entry?.['dedupeKey']),
        payload: {},
      });
    });
    await t.settle();
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect(pushesTo(phone)).toHaveLength(1);
    expect(entry?.['dedupeKey']).toBe(`${String(entry?.['key'])}:1`);
  });

  it('of alerts say neither value nor which, in the owner’s language', async () => {
    const english = await t.actors.asPatient();
    const french = await t.actors.asPatient({ locale: 'fr' });
    for (const [actor, titles] of [
      [english, ['Critical glucose alert', 'Glucose alert']],
      [french, ['Alerte glycémique critique', 'Alerte glycémique']],
    ] as const) {
      const phone = await phoneOf(actor);
      await tell(actor, { type: 'patient_alert', severity: 'critical' });
      await tell(actor, { type: 'patient_alert', severity: 'warning' });
      expect(titlesOf(phone)).toEqual(titles);
      expect(pushesTo(phone)[0]?.message['data']).toEqual({ type: 'patient_alert' });
    }
  });

  it('lose a token that the provider refuses, and keep the others', async () => {
    const owner = await t.actors.asPatient();
    const [gone, wrong, good] = [await phoneOf(owner), await phoneOf(owner), await phoneOf(owner)];
    fcm.answer = (token) => {
      if (token === gone) return { status: 404, errorCode: 'UNREGISTERED' };
      return token === wrong ? { status: 400, errorCode: 'INVALID_ARGUMENT' } : { status: 200 };
    };
    await tell(owner);
    const left = await t.db
      .collection('devicetokens')
      .find({ token: { $in: [gone, wrong, good] } })
      .toArray();
    expect(left.map((row) => row['token'])).toEqual([good]);
    await tell(owner);
    expect([gone, wrong, good].map((token) => pushesTo(token).length)).toEqual([1, 1, 2]);
  });

  it.each([429, 500, 503])('are tried again with growing delay after a %i, and hold nothing up', async (status) => {
    const owner = await t.actors.asPatient();
    const [busy, good] = [await phoneOf(owner), await phoneOf(owner)];
    fcm.answer = (token) => ({ status: token === busy ? status : 200 });
    t.clock.freeze();
    await tell(owner);
    const attempt = async (afterMs: number): Promise<number> => {
      t.clock.advance(afterMs);
      await t.app.get(OutboxDispatcher).poll();
      await t.settle();
      return pushesTo(busy).length;
    };
    // 1 s after the first failure, 2 s after the second
    expect([await attempt(900), await attempt(200), await attempt(1_900)]).toEqual([1, 2, 2]);
    fcm.answer = () => ({ status: 200 });
    expect(await attempt(200)).toBe(3);
    expect(await attempt(3_600_000)).toBe(3);
    expect(pushesTo(good)).toHaveLength(1);
    expect((await owner.get('/notifications')).body.notifications).toHaveLength(1);
  });

  it('follow the channels of each type', async () => {
    const owner = await t.actors.asPatient();
    const phone = await phoneOf(owner);
    await owner.put(PREFERENCES, {
      types: {
        appointment: { push: false, email: true },
        new_request: { inApp: false },
        medication: { inApp: false, push: false },
        patient_alert: { inApp: false },
      },
    });
    await tell(owner);
    expect([pushesTo(phone).length, (await mailsTo(owner)).length]).toEqual([0, 1]);
    const actor = await t.actors.asDoctor();
    await tell(owner, { type: 'new_request', event: 'access_requested', actorId: actor.id });
    expect(titlesOf(phone)).toEqual(['Access request']);
    await tell(owner, { type: 'medication' });
    await tell(owner, { type: 'patient_alert' });
    expect(titlesOf(phone)).toEqual(['Access request', 'Glucose alert']);
    const { notifications, unreadCount } = (await owner.get('/notifications')).body;
    expect(notifications.map(({ type }: { type: string }) => type).sort()).toEqual(['appointment', 'patient_alert']);
    expect(unreadCount).toBe(2);
    expect(await mailsTo(owner)).toHaveLength(1);
  });

  it('are written as mails in both languages, without the text', async () => {
    const mails = { types: { message: { email: true } } };
    for (const [locale, subject, greeting] of [
      ['en', 'Message from', 'Hello'],
      ['fr', 'Message de', 'Bonjour'],
    ] as const) {
      const { patient, doctor, say } = await chat(locale);
      await doctor.put(PREFERENCES, mails);
      await say('nobody else may read this');
      const found = await mailsTo(doctor);
      expect(found).toHaveLength(1);
      expect(found[0]?.subject).toBe(`${subject} ${patient.prenom} ${patient.nom}`);
      expect(found[0]?.text).toContain(`${greeting} ${doctor.prenom},`);
      expect(found[0]?.text).toContain(`${subject} ${patient.prenom} ${patient.nom}`);
      expect(found[0]?.html).toContain(`lang="${locale}"`);
      expect(JSON.stringify(found[0])).not.toContain('nobody else');
      expect(await mailsTo(patient)).toEqual([]);
      const [notification] = (await doctor.get('/notifications')).body.notifications;
      expect(await keysOf('notification.mail')).toContain(`mail:${notification._id}`);
    }
  });

  it('stay away in quiet hours, and are not made up for', async () => {
    const owner = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    const phone = await phoneOf(owner);
    await owner.put(PREFERENCES, { quietHours: NIGHT, types: { appointment: { email: true } } });
    // The night in which the clocks go back: 22:00 is 20:00Z, 07:00 is 06:00Z
    const counts: Record<string, number[]> = {};
    for (const at of ['2027-10-30T19:59:59Z', '2027-10-30T20:00:00Z', '2027-10-31T05:59:59Z', '2027-10-31T06:00:00Z']) {
      t.clock.freeze(at);
      await tell(owner);
      counts[at] = [pushesTo(phone).length, (await mailsTo(owner)).length];
    }
    expect(Object.values(counts)).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [2, 2],
    ]);
    t.clock.freeze('2027-10-31T23:00:00Z');
    await tell(owner, { type: 'patient_alert', severity: 'warning' });
    expect(pushesTo(phone)).toHaveLength(2);
    await tell(owner, { type: 'patient_alert', severity: 'critical' });
    await tell(owner, { type: 'patient_alert', severity: 'warning', passesQuietHours: true });
    expect(pushesTo(phone)).toHaveLength(4);
    t.clock.freeze('2027-11-01T12:00:00Z');
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect(pushesTo(phone)).toHaveLength(4);
    expect(await t.db.collection('notifications').countDocuments({})).toBeGreaterThanOrEqual(7);
  });

  it('do not leave when their retry falls into quiet hours', async () => {
    const owner = await t.actors.asPatient({ timeZone: 'UTC' });
    const phone = await phoneOf(owner);
    await owner.put(PREFERENCES, { quietHours: NIGHT });
    fcm.answer = () => ({ status: 503 });
    t.clock.freeze('2027-06-01T21:59:59.500Z');
    await tell(owner);
    expect(pushesTo(phone)).toHaveLength(1);
    fcm.answer = () => ({ status: 200 });
    for (const at of ['2027-06-01T22:00:01Z', '2027-06-02T09:00:00Z']) {
      t.clock.freeze(at);
      await t.app.get(OutboxDispatcher).poll();
      await t.settle();
    }
    expect(pushesTo(phone)).toHaveLength(1);
  });

  it('reach accounts of an older database, which have neither zone nor language', async () => {
    const owner = await t.actors.asPatient();
    const phone = await phoneOf(owner);
    await owner.put(PREFERENCES, { types: { appointment: { email: true } } });
    await t.db.collection('users').updateOne({ email: owner.email }, { $unset: { timeZone: 1, locale: 1 } });
    await tell(owner, { type: 'patient_alert', severity: 'critical' });
    await tell(owner);
    expect(titlesOf(phone)).toEqual(['Critical glucose alert', 'Appointment reminder']);
    expect((await mailsTo(owner)).map(({ subject }) => subject)).toEqual(['Appointment reminder']);
  });

  it('are not written to whoever may not sign in', async () => {
    const [admin, owner] = [await t.actors.asAdmin(), await t.actors.asPatient()];
    await owner.put(PREFERENCES, { types: { appointment: { email: true } } });
    await tell(owner);
    await admin.patch(`/users/${owner.id}`, { statutCompte: 'INACTIF' });
    await t.settle();
    const before = (await mailsTo(owner)).length;
    await tell(owner);
    expect(await mailsTo(owner)).toHaveLength(before);
    await admin.patch(`/users/${owner.id}`, { statutCompte: 'ACTIF' });
    await t.settle();
    const active = (await mailsTo(owner)).length;
    await tell(owner);
    expect(await mailsTo(owner)).toHaveLength(active + 1);
  });

  it('obey a pharmacist’s master switches', async () => {
    const pharmacist = await t.actors.asPharmacist();
    const phone = await phoneOf(pharmacist);
    await pharmacist.put(PREFERENCES, { types: { medication: { email: true } } });
    const set = (fields: Record<string, boolean>) =>
      t.db.collection('users').updateOne({ email: pharmacist.email }, { $set: fields });
    await tell(pharmacist, { type: 'medication' });
    await set({ notificationsPush: false });
    await tell(pharmacist, { type: 'medication' });
    await set({ notificationsPush: true, notificationsEmail: false });
    await tell(pharmacist, { type: 'medication', severity: 'critical' });
    expect([pushesTo(phone).length, (await mailsTo(pharmacist)).length]).toEqual([2, 2]);
    expect((await pharmacist.get('/notifications/unread-count')).body).toEqual({ count: 3 });
  });

  it('do not reach whoever signed out, gave the device away, is suspended or erased meanwhile', async () => {
    fcm.answer = () => ({ status: 503 });
    const admin = await t.actors.asAdmin();
    const owners = await Promise.all([1, 2, 3, 4].map(() => t.actors.asPatient()));
    const [signedOut, gaveAway, suspended, erased] = owners as [TestActor, TestActor, TestActor, TestActor];
    const tokens = await Promise.all(owners.map(phoneOf));
    t.clock.freeze();
    for (const owner of owners) {
      await owner.put(PREFERENCES, { types: { appointment: { email: false } } });
      await tell(owner);
    }
    await signedOut.post('/auth/logout');
    await admin.post('/notifications/register-token', { fcmToken: tokens[1] });
    expect((await admin.patch(`/users/${suspended.id}`, { statutCompte: 'SUSPENDU' })).status).toBe(200);
    expect((await erased.delete('/users/me', { currentPassword: erased.password })).status).toBe(200);
    await t.runJob('erasure');
    await t.settle();
    fcm.answer = () => ({ status: 200 });
    t.clock.advance(60_000);
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect(tokens.map((token) => pushesTo(token).map(({ status }) => status))).toEqual([[503], [503], [503], [503]]);
    expect((await gaveAway.get('/notifications')).body.notifications).toHaveLength(1);
  });
});

describe('without a push provider', () => {
  it('everything else works unchanged', async () => {
    const t = await startTestApp();
    const owner = await t.actors.asDoctor();
    expect((await owner.post('/notifications/register-token', { fcmToken: 'phone' })).status).toBe(201);
    const patient = await t.actors.asPatient();
    await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: owner.id });
    await t.settle();
    expect((await owner.get('/notifications/unread-count')).body).toEqual({ count: 1 });
    expect(await t.db.collection('outbox').countDocuments({ topic: 'notification.push' })).toBe(0);
    expect(await t.db.collection('devicetokens').countDocuments({})).toBe(1);
    await t.close();
  });
});
