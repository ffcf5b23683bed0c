import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoData } from '../../src/demo';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';

const COLLECTIONS = [
  'users',
  'carelinks',
  'patientrequests',
  'appointments',
  'conversations',
  'messages',
  'notifications',
];

describe('the demo data', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  const counts = () => Promise.all(COLLECTIONS.map((name) => t.db.collection(name).countDocuments()));

  it('fill a clinic once, leave others alone, and let every role in', async () => {
    const own = await t.actors.asPatient();
    expect((await loadDemoData(t.app, { onlyIfEmpty: true })).accounts).toHaveLength(4);
    expect(await t.db.collection('users').countDocuments()).toBe(2);
    const { accounts } = await loadDemoData(t.app, { onlyIfEmpty: false });
    const first = await counts();
    await loadDemoData(t.app, { onlyIfEmpty: false });
    expect(await counts()).toEqual(first);
    expect(await t.db.collection('users').countDocuments({ role: 'PATIENT', email: /@demo\.diabcare\.example$/ })).toBe(
      60,
    );
    expect((await own.get('/auth/profile')).body.email).toBe(own.email);
    expect(new Set(accounts.map(({ role }) => role))).toEqual(new Set(['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN']));
    for (const { role, email, password } of accounts) {
      const { status, body } = await t.http.post('/auth/login', { email, motDePasse: password });
      expect([status, body.user.role]).toEqual([200, role]);
    }
  });

  it('agree with their counters and with the rules', async () => {
    expect(await t.app.get(CounterChecks).run()).toEqual([]);
    const appointments = await t.db
      .collection('appointments')
      .find({ status: { $in: ['Pending', 'Confirmed'] } })
      .sort({ dateTime: 1 })
      .toArray();
    for (const side of ['doctorId', 'patientId']) {
      const ends = new Map<string, Date>();
      for (const appointment of appointments) {
        const who = String(appointment[side]);
        expect((ends.get(who) ?? new Date(0)) <= appointment['dateTime']).toBe(true);
        ends.set(who, appointment['endTime'] as Date);
      }
    }
  });

  it('have something to show on every screen', async () => {
    const { body: doctor } = await t.http.post('/auth/login', {
      email: 'doctor@demo.diabcare.example',
      motDePasse: 'demo-passphrase',
    });
    const token = doctor.accessToken as string;
    const id = doctor.user._id as string;
    expect((await t.http.get(`/doctors/${id}/appointments`, { token })).body.total).toBeGreaterThan(40);
    expect((await t.http.get(`/doctors/${id}/patient-requests`, { token })).body.total).toBeGreaterThan(0);
    expect((await t.http.get(`/doctors/${id}/conversations`, { token })).body.conversations.length).toBeGreaterThan(10);
    expect((await t.http.get('/notifications', { token })).body.unreadCount).toBeGreaterThan(5);
  });

  it('finds a counter that was tampered with', async () => {
    await t.db
      .collection('usercounters')
      .updateOne({ unreadNotifications: { $gt: 0 } }, { $inc: { unreadNotifications: 3 } });
    expect(
      (await t.app.get(CounterChecks).run()).map(({ counter, stored, counted }) => [counter, stored - counted]),
    ).toEqual([['usercounters.unreadNotifications', 3]]);
  });
});
