import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const REQUEST_KEYS = [
  '_id',
  'patientId',
  'doctorId',
  'status',
  'requestType',
  'requestDate',
  'urgentNote',
  'declineReason',
  'respondedAt',
  'respondedByRole',
  'createdAt',
  'updatedAt',
];

describe('the care team', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { care: { maxPatientsPerDoctor: 2 } } });
  });

  afterAll(async () => {
    await t.close();
  });

  const events = async (actor: TestActor): Promise<string[]> => {
    await t.settle();
    return (await actor.get('/notifications?limit=100')).body.notifications.map(
      (item: { data: { event: string } }) => item.data.event,
    );
  };

  describe('doctors', () => {
    it('are found without regard to case and accents, literally', async () => {
      const patient = await t.actors.asPatient();
      const doctor = await t.actors.asDoctor({
        nom: 'Lefèvre-Ørsted',
        specialite: 'Néphrologie (dialyse)',
        clinique: 'Clinique Éden',
      });
      const ids = async (query: string) =>
        (await patient.get(`/medecins?${query}`)).body.data.map((item: { _id: string }) => item._id) as string[];
      for (const query of [
        'search=LEFEVRE',
        'search=orsted',
        'search=eden',
        'specialite=nephrologie%20(D',
        'specialite=NÉPHRO&disponible=true',
      ]) {
        expect(await ids(query), query).toEqual([doctor.id]);
      }
      expect(await ids('specialite=nephrologie.*dialyse')).toEqual([]);
      expect(await ids('search=lefevre&disponible=false')).toEqual([]);
    });

    it('show the public view to all, the private one to themselves', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const seen = await patient.get(`/medecins/${doctor.id}`);
      expect(seen.body).toMatchObject({ _id: doctor.id, role: 'MEDECIN', email: doctor.email });
      expect(seen.body).not.toHaveProperty('listePatients');
      expect((await doctor.get(`/medecins/${doctor.id}`)).body.listePatients).toEqual([patient.id]);
      expect((await patient.get('/medecins/507f1f77bcf86cd799439011')).status).toBe(404);
      expect((await patient.get(`/medecins/${patient.id}`)).status).toBe(404);
    });

    it('disappear for strangers while not ACTIF', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const [stranger, admin] = await Promise.all([t.actors.asPatient(), t.actors.asAdmin()]);
      await admin.patch(`/users/${doctor.id}`, { statutCompte: 'SUSPENDU' });
      expect((await stranger.get(`/medecins/${doctor.id}`)).status).toBe(404);
      expect((await stranger.get(`/medecins?search=${doctor.nom}`)).body.total).toBe(0);
      expect((await stranger.post(`/patients/${stranger.id}/request-doctor`, { doctorId: doctor.id })).status).toBe(
        404,
      );
      expect((await patient.get(`/medecins/${doctor.id}`)).status).toBe(200);
      expect((await admin.get(`/medecins?search=${doctor.nom}`)).body.total).toBe(1);
    });

    it('are listed for their patients', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const { body } = await patient.get(`/medecins/patient/${patient.id}/my-doctors`);
      expect(body).toMatchObject([
        { _id: doctor.id, role: 'MEDECIN', specialite: 'Endocrinologie', accessEnabled: true },
      ]);
      const stranger = await t.actors.asPatient();
      expect((await stranger.get(`/medecins/patient/${patient.id}/my-doctors`)).body.code).toBe('FORBIDDEN_SPACE');
    });
  });

  describe('patients', () => {
    it('are seen by self, linked doctors and the ADMIN, which is recorded once per five minutes', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const [stranger, other, pharmacist, admin] = await Promise.all([
        t.actors.asDoctor(),
        t.actors.asPatient(),
        t.actors.asPharmacist(),
        t.actors.asAdmin(),
      ]);
      expect((await patient.get(`/patients/${patient.id}`)).body.profilMedical).toMatchObject({
        objectifGlycemieMin: 70,
        allergies: [],
      });
      expect((await doctor.get(`/patients/${patient.id}`)).body.email).toBe(patient.email);
      const { headers } = await doctor.get(`/patients/${patient.id}`);
      expect(
        (await doctor.get(`/patients/${patient.id}`, { headers: { 'if-none-match': headers.get('etag') ?? '' } }))
          .status,
      ).toBe(304);
      expect((await stranger.get(`/patients/${patient.id}`)).status).toBe(404);
      expect((await pharmacist.get(`/patients/${patient.id}`)).status).toBe(404);
      expect((await other.get(`/patients/${patient.id}`)).body.code).toBe('FORBIDDEN_SPACE');
      expect((await admin.get(`/patients/${patient.id}`)).status).toBe(200);
      const recorded = await t.db
        .collection('auditevents')
        .find({ action: 'patient.read', resource: 'patient' })
        .toArray();
      const own = recorded.filter((event) => String(event['patientId']) === patient.id);
      expect(own.reduce((sum, event) => sum + Number(event['count']), 0)).toBe(3);
      expect(own.every((event) => String(event['actorId']) === doctor.id)).toBe(true);
    });
  });

  describe('requests', () => {
    it('are made, listed with the keys of the app, accepted with link and conversation', async () => {
      const [patient, doctor] = await Promise.all([
        t.actors.asPatient({ dateNaissance: '1990-01-01', typeDiabete: 'TYPE_2' }),
        t.actors.asDoctor(),
      ]);
      const made = await patient.post(`/patients/${patient.id}/request-doctor`, {
        doctorId: doctor.id.toUpperCase(),
        urgentNote: 'Need urgent consultation',
      });
      expect(made.status).toBe(201);
      expect(Object.keys(made.body).sort()).toEqual([...REQUEST_KEYS].sort());
      expect(made.body).toMatchObject({
        status: 'pending',
        requestType: 'patient_link',
        declineReason: '',
        respondedAt: null,
        respondedByRole: null,
      });
      expect((await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id })).body.code).toBe(
        'REQUEST_PENDING',
      );
      const { body: list } = await doctor.get(`/doctors/${doctor.id}/patient-requests`);
      expect(list).toMatchObject({ total: 1, page: 1, limit: 100, totalPages: 1 });
      expect(list.requests[0]).toMatchObject({
        patientName: `${patient.prenom} ${patient.nom}`,
        diabetesType: 'TYPE_2',
        hasUrgentNote: true,
        patient: { _id: patient.id, email: patient.email },
      });
      expect(list.requests[0].age).toBeGreaterThan(30);
      const [stranger, otherDoctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
      expect((await otherDoctor.get(`/doctors/${doctor.id}/patient-requests`)).body.code).toBe('FORBIDDEN_SPACE');
      expect(
        (await otherDoctor.post(`/doctors/${otherDoctor.id}/patient-requests/${made.body._id}/accept`)).status,
      ).toBe(404);
      expect((await stranger.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id })).body.code).toBe(
        'FORBIDDEN_SPACE',
      );
      const accepted = await doctor.post(`/doctors/${doctor.id}/patient-requests/${made.body._id}/accept`);
      expect(accepted.body).toMatchObject({
        success: true,
        message: 'Patient request accepted',
        patientId: patient.id,
        requestId: made.body._id,
        status: 'accepted',
        respondedByRole: 'MEDECIN',
      });
      expect((await doctor.post(`/doctors/${doctor.id}/patient-requests/${made.body._id}/decline`)).body.code).toBe(
        'ALREADY_ANSWERED',
      );
      expect((await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id })).body.code).toBe(
        'ALREADY_LINKED',
      );
      expect((await patient.get(`/patients/${patient.id}/conversations`)).body.conversations).toHaveLength(1);
      expect((await patient.get(`/patients/${patient.id}/my-requests`)).body).toMatchObject([
        { _id: made.body._id, doctorId: { _id: doctor.id, specialite: 'Endocrinologie' } },
      ]);
      expect(await events(doctor)).toEqual(['request_created']);
      expect(await events(patient)).toEqual(['request_accepted']);
      const { body } = await doctor.get('/notifications');
      expect(body.notifications[0]).toMatchObject({
        severity: 'warning',
        relatedId: made.body._id,
        type: 'new_request',
        userType: 'doctor',
      });
    });

    it('are declined with a reason under either name', async () => {
      const [patient, doctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
      const { body: request } = await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
      const declined = await doctor.post(`/doctors/${doctor.id}/patient-requests/${request._id}/decline`, {
        declineReason: 'Patient limit reached',
      });
      expect(declined.body).toMatchObject({
        success: true,
        message: 'Patient request declined',
        declineReason: 'Patient limit reached',
      });
      expect(await events(patient)).toEqual(['request_declined']);
    });

    it('stop at the doctor’s limit and stay pending', async () => {
      const doctor = await t.actors.asDoctor();
      for (let index = 0; index < 2; index += 1) await t.actors.link(await t.actors.asPatient(), doctor);
      const patient = await t.actors.asPatient();
      const { body: request } = await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
      expect((await doctor.post(`/doctors/${doctor.id}/patient-requests/${request._id}/accept`)).body.code).toBe(
        'PATIENT_LIMIT_REACHED',
      );
      expect((await doctor.get(`/doctors/${doctor.id}/patient-requests`)).body.total).toBe(1);
    });

    it('are at most 20 at a time', async () => {
      const patient = await t.actors.asPatient();
      const doctors = await Promise.all(Array.from({ length: 21 }, () => t.actors.asDoctor()));
      const answers = [];
      for (const doctor of doctors)
        answers.push((await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id })).status);
      expect(answers).toEqual([...Array.from({ length: 20 }, () => 201), 409]);
    });
  });

  describe('access', () => {
    it('is switched by the patient, at once, recorded and told', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const path = `/patients/${patient.id}/doctors/${doctor.id}`;
      expect((await patient.get(`${path}/access-status`)).body).toEqual({ enabled: true, linked: true });
      expect((await patient.patch(`${path}/access`, { enabled: false })).body).toEqual({
        enabled: false,
        linked: true,
      });
      expect((await doctor.get(`/patients/${patient.id}`)).body.code).toBe('ACCESS_DISABLED');
      expect((await doctor.get(`/doctors/${doctor.id}/patients/${patient.id}/access-status`)).body).toEqual({
        enabled: false,
        linked: true,
      });
      await patient.patch(`${path}/access`, { enabled: false });
      expect(await events(doctor)).toEqual(['access_changed']);
      const { body: requests } = await patient.get(`/patients/${patient.id}/my-requests`);
      expect(requests).toMatchObject([{ requestType: 'access_confirmation', status: 'accepted' }]);
      await patient.patch(`${path}/access`, { enabled: true });
      expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(200);
      const stranger = await t.actors.asDoctor();
      expect(
        (await patient.patch(`/patients/${patient.id}/doctors/${stranger.id}/access`, { enabled: true })).body.code,
      ).toBe('LINK_NOT_FOUND');
      expect((await stranger.get(`/doctors/${stranger.id}/patients/${patient.id}/access-status`)).body).toEqual({
        enabled: false,
        linked: false,
      });
      expect((await patient.patch(`${path}/access`, { enabled: 'false' })).status).toBe(400);
    });

    it('is asked for by a doctor and granted or declined by the patient', async () => {
      const [patient, doctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
      const ask = () => doctor.post(`/doctors/${doctor.id}/patients/${patient.id}/request-access`);
      const first = await ask();
      expect(first.body).toMatchObject({ requestType: 'access_renewal', status: 'pending' });
      expect((await ask()).body.code).toBe('REQUEST_PENDING');
      expect((await patient.get(`/patients/${patient.id}/pending-doctor-access-requests`)).body).toMatchObject([
        { _id: first.body._id, doctorId: { _id: doctor.id } },
      ]);
      const answer = (id: string, what: string) =>
        patient.post(`/patients/${patient.id}/doctor-access-requests/${id}/${what}`, {});
      expect((await answer(first.body._id, 'decline')).body).toMatchObject({ success: true, status: 'declined' });
      expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(404);
      const second = await ask();
      expect((await answer(second.body._id, 'accept')).body).toMatchObject({ success: true, patientId: patient.id });
      expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(200);
      expect((await ask()).body.code).toBe('ACCESS_ALREADY_ENABLED');
      expect(await events(patient)).toEqual(['access_requested', 'access_requested']);
      expect(await events(doctor)).toEqual(['access_accepted', 'access_declined']);
    });

    it('ends with the link, from either side, with what hangs on it', async () => {
      for (const side of ['patient', 'doctor'] as const) {
        const { patient, doctor } = await t.actors.linkedPair();
        const { body: conversation } = await patient.post('/conversations', {
          patientId: patient.id,
          doctorId: doctor.id,
        });
        const [actor, other] = side === 'patient' ? [patient, doctor] : [doctor, patient];
        const stranger = await t.actors.asPatient();
        expect((await stranger.delete(`/medecins/${doctor.id}/patients/${patient.id}`)).body.code).toBe(
          'FORBIDDEN_SPACE',
        );
        const ended = await actor.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
        expect(ended.body._id).toBe(doctor.id);
        expect('listePatients' in ended.body).toBe(side === 'doctor');
        expect((await actor.delete(`/medecins/${doctor.id}/patients/${patient.id}`)).body.code).toBe('LINK_NOT_FOUND');
        expect((await doctor.get(`/patients/${patient.id}`)).status).toBe(404);
        expect((await doctor.get(`/patients/${patient.id}/appointments`)).body.code).toBe('FORBIDDEN_SPACE');
        expect(
          (await patient.post(`/conversations/${conversation._id}/messages`, { content: 'still there?' })).body.code,
        ).toBe('CONVERSATION_CLOSED');
        expect((await patient.get(`/patients/${patient.id}/conversations`)).body.conversations[0].canSend).toBe(false);
        expect(await events(other)).toEqual(['link_ended']);
        expect(await events(actor)).toEqual([]);
      }
    });
  });
});
