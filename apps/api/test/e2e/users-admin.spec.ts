import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY } from '../support/booking';

const PAGE = ['data', 'limit', 'page', 'total', 'totalPages'];

describe('accounts, for the ADMIN', () => {
  let t: TestApp;
  let admin: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    admin = await t.actors.asAdmin();
  });

  afterAll(async () => {
    await t.close();
  });

  it('are listed newest first, filtered and searched over case and accents', async () => {
    const elodie = await t.actors.asPatient({
      nom: 'Gómez (Łódź)',
      prenom: 'Élodie',
      photoProfil: 'data:image/png;base64,iVBORw0KGgo=',
    });
    const doctor = await t.actors.asDoctor({ nom: 'gomez', prenom: 'Ana' });
    await t.actors.asPatient({ nom: 'Other' });
    const { status, body } = await admin.get('/users?search=G%C3%93MEZ');
    expect([status, Object.keys(body).sort()]).toEqual([200, PAGE]);
    expect(body.data.map((user: { _id: string }) => user._id)).toEqual([doctor.id, elodie.id]);
    expect(body).toMatchObject({ total: 2, page: 1, limit: 10, totalPages: 1 });
    expect(body.data[1]).not.toHaveProperty('profilMedical');
    expect(body.data[1]).not.toHaveProperty('photoProfil');
    expect(body.data[0]).not.toHaveProperty('listePatients');
    const ids = async (query: string) =>
      ((await admin.get(`/users?limit=100&${query}`)).body.data as { _id: string }[]).map(({ _id }) => _id);
    expect(await ids('search=gomez&role=patient')).toEqual([elodie.id]);
    expect(await ids(`search=${elodie.email.toUpperCase()}`)).toEqual([elodie.id]);
    expect(await ids('search=(lodz)')).toEqual([elodie.id]);
    expect(await ids('search=.*')).toEqual([]);
    await admin.patch(`/users/${doctor.id}`, { statutCompte: 'INACTIF' });
    expect(await ids('search=gomez&statutCompte=INACTIF')).toEqual([doctor.id]);
    expect(await ids('statutCompte=suspendu')).toEqual([]);
    for (const query of ['role=nobody', 'statutCompte=x', 'page=0', 'limit=-1', 'search=', `search=${'a'.repeat(101)}`])
      expect([200, 400], query).toContain((await admin.get(`/users?${query}`)).status);
    expect((await admin.get('/users?role=nobody')).body.code).toBe('VALIDATION_FAILED');
    const second = (await admin.get('/users?limit=2&page=2')).body;
    expect(second).toMatchObject({ page: 2, limit: 2 });
    expect((await admin.get('/users?page=900')).body).toMatchObject({ data: [], total: second.total });
  });

  it('show at once what changed here, and soon what changed elsewhere', async () => {
    const second = await startTestApp({ dbName: t.dbName });
    const total = async (search: string) => (await admin.get(`/users?search=${search}`)).body.total as number;
    expect(await total('outlinetest')).toBe(0);
    const patient = await t.actors.asPatient({ nom: 'OutlineTest' });
    expect(await total('outlinetest')).toBe(1);
    await patient.patch(`/users/${patient.id}`, { nom: 'Renamed' });
    expect([await total('outlinetest'), await total(patient.email)]).toEqual([0, 1]);
    await patient.delete('/users/me');
    expect(await total(patient.email)).toBe(0);
    const elsewhere = await second.actors.asPatient({ nom: 'OutlineTest' });
    const until = Date.now() + 2_000;
    while ((await total('outlinetest')) !== 1) {
      expect(Date.now()).toBeLessThan(until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await admin.get('/users?search=outlinetest')).body.data[0]._id).toBe(elsewhere.id);
    await second.close();
  });

  it('are counted by role without erased ones', async () => {
    const before = (await admin.get('/users/stats')).body;
    expect(Object.keys(before)).toEqual(['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN']);
    const gone = await t.actors.asPharmacist();
    await t.actors.asPharmacist();
    await gone.delete('/users/me');
    expect((await admin.get('/users/stats')).body).toEqual({ ...before, PHARMACIEN: Number(before.PHARMACIEN) + 1 });
  });

  it('change status by its machine, with sessions, lists, mail and audit', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const patch = (fields: object) => admin.patch(`/users/${doctor.id}`, fields);
    expect((await patch({ statutCompte: 'INACTIF', reason: 'on leave' })).body.statutCompte).toBe('INACTIF');
    expect((await doctor.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    const login = () => t.http.post('/auth/login', { email: doctor.email, motDePasse: doctor.password });
    expect((await login()).body).toMatchObject({ statusCode: 403, code: 'ACCOUNT_INACTIVE' });
    const stranger = await t.actors.asPatient();
    expect((await stranger.get(`/medecins/${doctor.id}`)).status).toBe(404);
    expect((await patient.get(`/medecins/${doctor.id}`)).status).toBe(200);
    expect((await stranger.get(`/medecins?search=${doctor.nom}`)).body.total).toBe(0);
    expect((await admin.get(`/medecins?search=${doctor.nom}`)).body.total).toBe(1);
    expect((await patch({ statutCompte: 'SUSPENDU' })).status).toBe(200);
    expect((await patch({ statutCompte: 'ACTIF' })).status).toBe(200);
    expect((await login()).status).toBe(200);
    const { body } = await admin.get(`/audit-events?action=user.status_changed&limit=100`);
    const mine = body.data.filter((event: { resourceId: string }) => event.resourceId === doctor.id);
    expect(mine).toHaveLength(3);
    expect(mine[2]).toMatchObject({ reason: 'on leave', actorId: admin.id, actorRole: 'ADMIN', outcome: 'success' });
  });

  it('keep their last ADMIN, also against two who remove each other', async () => {
    expect((await admin.patch(`/users/${admin.id}`, { statutCompte: 'INACTIF' })).body.code).toBe('LAST_ADMIN');
    expect((await admin.delete('/users/me')).body).toMatchObject({ statusCode: 409, code: 'LAST_ADMIN' });
    expect((await admin.get('/auth/profile')).status).toBe(200);
  });

  it('say who did what, filtered, newest first', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    await doctor.get(`/patients/${patient.id}`);
    await admin.get(`/users/${patient.id}`);
    const { body } = await admin.get(`/audit-events?patientId=${patient.id}`);
    expect(Object.keys(body).sort()).toEqual(PAGE);
    expect(body.limit).toBe(50);
    const actions = body.data.map((event: { action: string }) => event.action);
    expect(actions.slice(0, 2)).toEqual(['user.read', 'patient.read']);
    expect(Object.keys(body.data[1]).sort()).toEqual(
      [
        '_id',
        'at',
        'actorId',
        'actorName',
        'actorRole',
        'action',
        'patientId',
        'resource',
        'outcome',
        'count',
        'ipAddress',
        'requestId',
      ].sort(),
    );
    expect(body.data[1]).toMatchObject({ actorName: `Dr. ${doctor.prenom} ${doctor.nom}`, count: 1 });
    const by = (await admin.get(`/audit-events?actorId=${doctor.id}&action=patient.read`)).body;
    expect(by).toMatchObject({ total: 1 });
    expect((await admin.get(`/audit-events?actorId=${doctor.id}&to=2020-01-01`)).body.total).toBe(0);
    expect((await admin.get(`/audit-events?actorId=${doctor.id}&from=2020-01-01`)).body.total).toBeGreaterThan(0);
    for (const query of ['actorId=x', 'patientId=1', 'from=yesterday', `action=${'a'.repeat(61)}`])
      expect((await admin.get(`/audit-events?${query}`)).body.code, query).toBe('VALIDATION_FAILED');
  });

  it('are nobody else’s to list, count or audit', async () => {
    for (const actor of [await t.actors.asPatient(), await t.actors.asDoctor(), await t.actors.asPharmacist()])
      for (const path of ['/users', '/users/stats', '/audit-events'])
        expect((await actor.get(path)).body, path).toMatchObject({ statusCode: 403, code: 'FORBIDDEN_ROLE' });
    expect((await admin.get(`/users/${NOBODY}`)).status).toBe(404);
    expect((await admin.delete(`/users/${NOBODY}`)).status).toBe(404);
  });

  it('of professionals wait for approval where that is demanded', async () => {
    const strict = await startTestApp({ config: { auth: { requireProfessionalApproval: true } } });
    const register = (kind: string, extra: object) =>
      strict.http.post(`/auth/register/${kind}`, {
        nom: 'N',
        prenom: 'P',
        email: `${kind}@test.example`,
        motDePasse: 'a passphrase',
        ...extra,
      });
    const doctor = await register('medecin', { specialite: 'Endo', numeroOrdre: '1' });
    expect(doctor.status).toBe(201);
    expect(doctor.body).toMatchObject({ accessToken: null, refreshToken: null, expiresIn: 0 });
    expect(doctor.body.user.statutCompte).toBe('INACTIF');
    const login = () => strict.http.post('/auth/login', { email: 'medecin@test.example', motDePasse: 'a passphrase' });
    expect((await login()).body.code).toBe('ACCOUNT_INACTIVE');
    expect((await register('patient', {})).body.accessToken).not.toBeNull();
    const approver = await strict.actors.asAdmin();
    await approver.patch(`/users/${doctor.body.user._id}`, { statutCompte: 'ACTIF' });
    expect((await login()).status).toBe(200);
    await strict.settle();
    expect((await strict.mails.newest('medecin@test.example')).text).toContain('is active');
    await strict.close();
  });
});
