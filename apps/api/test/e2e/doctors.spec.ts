import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';

const DOCTOR_VIEW = [
  '_id',
  'role',
  'nom',
  'prenom',
  'email',
  'specialite',
  'numeroOrdre',
  'anneesExperience',
  'disponible',
  'timeZone',
  'noteMoyenne',
  'nombreNotes',
  'statutCompte',
  'createdAt',
  'updatedAt',
];

describe('doctors', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  describe('at their own profile', () => {
    it('change the fields of their role and no other', async () => {
      const doctor = await t.actors.asDoctor();
      const patch = (fields: object) => doctor.patch(`/medecins/${doctor.id}`, fields);
      const { status, body } = await patch({
        specialite: 'Diabétologie',
        tarifConsultation: 60.5,
        disponibilite: { lundi: { matin: true } },
        telephone: '+33 1',
        disponible: false,
        abonnementPlateforme: 'pro',
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        specialite: 'Diabétologie',
        tarifConsultation: 60.5,
        disponible: false,
        abonnementPlateforme: 'pro',
        locale: 'en',
        listePatients: [],
        statutCompte: 'ACTIF',
      });
      expect((await patch({ telephone: null, tarifConsultation: '' })).body).not.toHaveProperty('telephone');
      for (const fields of [
        { email: 'x@test.example' },
        { numeroOrdre: '1' },
        { listePatients: [] },
        { role: 'ADMIN' },
        { noteMoyenne: 5 },
        { specialite: null },
        { specialite: '' },
        { anneesExperience: 81 },
        { disponible: 'true' },
        { disponibilite: { a: { b: { c: { d: 1 } } } } },
        { profilMedical: {} },
        { __v: 9 },
      ])
        expect((await patch(fields)).body.code, JSON.stringify(fields)).toBe('VALIDATION_FAILED');
      expect((await patch({ statutCompte: 'SUSPENDU' })).body.code).toBe('FIELD_NOT_ALLOWED');
      expect((await patch({ statutCompte: 'ACTIF' })).status).toBe(200);
      expect((await patch({ motDePasse: 'a new passphrase' })).body.code).toBe('CURRENT_PASSWORD_REQUIRED');
      const wrong = await patch({ motDePasse: 'a new passphrase', currentPassword: 'wrong' });
      expect(wrong.body).toMatchObject({ statusCode: 403, code: 'CURRENT_PASSWORD_WRONG' });
      const changed = await patch({ motDePasse: 'a new passphrase', currentPassword: doctor.password });
      expect(changed.body).toMatchObject({ _id: doctor.id, accessToken: expect.any(String) as string });
      expect((await doctor.get('/auth/profile')).status).toBe(401);
    });

    it('flip their availability, which is no account status', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const toggle = () => doctor.patch(`/medecins/${doctor.id}/toggle-status`);
      const off = await toggle();
      expect([off.status, off.body.isActive, off.body.disponible, off.body.statutCompte]).toEqual([
        200,
        false,
        false,
        'INACTIF',
      ]);
      const status = await doctor.get(`/medecins/${doctor.id}/status`);
      expect(Object.keys(status.body)).toEqual(['_id', 'nom', 'prenom', 'email', 'statutCompte', 'isActive']);
      expect(status.body).toMatchObject({ statutCompte: 'ACTIF', isActive: false });
      expect((await patient.get(`/medecins/${doctor.id}`)).body).toMatchObject({
        disponible: false,
        statutCompte: 'ACTIF',
      });
      expect((await patient.get(`/medecins?search=${doctor.nom}`)).body.total).toBe(1);
      expect((await doctor.get('/auth/profile')).status).toBe(200);
      expect((await toggle()).body).toMatchObject({ isActive: true, statutCompte: 'ACTIF' });
      // An even number at once leaves it as it was: none is lost.
      const flips = await parallel(6, toggle);
      expect(flips.filter(({ body }) => body.isActive === true)).toHaveLength(3);
      expect((await doctor.get(`/medecins/${doctor.id}/status`)).body.isActive).toBe(true);
    });

    it('and at nobody else’s', async () => {
      const [doctor, other, patient, admin] = [
        await t.actors.asDoctor(),
        await t.actors.asDoctor(),
        await t.actors.asPatient(),
        await t.actors.asAdmin(),
      ];
      const at = `/medecins/${doctor.id}`;
      for (const [method, path] of [
        ['PATCH', at],
        ['PATCH', `${at}/toggle-status`],
        ['GET', `${at}/status`],
        ['GET', `${at}/my-patients`],
        ['POST', `${at}/patients/${patient.id}`],
      ] as const) {
        const code = async (token: string) =>
          (await t.http.call(method, path, method === 'GET' ? undefined : {}, { token })).body.code;
        expect(
          [await code(other.token), await code(patient.token), await code(admin.token)],
          `${method} ${path}`,
        ).toEqual(['FORBIDDEN_SPACE', 'FORBIDDEN_ROLE', 'FORBIDDEN_ROLE']);
      }
      expect((await other.delete(at)).body.code).toBe('FORBIDDEN_SPACE');
      expect((await patient.delete(at)).body.code).toBe('FORBIDDEN_ROLE');
    });
  });

  describe('noted by patients', () => {
    it('have exact means, whoever notes at once', async () => {
      const doctor = await t.actors.asDoctor();
      const patients = await parallel(10, () => t.actors.asPatient());
      for (const patient of patients) await t.actors.link(patient, doctor);
      const notes = [5, 4.5, 3.3, 0, 2.7, 5, 1.1, 4.9, 3, 2.2];
      const answers = await Promise.all(
        patients.map((patient, n) => patient.patch(`/medecins/${doctor.id}/note`, { note: notes[n] })),
      );
      expect(answers.map(({ status }) => status)).toEqual(notes.map(() => 200));
      const sum = notes.reduce((total, note) => total + Math.round(note * 10), 0);
      const view = (await doctor.get(`/medecins/${doctor.id}`)).body;
      expect(view).toMatchObject({ nombreNotes: 10, noteMoyenne: Math.round(sum / 10) / 10 });
      const again = await patients[0]?.patch(`/medecins/${doctor.id}/note`, { note: 0 });
      expect(again?.body).toMatchObject({ nombreNotes: 10, noteMoyenne: Math.round((sum - 50) / 10) / 10 });
      expect(Object.keys(again?.body as object).sort()).toEqual([...DOCTOR_VIEW].sort());
      await patients[0]?.delete('/users/me');
      await t.runJob('erasure');
      expect((await doctor.get(`/medecins/${doctor.id}`)).body.nombreNotes).toBe(9);
      expect(await t.app.get(CounterChecks).run()).toEqual([]);
    });

    it('stay equal to a recomputation after any history', async () => {
      const doctor = await t.actors.asDoctor();
      const patients = await parallel(4, () => t.actors.asPatient());
      for (const patient of patients) await t.actors.link(patient, doctor);
      const latest = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 50 })), { maxLength: 6 }),
          async (history) => {
            for (const [who, tenths] of history) {
              await patients[who]?.patch(`/medecins/${doctor.id}/note`, { note: tenths / 10 });
              latest.set(who, tenths);
            }
            const { noteMoyenne, nombreNotes } = (await doctor.get(`/medecins/${doctor.id}`)).body;
            const all = [...latest.values()];
            const mean = all.length === 0 ? 0 : Math.round(all.reduce((a, b) => a + b, 0) / all.length) / 10;
            expect([noteMoyenne, nombreNotes]).toEqual([mean, all.length]);
          },
        ),
        { numRuns: 10 },
      );
    });

    it('over the version that was seen, when that is asked for', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const path = `/medecins/${doctor.id}`;
      const stale = { headers: { 'if-match': (await patient.get(path)).headers.get('etag') ?? '' } };
      expect((await patient.patch(`${path}/note`, { note: 4 }, stale)).status).toBe(200);
      expect((await patient.patch(`${path}/note`, { note: 5 }, stale)).body.code).toBe('PRECONDITION_FAILED');
      expect((await patient.get(path)).body).toMatchObject({ noteMoyenne: 4, nombreNotes: 1 });
    });

    it('only by those who are or were linked, and within the scale', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const note = (value: unknown, id = doctor.id) => patient.patch(`/medecins/${id}/note`, { note: value });
      for (const value of [5.1, -1, 4.55, '4', null, undefined, Number.NaN, { $gt: 0 }])
        expect((await note(value)).body.code, JSON.stringify(value)).toBe('VALIDATION_FAILED');
      await patient.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
      expect((await note(4.5)).status).toBe(200);
      const stranger = await t.actors.asPatient();
      const refused = await stranger.patch(`/medecins/${doctor.id}/note`, { note: 1 });
      expect(refused.body).toMatchObject({ statusCode: 403, code: 'RATING_NOT_ALLOWED' });
      expect((await note(4, NOBODY)).status).toBe(404);
      expect((await note(4, patient.id)).status).toBe(404);
      expect((await doctor.patch(`/medecins/${doctor.id}/note`, { note: 5 })).body.code).toBe('FORBIDDEN_ROLE');
    });
  });

  describe('adding a patient', () => {
    const add = async (doctor: Awaited<ReturnType<typeof t.actors.asDoctor>>, patientId: string) =>
      doctor.post(`/medecins/${doctor.id}/patients/${patientId}`);

    it('alone only ask for consent, once', async () => {
      const [doctor, patient] = [await t.actors.asDoctor(), await t.actors.asPatient()];
      const answers = await parallel(5, () => add(doctor, patient.id));
      for (const { status, body } of answers) {
        expect([status, body.status, body._id]).toEqual([201, 'pending', doctor.id]);
        expect(body.listePatients).toEqual([]);
        expect(typeof body.message).toBe('string');
      }
      expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(404);
      const asked = (await patient.get(`/patients/${patient.id}/pending-doctor-access-requests`)).body;
      expect(asked).toHaveLength(1);
      await t.settle();
      expect((await patient.get('/notifications/unread-count')).body.count).toBe(1);
      await patient.post(`/patients/${patient.id}/doctor-access-requests/${asked[0]._id}/accept`);
      const linked = await add(doctor, patient.id);
      expect(linked.body).toMatchObject({ status: 'active', listePatients: [patient.id] });
    });

    it('take up the patient’s own request', async () => {
      const [doctor, patient] = [await t.actors.asDoctor(), await t.actors.asPatient()];
      await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
      const { body } = await add(doctor, patient.id);
      expect(body).toMatchObject({ status: 'active', listePatients: [patient.id] });
      const [request] = (await patient.get(`/patients/${patient.id}/my-requests`)).body;
      expect(request).toMatchObject({ status: 'accepted', respondedByRole: 'MEDECIN' });
      await t.settle();
      const told = (await patient.get('/notifications')).body.notifications;
      expect(told[0].data.event).toBe('request_accepted');
    });

    it('who does not exist is not found', async () => {
      const [doctor, pharmacy] = [await t.actors.asDoctor(), await t.actors.asPharmacist()];
      for (const id of [NOBODY, doctor.id, pharmacy.id]) expect((await add(doctor, id)).status).toBe(404);
      const response = await doctor.delete(`/medecins/${doctor.id}/patients/${NOBODY}`);
      expect(response.body).toMatchObject({ statusCode: 404, code: 'LINK_NOT_FOUND' });
    });
  });

  describe('with their patients', () => {
    it('see a worklist: searched, counted, paged, in order, without clinical values where access is off', async () => {
      const doctor = await t.actors.asDoctor();
      const people = [
        { nom: 'Zola', prenom: 'émile', typeDiabete: 'TYPE_1', sexe: 'HOMME', dateNaissance: '1980-05-01' },
        { nom: 'álvarez', prenom: 'Ana' },
        { nom: 'Bernard', prenom: 'Luc', typeDiabete: 'TYPE_2', photoProfil: 'data:image/png;base64,iVBORw0KGgo=' },
      ];
      const patients = [];
      for (const person of people) {
        const patient = await t.actors.asPatient(person);
        await t.actors.link(patient, doctor);
        patients.push(patient);
      }
      const [zola, , bernard] = patients;
      await bernard?.patch(`/patients/${bernard.id}/doctors/${doctor.id}/access`, { enabled: false });
      t.clock.freeze('2026-12-01T00:00:00.000Z');
      const list = async (query = '') => (await doctor.get(`/medecins/${doctor.id}/my-patients${query}`)).body;
      const all = await list();
      expect(Object.keys(all).sort()).toEqual(['data', 'limit', 'page', 'statusCounts', 'total', 'totalPages']);
      expect(all.data.map(({ nom }: { nom: string }) => nom)).toEqual(['álvarez', 'Bernard', 'Zola']);
      expect(all.statusCounts).toEqual({ stable: 0, attention: 3, critical: 0 });
      expect(all.data[2]).toEqual({
        _id: zola?.id,
        nom: 'Zola',
        prenom: 'émile',
        initials: 'ÉZ',
        email: zola?.email,
        dateNaissance: '1980-05-01T00:00:00.000Z',
        age: 46,
        sexe: 'HOMME',
        typeDiabete: 'TYPE_1',
        accessEnabled: true,
        status: 'attention',
        riskScore: null,
        lastReading: null,
        lastGlucoseReading: null,
        lastReadingDate: null,
      });
      expect(all.data[1]).toMatchObject({ accessEnabled: false, typeDiabete: null });
      expect(all.data[1]).not.toHaveProperty('photoProfil');
      expect(await list('?search=emile')).toMatchObject({ total: 1, statusCounts: { attention: 1 } });
      expect(await list('?status=critical')).toMatchObject({ data: [], total: 0, statusCounts: { attention: 3 } });
      expect((await list('?status=ATTENTION&limit=2&page=2')).data).toHaveLength(1);
      expect((await list('?status=sick')).code).toBe('VALIDATION_FAILED');
      t.clock.release();
    });
  });
});
