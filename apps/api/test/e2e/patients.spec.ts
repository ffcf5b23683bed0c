import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';
import { Counter, MEDICINE } from '../support/pharmacy';

describe('patients', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  describe('opened by a doctor', () => {
    const input = (n: number, extra: object = {}) => ({
      nom: 'Nguyễn',
      prenom: 'Bình',
      email: `invited-${n}@test.example`,
      ...extra,
    });

    it('are linked, invited, and choose their own password', async () => {
      const doctor = await t.actors.asDoctor();
      const { status, body } = await doctor.post(
        '/patients',
        input(1, {
          motDePasse: 'chosen by the doctor',
          typeDiabete: 'type_1',
          profilMedical: { poids: 70, taille: 0, allergies: ['pollen'], tabac: null },
        }),
      );
      expect(status).toBe(201);
      expect(body).toMatchObject({ role: 'PATIENT', typeDiabete: 'TYPE_1', statutCompte: 'ACTIF' });
      expect(body.profilMedical).toMatchObject({ poids: 70, allergies: ['pollen'], objectifGlycemieMin: 70 });
      expect(body.profilMedical).not.toHaveProperty('taille');
      for (const key of ['accessToken', 'refreshToken', 'motDePasse']) expect(body).not.toHaveProperty(key);
      expect((await doctor.get(`/patients/${body._id}`)).status).toBe(200);
      const login = (motDePasse: string) => t.http.post('/auth/login', { email: body.email, motDePasse });
      expect((await login('chosen by the doctor')).body.code).toBe('INVALID_CREDENTIALS');
      await t.settle();
      const mail = await t.mails.newest(body.email);
      expect(mail.text).toContain(`Dr. ${doctor.prenom} ${doctor.nom} has opened`);
      t.clock.advance(6 * 86_400_000);
      const reset = await t.http.post('/auth/reset-password', { token: mail.token, newPassword: 'my own words' });
      expect(reset.status).toBe(200);
      expect((await login('my own words')).status).toBe(200);
      t.clock.release();
    });

    it('are one per address, once per key, and within the rules', async () => {
      const doctor = await t.actors.asDoctor();
      const key = { headers: { 'idempotency-key': 'one' } };
      const [first, second] = [
        await doctor.post('/patients', input(2), key),
        await doctor.post('/patients', input(2), key),
      ];
      expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
      expect((await doctor.post('/patients', input(2))).body).toMatchObject({ statusCode: 409, code: 'EMAIL_TAKEN' });
      const race = await parallel(6, () => doctor.post('/patients', input(3)));
      expect(race.filter(({ status }) => status === 201)).toHaveLength(1);
      const weak = input(4, { motDePasse: 'invited-4@test.example' });
      expect((await doctor.post('/patients', weak)).body.code).toBe('WEAK_PASSWORD');
      for (const extra of [
        { motDePasse: 'short' },
        { role: 'ADMIN' },
        { statutCompte: 'ACTIF' },
        { latitude: 4 },
        { profilMedical: { poids: 900 } },
        { profilMedical: { objectifGlycemieMin: 150, objectifGlycemieMax: 120 } },
        { profilMedical: { unknown: 1 } },
        { dateNaissance: '2999-01-01' },
      ])
        expect((await doctor.post('/patients', input(5, extra))).body.code, JSON.stringify(extra)).toBe(
          'VALIDATION_FAILED',
        );
      for (const actor of [await t.actors.asPatient(), await t.actors.asPharmacist(), await t.actors.asAdmin()])
        expect((await actor.post('/patients', input(6))).body.code).toBe('FORBIDDEN_ROLE');
    });

    it('stay within the doctor’s number of patients', async () => {
      const small = await startTestApp({ config: { care: { maxPatientsPerDoctor: 2 } } });
      const doctor = await small.actors.asDoctor();
      const answers = await parallel(5, (n) => doctor.post('/patients', input(10 + n)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
      expect(answers.filter(({ body }) => body.code === 'PATIENT_LIMIT_REACHED')).toHaveLength(3);
      expect(await small.db.collection('users').countDocuments({ role: 'PATIENT' })).toBe(2);
      await small.close();
    });
  });

  describe('changed', () => {
    it('by themselves: fields, place, and a merged profile', async () => {
      const patient = await t.actors.asPatient();
      const patch = (fields: object) => patient.patch(`/patients/${patient.id}`, fields);
      const first = await patch({
        nom: 'Dùpont',
        dateNaissance: '1980-02-29',
        sexe: 'femme',
        glycemicPopulation: 'older',
        latitude: 48.85,
        longitude: 2.35,
        profilMedical: { poids: 70.5, prendInsuline: true, allergies: ['a', 'b'], contactUrgence: 'Léa' },
      });
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({
        nom: 'Dùpont',
        sexe: 'FEMME',
        dateNaissance: '1980-02-29T00:00:00.000Z',
        location: { type: 'Point', coordinates: [2.35, 48.85] },
      });
      const second = await patch({ profilMedical: { poids: 0, allergies: ['c'], hypertension: true } });
      expect(second.body.profilMedical).toMatchObject({
        prendInsuline: true,
        allergies: ['c'],
        hypertension: true,
        contactUrgence: 'Léa',
      });
      expect(second.body.profilMedical).not.toHaveProperty('poids');
      const third = await patch({ profilMedical: { contactUrgence: null, allergies: null }, location: null, sexe: '' });
      expect(third.body.profilMedical.allergies).toEqual([]);
      expect(third.body.profilMedical).not.toHaveProperty('contactUrgence');
      for (const key of ['location', 'latitude', 'longitude', 'sexe']) expect(third.body).not.toHaveProperty(key);
      expect(
        (await patch({ latitude: 1, longitude: 2, location: { type: 'Point', coordinates: [9, 9] } })).body,
      ).toMatchObject({ latitude: 1, longitude: 2, location: { coordinates: [2, 1] } });
      expect((await patch({ latitude: 3 })).body).toMatchObject({ latitude: 3, longitude: 2 });
      expect((await patch({ longitude: null })).body.code).toBe('VALIDATION_FAILED');
      expect((await patient.get('/auth/profile')).body.nom).toBe('Dùpont');
    });

    it('within the rules of each field and between fields', async () => {
      const patient = await t.actors.asPatient();
      const patch = (fields: object) => patient.patch(`/patients/${patient.id}`, fields);
      for (const fields of [
        { email: 'x@test.example' },
        { motDePasse: 'a new passphrase' },
        { role: 'ADMIN' },
        { nom: null },
        { timeZone: 'Mars/Base' },
        { groupeSanguin: 'C+' },
        { profilMedical: { taille: 20 } },
        { profilMedical: { dernierHba1c: '7' } },
        { profilMedical: { dateDiagnostic: '2999-01-01' } },
        { profilMedical: { objectifGlycemieMin: 150, objectifGlycemieMax: 150 } },
        { profilMedical: { allergies: Array<string>(51).fill('x') } },
        { profilMedical: { poids: { $gt: 0 } } },
        { profilMedical: [] },
      ])
        expect((await patch(fields)).body.code, JSON.stringify(fields)).toBe('VALIDATION_FAILED');
      expect((await patch({ statutCompte: 'INACTIF' })).body).toMatchObject({
        statusCode: 403,
        code: 'FIELD_NOT_ALLOWED',
      });
      expect((await patch({ statutCompte: 'ACTIF' })).status).toBe(200);
      await patch({ profilMedical: { objectifGlycemieMax: 110 } });
      expect((await patch({ profilMedical: { objectifGlycemieMin: 120 } })).body.code).toBe('VALIDATION_FAILED');
      expect((await patch({ profilMedical: { objectifGlycemieMin: 120, objectifGlycemieMax: 0 } })).status).toBe(200);
    });

    it('by a linked doctor in the clinical fields only, while access is on', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const patch = (fields: object) => doctor.patch(`/patients/${patient.id}`, fields);
      expect((await patch({ typeDiabete: 'TYPE_2', profilMedical: { dernierHba1c: 7.2 } })).body).toMatchObject({
        typeDiabete: 'TYPE_2',
        profilMedical: { dernierHba1c: 7.2 },
      });
      expect((await patch({ nom: patient.nom, groupeSanguin: 'ab-' })).body.groupeSanguin).toBe('AB-');
      for (const fields of [
        { nom: 'Else' },
        { telephone: '1' },
        { latitude: 1, longitude: 1 },
        { timeZone: 'Asia/Tokyo' },
      ])
        expect((await patch(fields)).body.code, JSON.stringify(fields)).toBe('FIELD_NOT_ALLOWED');
      await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
      expect((await patch({ sexe: 'HOMME' })).body).toMatchObject({ statusCode: 403, code: 'ACCESS_DISABLED' });
      await patient.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
      expect((await patch({ sexe: 'HOMME' })).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
      expect((await patient.get(`/patients/${patient.id}`)).body).not.toHaveProperty('sexe');
    });

    it('by nobody else', async () => {
      const patient = await t.actors.asPatient();
      const [other, doctor, pharmacy, admin] = [
        await t.actors.asPatient(),
        await t.actors.asDoctor(),
        await t.actors.asPharmacist(),
        await t.actors.asAdmin(),
      ];
      const patch = async (actor: typeof other) =>
        (await actor.patch(`/patients/${patient.id}`, { nom: 'X' })).body.code;
      expect([await patch(other), await patch(doctor), await patch(pharmacy), await patch(admin)]).toEqual([
        'FORBIDDEN_SPACE',
        'NOT_FOUND',
        'FORBIDDEN_ROLE',
        'FORBIDDEN_ROLE',
      ]);
    });

    it('at once, without losing a change, and never over a newer version', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const keys = [
        'hypertension',
        'ulceres',
        'problemesRenaux',
        'piedDiabetique',
        'prendInsuline',
        'hospitalisationsRecentes',
      ];
      const answers = await parallel(keys.length, (n) =>
        (n % 2 === 0 ? patient : doctor).patch(`/patients/${patient.id}`, { profilMedical: { [keys[n] ?? '']: true } }),
      );
      expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
      const read = await patient.get(`/patients/${patient.id}`);
      for (const key of keys) expect(read.body.profilMedical[key], key).toBe(true);
      const etag = read.headers.get('etag') ?? '';
      const same = await patient.get(`/patients/${patient.id}`, { headers: { 'if-none-match': etag } });
      expect(same.status).toBe(304);
      const stale = { headers: { 'if-match': etag } };
      expect((await patient.patch(`/patients/${patient.id}`, { nom: 'First' }, stale)).status).toBe(200);
      expect((await patient.patch(`/patients/${patient.id}`, { nom: 'Second' }, stale)).body).toMatchObject({
        statusCode: 412,
        code: 'PRECONDITION_FAILED',
      });
    });
  });

  describe('listed', () => {
    it('to a doctor: those with access on, with profile, newest first', async () => {
      const doctor = await t.actors.asDoctor();
      const [zoe, ana, closed] = [
        await t.actors.asPatient({ nom: 'Zoé', prenom: 'Ánna', typeDiabete: 'TYPE_1' }),
        await t.actors.asPatient({ nom: 'álvarez', prenom: 'Ana', typeDiabete: 'TYPE_2' }),
        await t.actors.asPatient({ nom: 'Zoé', prenom: 'Closed' }),
      ];
      for (const patient of [zoe, ana, closed]) await t.actors.link(patient, doctor);
      await closed.patch(`/patients/${closed.id}/doctors/${doctor.id}/access`, { enabled: false });
      await t.actors.asPatient({ nom: 'Zoé', prenom: 'Stranger' });
      const { body } = await doctor.get('/patients');
      expect(body).toMatchObject({ total: 2, page: 1, limit: 10, totalPages: 1 });
      expect(body.data.map(({ _id }: { _id: string }) => _id)).toEqual([ana.id, zoe.id]);
      expect(body.data[0]).toHaveProperty('profilMedical');
      const ids = async (path: string) => {
        const answer = (await doctor.get(path)).body;
        return ((answer.data ?? answer) as { _id: string }[]).map(({ _id }) => _id);
      };
      expect(await ids('/patients?search=ZOE')).toEqual([zoe.id]);
      expect(await ids('/patients?typeDiabete=type_2')).toEqual([ana.id]);
      expect(await ids('/patients?limit=1&page=2')).toEqual([zoe.id]);
      expect(await ids('/patients/by-type/type_1')).toEqual([zoe.id]);
      expect((await doctor.get('/patients/by-type/none')).body.code).toBe('VALIDATION_FAILED');
      expect(await ids('/patients/search/by-name-or-email?query=an')).toEqual([ana.id, zoe.id]);
      expect(await ids(`/patients/search/by-name-or-email?query=${encodeURIComponent('anna zoe')}`)).toEqual([zoe.id]);
      expect(await ids(`/patients/search/by-name-or-email?query=${zoe.email}`)).toEqual([zoe.id]);
      expect((await doctor.get('/patients/search/by-name-or-email')).body.code).toBe('VALIDATION_FAILED');
    });

    it('to an ADMIN all of them, without profiles; to a pharmacy without requests nobody', async () => {
      const [admin, pharmacy, patient] = [
        await t.actors.asAdmin(),
        await t.actors.asPharmacist(),
        await t.actors.asPatient(),
      ];
      const { body } = await admin.get(`/patients?search=${patient.nom}`);
      expect(body.data.map(({ _id }: { _id: string }) => _id)).toEqual([patient.id]);
      expect(body.data[0]).not.toHaveProperty('profilMedical');
      expect((await admin.get(`/patients/search/by-name-or-email?query=${patient.prenom}`)).body).toHaveLength(1);
      expect((await admin.get('/patients/by-type/gestationnel')).body.total).toBe(0);
      expect((await pharmacy.get('/patients')).body).toMatchObject({ data: [], total: 0 });
      expect((await pharmacy.get('/patients/search/by-name-or-email?query=a')).body).toEqual([]);
      expect((await pharmacy.get('/patients/by-type/type_1')).body.code).toBe('FORBIDDEN_ROLE');
      for (const path of ['/patients', '/patients/by-type/type_1', '/patients/search/by-name-or-email?query=a'])
        expect((await patient.get(path)).body.code).toBe('FORBIDDEN_ROLE');
    });

    it('to a pharmacy: those of requests addressed to it, by name alone', async () => {
      const c = await Counter.open(t);
      const [pharmacy, other] = [c.pharmacy(0), await t.actors.asPharmacist()];
      const later = await t.actors.asPatient({ nom: 'Éluard', prenom: 'Zoé' });
      await later.post('/medication-request', { ...MEDICINE, targetPharmacyIds: [pharmacy.id] });
      // asked twice, and the first request is over: listed once, and still
      for (const id of [await c.request(), await c.request()]) await c.cancel(id);
      const seen = async (path: string) => (await pharmacy.get(path)).body;
      const summary = ({ id, nom, prenom }: typeof later) => ({ _id: id, role: 'PATIENT', nom, prenom });
      const newestFirst = [later, c.patient].map(summary);
      expect(await seen('/patients')).toEqual({ data: newestFirst, total: 2, page: 1, limit: 10, totalPages: 1 });
      expect((await seen('/patients?limit=1&page=2')).data).toEqual(newestFirst.slice(1));
      expect((await seen('/patients?search=ELU')).data).toEqual(newestFirst.slice(0, 1));
      expect(await seen('/patients/search/by-name-or-email?query=zoe%20elu')).toEqual(newestFirst.slice(0, 1));
      expect(await seen(`/patients/search/by-name-or-email?query=${later.email}`)).toEqual([]);
      expect((await seen(`/patients?search=${later.email}`)).data).toEqual([]);
      expect(await seen(`/patients/${later.id}`)).toEqual(summary(later));
      for (const id of [later.id, c.patient.id])
        expect((await other.get(`/patients/${id}`)).body.code).toBe('NOT_FOUND');
      expect((await other.get('/patients')).body.total).toBe(0);
      await later.delete('/users/me', { currentPassword: later.password });
      expect((await seen('/patients')).total).toBe(1);
      expect((await pharmacy.get(`/patients/${later.id}`)).body.code).toBe('NOT_FOUND');
    });
  });

  describe('and their access log', () => {
    it('shows every read by others, also one answered with 304, and every change of access', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const first = await doctor.get(`/patients/${patient.id}`);
      const again = { headers: { 'if-none-match': first.headers.get('etag') ?? '' } };
      expect((await doctor.get(`/patients/${patient.id}`, again)).status).toBe(304);
      await patient.get(`/patients/${patient.id}`);
      await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
      expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(403);
      const { status, body } = await patient.get(`/patients/${patient.id}/access-log`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ total: 2, page: 1, limit: 20 });
      expect(Object.keys(body.data[0]).sort()).toEqual(
        ['_id', 'at', 'actorId', 'actorName', 'actorRole', 'action', 'resource', 'resourceId', 'count'].sort(),
      );
      expect(body.data.map(({ action }: { action: string }) => action)).toEqual(['access.disabled', 'patient.read']);
      expect(body.data[1]).toMatchObject({ actorId: doctor.id, actorRole: 'MEDECIN', count: 2 });
    });

    it('coalesces equal reads of five minutes, and is filtered by actor and time', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      t.clock.freeze('2027-01-10T10:00:00.000Z');
      await t.http.post('/auth/login', { email: doctor.email, motDePasse: doctor.password }).then(({ body }) => {
        doctor.token = body.accessToken;
      });
      await t.http.post('/auth/login', { email: patient.email, motDePasse: patient.password }).then(({ body }) => {
        patient.token = body.accessToken;
      });
      for (const at of ['10:00:00', '10:04:59', '10:05:00']) {
        t.clock.freeze(`2027-01-10T${at}.000Z`);
        await doctor.get(`/patients/${patient.id}`);
      }
      const log = async (query: string) => (await patient.get(`/patients/${patient.id}/access-log${query}`)).body;
      expect((await log('')).data.map(({ count }: { count: number }) => count)).toEqual([1, 2]);
      expect((await log(`?actorId=${NOBODY}`)).total).toBe(0);
      expect((await log('?from=2027-01-10T10:05:00Z')).total).toBe(1);
      expect((await log('?to=2027-01-10T10:04:59Z')).total).toBe(1);
      expect((await log('?limit=1&page=2')).data).toHaveLength(1);
      t.clock.release();
    });

    it('is the patient’s and the ADMIN’s', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const path = `/patients/${patient.id}/access-log`;
      const admin = await t.actors.asAdmin();
      expect((await admin.get(path)).status).toBe(200);
      expect((await admin.get(`/patients/${NOBODY}/access-log`)).status).toBe(404);
      expect((await doctor.get(path)).body.code).toBe('FORBIDDEN_ROLE');
      expect((await (await t.actors.asPatient()).get(path)).body.code).toBe('FORBIDDEN_SPACE');
    });
  });
});
