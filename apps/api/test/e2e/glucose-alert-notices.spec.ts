import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OutboxDispatcher } from '../../src/platform/outbox';
import { AlertStage } from '../support/alert-stage';
import { clockTime } from '../support/alert-simulation';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { type FakeFcm, startFakeFcm } from '../support/fake-fcm';

const instant = (at: string): string => new Date(clockTime(at)).toISOString();

describe('notices of glucose alerts', () => {
  let t: TestApp;
  let fcm: FakeFcm;

  beforeAll(async () => {
    fcm = await startFakeFcm();
    t = await startTestApp({ config: { push: { provider: 'fcm', fcmCredentials: fcm.credentialsPath } } });
  });

  afterEach(() => {
    t.clock.release();
    fcm.answer = () => ({ status: 200 });
  });

  afterAll(async () => {
    await t.close();
    await fcm.close();
  });

  async function notificationsOf(actor: TestActor) {
    return (await actor.get('/notifications?type=patient_alert')).body.notifications;
  }

  async function phoneOf(actor: TestActor): Promise<() => string[]> {
    const fcmToken = `phone of ${actor.id}`;
    await actor.post('/notifications/register-token', { fcmToken });
    return () =>
      fcm.pushes
        .filter(({ message }) => message.token === fcmToken)
        .map(({ message }) => (message['notification'] as { title: string }).title);
  }

  it('tell the patient what to do and the doctor who it is', async () => {
    const { patient, doctor, ...rest } = await open('10:00');
    const [own, theirs] = [await phoneOf(patient), await phoneOf(doctor)];
    const glucoseId = await rest.stage.measure(52);
    const alert = await rest.stage.openAlert();
    const data = {
      event: 'urgent_low',
      alertId: alert._id,
      glucoseId,
      measurementId: glucoseId,
      patientId: patient.id,
      value: 52,
      unit: 'mg/dL',
      measuredAt: instant('10:00'),
      direction: 'low',
      kind: 'capillary',
      trend: 'None',
    };
    const common = { type: 'patient_alert', severity: 'critical', relatedId: patient.id, data, isRead: false };
    expect(await notificationsOf(patient)).toEqual([
      expect.objectContaining({
        ...common,
        userType: 'patient',
        title: 'Urgent low glucose',
        message:
          '52 mg/dL at 10:00. Eat fast sugar now and measure again after 15 minutes. If you get worse or cannot swallow, get emergency help.',
      }),
    ]);
    expect(await notificationsOf(doctor)).toEqual([
      expect.objectContaining({
        ...common,
        userType: 'doctor',
        title: 'Critical Glucose Alert',
        message: `Patient ${patient.prenom} ${patient.nom} has critical glucose level: 52 mg/dL`,
      }),
    ]);
    expect(own()).toEqual(['Critical glucose alert']);
    expect(theirs()).toEqual(['Critical glucose alert']);
    // as a word: ids may hold the digits
    expect(JSON.stringify(fcm.pushes)).not.toMatch(/\b52\b/);
  });

  async function open(at: string) {
    const stage = await AlertStage.open(t, at);
    return { stage, patient: stage.patient, doctor: stage.doctor };
  }

  it('speak the language and the clock of their reader', async () => {
    const { stage, patient, doctor } = await open('10:00');
    await patient.patch(`/patients/${patient.id}`, { locale: 'fr', timeZone: 'Europe/Paris' });
    await doctor.patch(`/medecins/${doctor.id}`, { locale: 'fr' });
    await stage.measure(17.4, { unit: 'mmol/L' });
    const [told] = await notificationsOf(patient);
    expect(told.title).toBe('Glycémie très élevée');
    expect(told.message).toContain('17.4 mmol/L à 11:00. Buvez de l');
    expect((await notificationsOf(doctor))[0].message).toBe(
      `Glycémie critique chez ${patient.prenom} ${patient.nom} : 17.4 mmol/L`,
    );
  });

  it('share one unread notification for an hour and stay when they are over', async () => {
    const { stage, patient } = await open('10:00');
    await stage.sense(66);
    stage.goTo('10:05');
    await stage.sense(52);
    const [only, ...others] = await notificationsOf(patient);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      severity: 'critical',
      createdAt: instant('10:00'),
      timestamp: instant('10:05'),
      title: 'Urgent low glucose',
    });
    // A capillary value in range ends the excursion.
    stage.goTo('10:10');
    await stage.measure(95);
    expect((await notificationsOf(patient))[0].data).toMatchObject({
      event: 'urgent_low',
      resolvedAt: instant('10:10'),
    });
    expect((await patient.get('/glucose/alerts')).body.alerts[0]).toMatchObject({
      state: 'closed',
      closedBy: 'cleared',
      closedAt: instant('10:10'),
    });
    // The other direction stands for itself; an hour later so does the same one.
    stage.goTo('10:11');
    await stage.measure(300);
    stage.goTo('11:00');
    await stage.measure(100);
    stage.goTo('11:05');
    await stage.measure(50);
    const all = await notificationsOf(patient);
    expect(all.map(({ data }: { data: { direction: string } }) => data.direction)).toEqual(['low', 'high', 'low']);
    expect((await patient.get('/notifications/unread-count')).body).toEqual({ count: 3 });
    await patient.patch('/notifications/read-all');
    stage.goTo('11:06');
    await stage.measure(100);
    stage.goTo('11:07');
    await stage.measure(50);
    expect(await notificationsOf(patient)).toHaveLength(4);
  });

  it('are amended when the reading was wrong', async () => {
    const { stage, patient, doctor } = await open('10:00');
    const id = await stage.measure(52);
    const pushes = await phoneOf(patient);
    stage.goTo('10:03');
    await patient.patch(`/glucose/${id}`, { value: 140 });
    await stage.tick();
    for (const actor of [patient, doctor])
      expect(await notificationsOf(actor)).toEqual([
        expect.objectContaining({
          title: 'Reading corrected',
          severity: 'info',
          data: expect.objectContaining({ resolvedAt: instant('10:03') }) as unknown,
        }),
      ]);
    expect(pushes()).toEqual([]);
    expect((await patient.get('/glucose/alerts')).body.alerts[0]).toMatchObject({ closedBy: 'withdrawn' });
    // Deleted instead: the same.
    stage.goTo('10:20');
    const second = await stage.measure(45);
    await patient.delete(`/glucose/${second}`);
    await stage.tick();
    expect((await patient.get('/glucose/alerts')).body.alerts[0]).toMatchObject({
      closedBy: 'withdrawn',
      openedAt: instant('10:20'),
    });
  });

  it('leave warnings in the app at night, critical ones never', async () => {
    const { stage, patient } = await open('02:00');
    const pushes = await phoneOf(patient);
    await patient.put('/notifications/preferences', { quietHours: { enabled: true, start: '22:00', end: '07:00' } });
    await stage.sense(66);
    expect(pushes()).toEqual([]);
    expect((await notificationsOf(patient))[0].title).toBe('Low glucose');
    stage.goTo('02:10');
    await stage.sense(53);
    expect(pushes()).toEqual(['Critical glucose alert']);
    await stage.passTo('02:15');
    expect(pushes()).toHaveLength(2);
  });

  it('of a silent sensor pass the night where the patient wants it', async () => {
    for (const noDataAtNight of [false, true]) {
      const { stage, patient } = await open('02:00');
      const pushes = await phoneOf(patient);
      await patient.put('/notifications/preferences', { quietHours: { enabled: true, start: '22:00', end: '07:00' } });
      await patient.put('/glucose/alert-settings', { noDataAtNight });
      const readings = Array.from({ length: 12 }, (_, index) => ({
        value: 120,
        source: 'cgm',
        intervalMinutes: 5,
        measuredAt: new Date(clockTime('02:00') - index * 300_000).toISOString(),
      }));
      await patient.post('/glucose/bulk', { readings });
      await t.settle();
      stage.goTo('02:29');
      await stage.tick();
      expect(await notificationsOf(patient)).toEqual([]);
      stage.goTo('02:30');
      await stage.tick();
      const [told] = await notificationsOf(patient);
      expect(told).toMatchObject({
        title: 'No sensor data',
        message: 'No reading since 02:00. Check sensor and phone.',
      });
      expect(told.data.direction).toBeUndefined();
      expect(told.data.alertId).toBeUndefined();
      expect(pushes()).toEqual(noDataAtNight ? ['Glucose alert'] : []);
      stage.goTo('02:40');
      await stage.sense(118);
      expect((await notificationsOf(patient))[0].data.resolvedAt).toBe(instant('02:40'));
    }
  });

  it('below critical are pushed eight times a day at most, critical ones always', async () => {
    const { stage, patient } = await open('00:00');
    const pushes = await phoneOf(patient);
    for (let hour = 1; hour <= 10; hour += 1) {
      stage.goTo(`${String(hour).padStart(2, '0')}:00`);
      await stage.measure(65);
      stage.goTo(`${String(hour).padStart(2, '0')}:01`);
      await stage.measure(100);
    }
    expect(pushes()).toHaveLength(8);
    expect(await notificationsOf(patient)).toHaveLength(10);
    stage.goTo('10:30');
    await stage.measure(50);
    expect(pushes().filter((title) => title === 'Critical glucose alert')).toHaveLength(1);
  });

  it('reach linked doctors with access, as it is when they are sent', async () => {
    const { stage, patient, doctor } = await open('10:00');
    const other = await t.actors.asDoctor();
    await t.actors.link(patient, other);
    const stranger = await t.actors.asDoctor();
    await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
    await stage.measure(45);
    expect(await notificationsOf(doctor)).toEqual([]);
    expect(await notificationsOf(other)).toHaveLength(1);
    expect(await notificationsOf(stranger)).toEqual([]);
    // Access given later tells nothing of what was told to the others.
    await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: true });
    stage.goTo('10:05');
    await stage.measure(44);
    expect(await notificationsOf(doctor)).toEqual([]);
    // The end of the link ends pending escalations.
    const second = await open('12:00');
    await second.stage.sense(50);
    await second.patient.delete(`/medecins/${second.doctor.id}/patients/${second.patient.id}`);
    for (const at of ['12:05', '12:10', '12:15', '12:20']) {
      second.stage.goTo(at);
      await second.stage.sense(50);
    }
    expect((await second.stage.told()).filter((line) => line.includes(' d '))).toEqual([]);
  });

  it('a push still on its way ends with the link', async () => {
    const { stage, patient, doctor } = await open('10:00');
    const phone = await phoneOf(doctor);
    const alerts = () => phone().filter((title) => title === 'Critical glucose alert');
    fcm.answer = () => ({ status: 503, errorCode: 'UNAVAILABLE' });
    await stage.measure(45);
    expect(alerts()).toHaveLength(1);
    fcm.answer = () => ({ status: 200 });
    await patient.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
    stage.goTo('10:05');
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect(alerts()).toHaveLength(1);
    expect(await t.db.collection('outbox').countDocuments({ topic: 'notification.push', doneAt: null })).toBe(0);
  });

  it('end with the account', async () => {
    const { stage, patient } = await open('10:00');
    const admin = await t.actors.asAdmin();
    await stage.measure(52);
    await admin.patch(`/users/${patient.id}`, { statutCompte: 'SUSPENDU' });
    stage.goTo('10:15');
    await stage.tick();
    expect(await stage.told()).toEqual(['10:00 p urgent_low', '10:00 d urgent_low']);
  });
});
