import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const KEYS = [
  '_id',
  'patientId',
  'patientName',
  'doctorId',
  'doctorName',
  'specialty',
  'doctorSpecialty',
  'dateTime',
  'endTime',
  'durationMinutes',
  'timeZone',
  'type',
  'status',
  'notes',
  'reason',
  'meetingUrl',
  'createdByRole',
  'awaiting',
  'expiresAt',
  'patientConfirmedAt',
  'cancelledBy',
  'createdAt',
  'updatedAt',
];

describe('appointments', () => {
  let t: TestApp;
  let slots = 0;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  /** A start that no other test uses: an hour of its own, two days apart. */
  function freeSlot(): string {
    slots += 1;
    return new Date(Math.ceil(t.clock.now().getTime() / HOUR) * HOUR + slots * 2 * DAY).toISOString();
  }

  async function pair(): Promise<{ patient: TestActor; doctor: TestActor }> {
    return t.actors.linkedPair();
  }

  async function booked(by: TestActor, patient: TestActor, doctor: TestActor, extra: object = {}) {
    const response = await by.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: freeSlot(),
      ...extra,
    });
    expect(response.status, response.text).toBe(201);
    return response.body;
  }

  describe('create', () => {
    it('answers every key, Pending and awaiting the other side', async () => {
      const { patient, doctor } = await pair();
      const byPatient = await booked(patient, patient, doctor, {
        type: 'online',
        notes: '  Suivi  ',
        durationMinutes: 45,
      });
      expect(Object.keys(byPatient).sort()).toEqual([...KEYS].sort());
      expect(byPatient).toMatchObject({
        status: 'Pending',
        awaiting: 'MEDECIN',
        expiresAt: null,
        createdByRole: 'PATIENT',
        type: 'Online',
        notes: 'Suivi',
        durationMinutes: 45,
        timeZone: 'UTC',
      });
      expect(new Date(byPatient.endTime).getTime() - new Date(byPatient.dateTime).getTime()).toBe(45 * 60_000);
      const byDoctor = await booked(doctor, patient, doctor, {
        type: 'Online',
        meetingUrl: 'https://meet.example.org/a',
      });
      expect(byDoctor).toMatchObject({
        awaiting: 'PATIENT',
        createdByRole: 'MEDECIN',
        meetingUrl: 'https://meet.example.org/a',
      });
      const life = new Date(byDoctor.expiresAt).getTime() - new Date(byDoctor.createdAt).getTime();
      expect(life).toBe(DAY);
    });

    it('refuses in the order of the contract', async () => {
      const { patient, doctor } = await pair();
      const stranger = await t.actors.asPatient();
      const past = new Date(t.clock.now().getTime() - 1).toISOString();
      const body = { patientId: patient.id, doctorId: doctor.id, dateTime: past };
      expect((await patient.post('/appointments', { ...body, durationMinutes: 4 })).body.code).toBe(
        'VALIDATION_FAILED',
      );
      expect((await stranger.post('/appointments', body)).body).toMatchObject({
        statusCode: 403,
        code: 'IDENTITY_MISMATCH',
      });
      expect((await patient.post('/appointments', body)).body).toMatchObject({ statusCode: 400, code: 'DATE_IN_PAST' });
      const far = new Date(t.clock.now().getTime() + 732 * DAY).toISOString();
      expect((await patient.post('/appointments', { ...body, dateTime: far })).body.code).toBe('DATE_TOO_FAR');
      const unlinked = { patientId: stranger.id, doctorId: doctor.id, dateTime: freeSlot() };
      expect((await stranger.post('/appointments', unlinked)).body).toMatchObject({
        statusCode: 403,
        code: 'NO_CARE_RELATION',
      });
      expect(
        (await patient.post('/appointments', { ...body, doctorId: '507f1f77bcf86cd799439012', dateTime: freeSlot() }))
          .body.code,
      ).toBe('NO_CARE_RELATION');
      expect(
        (
          await patient.post('/appointments', {
            ...body,
            dateTime: freeSlot(),
            type: 'Online',
            meetingUrl: 'https://x.example',
          })
        ).status,
      ).toBe(400);
      expect(
        (
          await doctor.post('/appointments', {
            ...body,
            dateTime: freeSlot(),
            type: 'Physical',
            meetingUrl: 'https://x.example',
          })
        ).status,
      ).toBe(400);
      const pharmacist = await t.actors.asPharmacist();
      expect((await pharmacist.post('/appointments', body)).body.code).toBe('FORBIDDEN_ROLE');
    });

    it('lets a doctor book only with access on', async () => {
      const { patient, doctor } = await pair();
      await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
      const body = { patientId: patient.id, doctorId: doctor.id, dateTime: freeSlot() };
      expect((await doctor.post('/appointments', body)).body.code).toBe('NO_CARE_RELATION');
      expect((await patient.post('/appointments', body)).status).toBe(201);
    });

    it('keeps half-open intervals apart and tells whose calendar is taken', async () => {
      const { patient, doctor } = await pair();
      const other = await t.actors.asPatient();
      await t.actors.link(other, doctor);
      const first = await booked(patient, patient, doctor);
      const at = (minutes: number) => new Date(new Date(first.dateTime).getTime() + minutes * 60_000).toISOString();
      const inside = await other.post('/appointments', { patientId: other.id, doctorId: doctor.id, dateTime: at(29) });
      expect(inside.body).toMatchObject({ statusCode: 409, code: 'SLOT_TAKEN', details: { side: 'doctor' } });
      expect(inside.body.details).not.toHaveProperty('conflictingStart');
      const own = await patient.post('/appointments', { patientId: patient.id, doctorId: doctor.id, dateTime: at(10) });
      expect(own.body.details).toEqual({ side: 'patient', conflictingStart: first.dateTime });
      expect(
        (await other.post('/appointments', { patientId: other.id, doctorId: doctor.id, dateTime: at(30) })).status,
      ).toBe(201);
      expect(
        (await other.post('/appointments', { patientId: other.id, doctorId: doctor.id, dateTime: at(-30) })).status,
      ).toBe(201);
    });
  });

  describe('lists', () => {
    it('answers both spellings alike, full appointments in a page of 100', async () => {
      const { patient, doctor } = await pair();
      const one = await booked(patient, patient, doctor);
      const two = await booked(patient, patient, doctor, { type: 'Online' });
      const paths = [
        `/doctors/${doctor.id}/appointments`,
        `/appointments/doctor/${doctor.id}`,
        `/appointments/doctors/${doctor.id}`,
      ];
      for (const path of paths) {
        const { body } = await doctor.get(path);
        expect(body).toMatchObject({ total: 2, page: 1, limit: 100, totalPages: 1 });
        expect(body.data.map((item: { _id: string }) => item._id)).toEqual([two._id, one._id]);
        expect(Object.keys(body.data[0]).sort()).toEqual([...KEYS].sort());
      }
      for (const path of [
        `/patients/${patient.id}/appointments`,
        `/appointments/patient/${patient.id}`,
        `/appointments/patients/${patient.id}`,
      ]) {
        expect((await patient.get(path)).body.total).toBe(2);
      }
      const filtered = await doctor.get(`${paths[0]}?type=online&status=pending,confirmed&sort=asc&limit=1000`);
      expect(filtered.body).toMatchObject({ total: 1, limit: 100 });
      expect((await doctor.get(`${paths[0]}?page=9`)).body).toMatchObject({ data: [], total: 2 });
      for (const bad of [
        'page=0',
        'page=x',
        'status=Open',
        'date=2026-02-30',
        'type=',
        'date=2027-01-01&startDate=2027-01-01',
      ]) {
        expect((await doctor.get(`${paths[0]}?${bad}`)).status, bad).toBe(bad === 'type=' ? 200 : 400);
      }
      const startDate = encodeURIComponent(new Date(t.clock.now().getTime() + HOUR).toISOString());
      expect((await doctor.get(`${paths[0]}?startDate=${startDate}`)).body.data[0]._id).toBe(one._id);
    });

    it('reads days in the doctor’s zone, also the one of 25 hours', async () => {
      const doctor = await t.actors.asDoctor({ timeZone: 'America/Montreal' });
      const patient = await t.actors.asPatient();
      await t.actors.link(patient, doctor);
      // Clocks go back on 2027-11-07: the day runs from 04:00Z to 05:00Z of the next.
      const create = (dateTime: string) =>
        patient.post('/appointments', { patientId: patient.id, doctorId: doctor.id, dateTime });
      for (const instant of [
        '2027-11-07T03:30:00Z',
        '2027-11-07T04:00:00Z',
        '2027-11-08T04:30:00Z',
        '2027-11-08T05:00:00Z',
      ])
        expect((await create(instant)).status).toBe(201);
      for (const [actor, path] of [
        [doctor, `/doctors/${doctor.id}/appointments`],
        [patient, `/patients/${patient.id}/appointments`],
      ] as const) {
        const { body } = await actor.get(`${path}?date=2027-11-07&sort=asc`);
        expect(body.data.map((item: { dateTime: string }) => item.dateTime)).toEqual([
          '2027-11-07T04:00:00.000Z',
          '2027-11-08T04:30:00.000Z',
        ]);
        expect((await actor.get(`${path}?startDate=2027-11-06&endDate=2027-11-07`)).body.total).toBe(3);
      }
    });

    it('shows a linked doctor only the own ones, and nobody else any', async () => {
      const { patient, doctor } = await pair();
      const second = await t.actors.asDoctor();
      await t.actors.link(patient, second);
      await booked(patient, patient, doctor);
      expect((await second.get(`/patients/${patient.id}/appointments`)).body.total).toBe(0);
      expect((await doctor.get(`/patients/${patient.id}/appointments`)).body.total).toBe(1);
      const [strangeDoctor, strangePatient] = await Promise.all([t.actors.asDoctor(), t.actors.asPatient()]);
      expect((await strangeDoctor.get(`/patients/${patient.id}/appointments`)).body.code).toBe('FORBIDDEN_SPACE');
      expect((await strangePatient.get(`/patients/${patient.id}/appointments`)).body.code).toBe('FORBIDDEN_SPACE');
      expect((await strangeDoctor.get(`/doctors/${doctor.id}/appointments`)).body.code).toBe('FORBIDDEN_SPACE');
      await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
      expect((await doctor.get(`/patients/${patient.id}/appointments`)).body.code).toBe('ACCESS_DISABLED');
      expect((await doctor.get(`/doctors/${doctor.id}/appointments`)).body.total).toBe(1);
    });
  });

  describe('one appointment', () => {
    it('is seen by its parties only', async () => {
      const { patient, doctor } = await pair();
      const { _id } = await booked(patient, patient, doctor);
      expect((await doctor.get(`/appointments/${_id.toUpperCase()}`)).body._id).toBe(_id);
      const stranger = await t.actors.asPatient();
      const absent = await stranger.get('/appointments/507f1f77bcf86cd799439011');
      const foreign = await stranger.get(`/appointments/${_id}`);
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' });
      expect((await stranger.patch(`/appointments/${_id}`, { status: 'Cancelled' })).status).toBe(404);
      expect((await stranger.delete(`/appointments/${_id}`)).status).toBe(404);
      expect((await patient.get('/appointments/xyz')).body.code).toBe('INVALID_ID');
    });

    it('carries an ETag: 304 for the same, 412 for a stale change', async () => {
      const { patient, doctor } = await pair();
      const { _id } = await booked(patient, patient, doctor);
      const etag = (await patient.get(`/appointments/${_id}`)).headers.get('etag') ?? '';
      expect((await patient.get(`/appointments/${_id}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
      const changed = await patient.patch(`/appointments/${_id}`, { notes: 'a' }, { headers: { 'if-match': etag } });
      expect(changed.status).toBe(200);
      expect(
        (await patient.patch(`/appointments/${_id}`, { notes: 'b' }, { headers: { 'if-match': etag } })).body.code,
      ).toBe('PRECONDITION_FAILED');
      const fresh = changed.headers.get('etag') ?? '';
      expect(
        (await patient.patch(`/appointments/${_id}`, { notes: 'b' }, { headers: { 'if-match': fresh } })).status,
      ).toBe(200);
    });
  });
});
