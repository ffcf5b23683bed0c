import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AdminSeeder, ErasureSteps } from '../../src/modules/users';
import type { ErasureStep } from '../../src/modules/users/erasure/erasure-steps';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, Pair, parallel } from '../support/booking';
import { findStored } from '../support/stored';

const MINUTE = 60_000;

describe('erasing an account', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const TEXTS = ['Quetzalcoatl', 'Xiuhtecuhtli', '+99 555 0147', 'urgent-words', 'notes-words', 'reason-words'];

  /** A patient with something in every collection that exists, and everybody who knows of them. */
  async function fullPatient(app: TestApp) {
    const [doctor, other, pharmacy] = [
      await app.actors.asDoctor(),
      await app.actors.asDoctor(),
      await app.actors.asPharmacist(),
    ];
    const patient = await app.actors.asPatient({
      nom: TEXTS[0],
      prenom: TEXTS[1],
      telephone: TEXTS[2],
      email: `quetzal-${doctor.id}@test.example`,
      latitude: 48.1,
      longitude: 11.5,
    });
    const { body: request } = await patient.post(`/patients/${patient.id}/request-doctor`, {
      doctorId: doctor.id,
      urgentNote: TEXTS[3],
    });
    await doctor.post(`/doctors/${doctor.id}/patient-requests/${request._id}/accept`);
    await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: other.id, urgentNote: TEXTS[3] });
    const pair = new Pair(app, patient, doctor);
    const ahead = await pair.book(patient, { notes: TEXTS[4] });
    const kept = await doctor.post(
      '/appointments',
      { patientId: patient.id, doctorId: doctor.id, dateTime: pair.slot(), notes: TEXTS[4] },
      { headers: { 'idempotency-key': 'doctor-key' } },
    );
    const cancelled = await pair.book();
    await pair.patch(patient, cancelled._id, { status: 'Cancelled', reason: TEXTS[5] });
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    await patient.post(`/conversations/${conversation._id}/messages`, { content: 'kept for the doctor' });
    const { body: withPharmacy } = await patient.post('/conversations', {
      patientId: patient.id,
      pharmacistId: pharmacy.id,
    });
    await patient.patch(`/medecins/${doctor.id}/note`, { note: 4 });
    await patient.patch(`/users/${patient.id}`, { telephone: '+99 555 0148', currentPassword: patient.password });
    await patient.patch(`/users/${patient.id}`, { telephone: TEXTS[2] });
    await app.http.post('/auth/forgot-password', { email: patient.email });
    await doctor.get(`/patients/${patient.id}`);
    await app.settle();
    return { patient, doctor, other, pharmacy, pair, ahead, kept: kept.body, conversation, withPharmacy };
  }

  it('of a patient leaves no personal datum in any collection, and the rest in order', async () => {
    const { patient, doctor, other, pharmacy, pair, ahead, kept, conversation, withPharmacy } = await fullPatient(t);
    const personal = [...TEXTS, patient.email, patient.email.split('@')[0] ?? ''];
    expect(new Set((await findStored(t.db, personal)).map((where) => where.split(': ')[1])).size).toBe(personal.length);

    const { status, body } = await patient.delete('/users/me');
    expect([status, Object.keys(body)]).toEqual([200, ['message']]);
    // At once, before any job has run:
    expect((await patient.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(404);
    const closed = await doctor.post(`/conversations/${conversation._id}/messages`, { content: 'x' });
    expect(closed.body.code).toBe('CONVERSATION_CLOSED');
    const login = await t.http.post('/auth/login', { email: patient.email, motDePasse: patient.password });
    expect(login.body.code).toBe('INVALID_CREDENTIALS');

    await t.runJob('erasure');
    await t.settle();
    expect(await findStored(t.db, personal)).toEqual([]);

    const stone = await t.db.collection('users').findOne({ email: `erased-${patient.id}@erased.invalid` });
    expect(Object.keys(stone ?? {}).sort()).toEqual(
      ['__v', '_id', 'createdAt', 'deletedAt', 'email', 'nom', 'prenom', 'role', 'statutCompte', 'updatedAt'].sort(),
    );
    expect(stone).toMatchObject({ nom: 'Deleted user', role: 'PATIENT', statutCompte: 'INACTIF' });
    for (const collection of ['sessions', 'notifications', 'usercounters', 'idempotencykeys', 'onetimetokens'])
      expect(await t.db.collection(collection).countDocuments({ userId: stone?._id }), collection).toBe(0);
    for (const collection of ['patientrequests', 'userratings'])
      expect(await t.db.collection(collection).countDocuments({ patientId: stone?._id }), collection).toBe(0);

    for (const appointment of [ahead, kept])
      expect((await pair.get(doctor, appointment._id)).body).toMatchObject({
        status: 'Cancelled',
        cancelledBy: 'SYSTEM',
        reason: 'account closed',
        notes: '',
        patientName: 'Deleted user',
      });
    expect(await pair.events(doctor, ahead._id)).toEqual(['created', 'cancelled']);
    const [seen] = (await doctor.get(`/doctors/${doctor.id}/conversations`)).body.conversations;
    expect(seen).toMatchObject({ patientName: 'Deleted user', canSend: false, lastMessage: 'kept for the doctor' });
    const { messages } = (await doctor.get(`/conversations/${conversation._id}/messages`)).body;
    expect(messages[0]).toMatchObject({ senderName: 'Deleted user', content: 'kept for the doctor' });
    const reply = await pharmacy.post(`/conversations/${withPharmacy._id}/messages`, { content: 'x' });
    expect(reply.body.code).toBe('CONVERSATION_CLOSED');
    expect((await other.get(`/doctors/${other.id}/patient-requests`)).body.total).toBe(0);
    expect((await doctor.get(`/medecins/${doctor.id}`)).body).toMatchObject({
      nombreNotes: 0,
      noteMoyenne: 0,
      listePatients: [],
    });
    const told = (await doctor.get('/notifications?limit=100')).body.notifications;
    expect(told.filter(({ data }: { data: { event: string } }) => data.event === 'link_ended')).toHaveLength(1);
    expect(told.some(({ message }: { message: string }) => message.startsWith('Deleted user'))).toBe(true);
    const audit = await t.db.collection('auditevents').find({ patientId: stone?._id }).toArray();
    expect(audit.map((event) => event['action'])).toContain('user.erased');
    expect(await t.app.get(CounterChecks).run()).toEqual([]);

    const again = await t.actors.asPatient({ email: patient.email });
    expect(again.id).not.toBe(patient.id);
  });

  it('of a doctor withdraws what waits, ends links, and frees the professional number', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const waiting = await t.actors.asPatient();
    await waiting.post(`/patients/${waiting.id}/request-doctor`, { doctorId: doctor.id });
    const pair = new Pair(t, patient, doctor);
    const ahead = await pair.book();
    await patient.patch(`/medecins/${doctor.id}/note`, { note: 3 });
    const { body: profile } = await doctor.get('/auth/profile');
    await t.settle();
    expect((await doctor.delete(`/medecins/${doctor.id}`)).status).toBe(200);
    expect((await patient.get(`/medecins/${doctor.id}`)).status).toBe(404);
    expect((await patient.get(`/medecins/patient/${patient.id}/my-doctors`)).body).toEqual([]);
    await t.runJob('erasure');
    await t.settle();
    const [request] = (await waiting.get(`/patients/${waiting.id}/my-requests`)).body;
    expect(request).toMatchObject({ status: 'declined', declineReason: 'withdrawn' });
    expect(request.doctorId).toMatchObject({ _id: doctor.id, nom: 'Deleted user' });
    expect((await pair.get(patient, ahead._id)).body).toMatchObject({
      status: 'Cancelled',
      doctorName: 'Deleted user',
    });
    expect(await pair.events(patient, ahead._id)).toEqual(['cancelled']);
    expect(await findStored(t.db, [doctor.email, doctor.nom, doctor.prenom, profile.numeroOrdre])).toEqual([]);
    await t.actors.asDoctor({ email: doctor.email, numeroOrdre: profile.numeroOrdre });
  });

  it('needs a recent check of identity, or the password', async () => {
    const patient = await t.actors.asPatient();
    t.clock.advance(16 * MINUTE);
    for (const path of ['/users/me', `/users/${patient.id}`, `/patients/${patient.id}`]) {
      const refused = await patient.delete(path);
      expect(refused.body, path).toMatchObject({ statusCode: 403, code: 'REAUTHENTICATION_REQUIRED' });
    }
    const wrong = await patient.delete('/users/me', { currentPassword: 'wrong' });
    expect(wrong.body).toMatchObject({ statusCode: 403, code: 'CURRENT_PASSWORD_WRONG' });
    const refreshed = (await t.http.post('/auth/refresh', { refreshToken: patient.refreshToken })).body;
    const kept = await t.http.delete('/users/me', undefined, { token: refreshed.accessToken });
    expect(kept.body.code).toBe('REAUTHENTICATION_REQUIRED');
    const done = await patient.delete(`/patients/${patient.id}`, { currentPassword: patient.password });
    expect(done.status).toBe(200);
    const other = await t.actors.asPatient();
    const answers = await parallel(4, () => other.delete('/users/me'));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is for the account itself and the ADMIN', async () => {
    const [patient, doctor, admin] = [await t.actors.asPatient(), await t.actors.asDoctor(), await t.actors.asAdmin()];
    await t.actors.link(patient, doctor);
    expect((await doctor.delete(`/patients/${patient.id}`)).body.code).toBe('FORBIDDEN_ROLE');
    expect((await doctor.delete(`/users/${patient.id}`)).body.code).toBe('FORBIDDEN_SPACE');
    expect((await (await t.actors.asPatient()).delete(`/patients/${patient.id}`)).body.code).toBe('FORBIDDEN_SPACE');
    expect((await admin.delete(`/medecins/${patient.id}`)).status).toBe(404);
    expect((await admin.delete(`/patients/${NOBODY}`)).status).toBe(404);
    t.clock.advance(60 * MINUTE);
    expect((await admin.delete(`/patients/${patient.id}`)).status).toBe(200);
    expect((await admin.delete(`/users/${doctor.id}`)).status).toBe(200);
    expect((await admin.get(`/users/${patient.id}`)).status).toBe(404);
  });

  it('never removes the last ADMIN, not even two of each other', async () => {
    const own = await startTestApp();
    const first = await own.actors.asAdmin();
    await own.app.get(AdminSeeder).create('second@test.example', 'second-password', { onlyFirst: false });
    const login = await own.http.post('/auth/login', { email: 'second@test.example', motDePasse: 'second-password' });
    const second = { id: login.body.user._id as string, token: login.body.accessToken as string };
    const answers = await Promise.all([
      first.delete(`/users/${second.id}`),
      own.http.patch(`/users/${first.id}`, { statutCompte: 'INACTIF' }, { token: second.token }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const active = await own.db.collection('users').find({ role: 'ADMIN', statutCompte: 'ACTIF' }).toArray();
    expect(active).toHaveLength(1);
    await own.close();
  });

  it('goes on after a failure at any step, and doubles nothing', async () => {
    const own = await startTestApp();
    const { patient, doctor, ahead, pair } = await fullPatient(own);
    const steps = own.app.get(ErasureSteps).all as { -readonly [K in keyof ErasureStep]: ErasureStep[K] }[];
    expect(steps.length).toBeGreaterThanOrEqual(6);
    // Each step does its work and dies before it is marked as done, once; the one after it has not begun.
    for (const step of steps) {
      const run = step.run;
      let died = false;
      step.run = async (account) => {
        await run(account);
        if (died) return;
        died = true;
        throw new Error('killed');
      };
    }
    await patient.delete('/users/me');
    for (let n = 0; n <= steps.length; n += 1) await own.runJob('erasure').catch(() => undefined);
    await own.settle();
    const open = await own.db.collection('erasures').countDocuments({ open: true });
    expect(open).toBe(0);
    expect(await findStored(own.db, [...TEXTS, patient.email])).toEqual([]);
    expect(await pair.events(doctor, ahead._id)).toEqual(['created', 'cancelled']);
    const told = (await doctor.get('/notifications?limit=100')).body.notifications as { data: { event: string } }[];
    expect(told.filter(({ data }) => data.event === 'link_ended')).toHaveLength(1);
    expect(await own.app.get(CounterChecks).run()).toEqual([]);
    await own.close();
  });
});
