import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { Pair } from '../support/booking';

const KEYS = [
  'formatVersion',
  'exportedAt',
  'user',
  'glucose',
  'meals',
  'medicationRequests',
  'appointments',
  'careLinks',
  'patientRequests',
  'conversations',
  'notifications',
  'reviews',
  'ratings',
  'accessLog',
  'sessions',
  'alerts',
  'treatments',
  'imports',
  'devices',
];

describe('the export of an account', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('holds everything of a patient, complete and oldest first, as a file of the patient’s day', async () => {
    const doctor = await t.actors.asDoctor();
    const patient = await t.actors.asPatient({ timeZone: 'Pacific/Kiritimati' });
    const { body: request } = await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
    await doctor.post(`/doctors/${doctor.id}/patient-requests/${request._id}/accept`);
    const pair = new Pair(t, patient, doctor);
    const booked = [await pair.book(), await pair.book(doctor), await pair.book()];
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    for (let n = 0; n < 120; n += 1)
      await patient.post(`/conversations/${conversation._id}/messages`, { content: `message "${n}"` });
    await doctor.get(`/patients/${patient.id}`);
    await t.settle();
    t.clock.freeze();
    const response = await patient.get('/users/me/export');
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format(t.clock.now());
    t.clock.release();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="diabcare-export-${day}.json"`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { body } = response;
    expect(Object.keys(body)).toEqual(KEYS);
    expect(body.formatVersion).toBe(1);
    expect(body.user).toEqual((await patient.get('/auth/profile')).body);
    expect(body.appointments.map(({ _id }: { _id: string }) => _id)).toEqual(booked.map(({ _id }) => _id));
    expect(body.appointments[0]).toEqual((await pair.get(patient, booked[0]._id)).body);
    expect(body.conversations).toHaveLength(1);
    const { messages, ...shown } = body.conversations[0];
    expect(shown).toEqual((await patient.get(`/patients/${patient.id}/conversations`)).body.conversations[0]);
    expect(messages.map(({ content }: { content: string }) => content)).toEqual(
      Array.from({ length: 120 }, (_, n) => `message "${n}"`),
    );
    expect(body.patientRequests[0]).toMatchObject({ _id: request._id, status: 'accepted' });
    expect(body.careLinks[0]).toMatchObject({ doctorId: doctor.id, status: 'active', origin: 'request' });
    expect(body.accessLog.map(({ action }: { action: string }) => action)).toEqual(['link.created', 'patient.read']);
    expect(body.sessions).toHaveLength(1);
    expect(body.notifications.length).toBe((await patient.get('/notifications?limit=100')).body.notifications.length);
    expect(body.glucose).toEqual([]);
    for (const secret of ['motDePasse', 'argon2', 'tokenHash', '__v', 'searchText'])
      expect(response.text).not.toContain(secret);
    const exported = await t.db.collection('auditevents').countDocuments({ action: 'user.exported' });
    expect(exported).toBe(1);
  });

  it('holds a professional’s own data and nobody’s clinical data', async () => {
    const doctor = await t.actors.asDoctor();
    const patient = await t.actors.asPatient({ typeDiabete: 'GESTATIONNEL' });
    await t.actors.link(patient, doctor);
    await new Pair(t, patient, doctor).book();
    await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    await t.settle();
    const { body, text } = await doctor.get('/users/me/export');
    expect(Object.keys(body)).toEqual(KEYS);
    expect(body.careLinks[0]).toMatchObject({ patientId: patient.id, patientName: `${patient.prenom} ${patient.nom}` });
    expect(body.appointments).toHaveLength(1);
    expect(body.conversations).toHaveLength(1);
    expect(text).not.toContain('GESTATIONNEL');
    expect(text).not.toContain('typeDiabete');
    expect(body.accessLog).toEqual([]);
    const pharmacy = (await (await t.actors.asPharmacist()).get('/users/me/export')).body;
    expect(Object.keys(pharmacy)).toEqual([...KEYS, 'activities', 'boosts']);
  });

  it('is given three times a day', async () => {
    const limited = await startTestApp({ config: { rateLimits: { exportPerDay: 3 } } });
    const patient = await limited.actors.asPatient();
    // The days of limits begin at midnight.
    limited.clock.freeze();
    for (let n = 0; n < 3; n += 1) expect((await patient.get('/users/me/export')).status).toBe(200);
    const refused = await patient.get('/users/me/export');
    expect(refused.body).toMatchObject({ statusCode: 429, code: 'RATE_LIMITED' });
    limited.clock.advance(86_400_000);
    expect((await patient.get('/users/me/export')).status).toBe(200);
    await limited.close();
  });

  it('needs a session', async () => {
    expect((await t.http.get('/users/me/export')).status).toBe(401);
  });
});
