import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { APPOINTMENT_KEYS, HOUR, NOBODY, Pair } from '../support/booking';

const LONG = 'x'.repeat(2_001);

describe('POST /appointments', () => {
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

  const stored = () => t.db.collection('appointments').countDocuments();

  it('answers exactly the keys of the contract, with its defaults', async () => {
    t.clock.freeze('2027-03-01T10:00:00.000Z');
    const pair = await Pair.linked(t);
    const { patient, doctor } = pair;
    const response = await patient.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: '2027-03-05T09:30:00Z',
    });
    expect(response.status).toBe(201);
    expect(Object.keys(response.body).sort()).toEqual(APPOINTMENT_KEYS);
    expect(response.body).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      patientId: patient.id,
      patientName: `${patient.prenom} ${patient.nom}`,
      doctorId: doctor.id,
      doctorName: `Dr. ${doctor.prenom} ${doctor.nom}`,
      specialty: 'Endocrinologie',
      doctorSpecialty: 'Endocrinologie',
      dateTime: '2027-03-05T09:30:00.000Z',
      endTime: '2027-03-05T10:00:00.000Z',
      durationMinutes: 30,
      timeZone: 'UTC',
      type: 'Physical',
      status: 'Pending',
      notes: '',
      reason: null,
      meetingUrl: null,
      createdByRole: 'PATIENT',
      awaiting: 'MEDECIN',
      expiresAt: null,
      patientConfirmedAt: null,
      cancelledBy: null,
      createdAt: '2027-03-01T10:00:00.000Z',
      updatedAt: '2027-03-01T10:00:00.000Z',
    });
    expect((await pair.get(doctor, response.body._id)).body).toEqual(response.body);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('takes every field of the body, whatever the case of enums and ids', async () => {
    const pair = await Pair.linked(t);
    const body = await pair.book(pair.doctor, {
      patientId: pair.patient.id.toUpperCase(),
      doctorId: pair.doctor.id.toUpperCase(),
      type: 'ONLINE',
      notes: '  Bilan annuel\nà jeun  ',
      durationMinutes: 240,
      meetingUrl: 'https://meet.example.org/room?id=1',
      timeZone: 'Africa/Tunis',
    });
    expect(body).toMatchObject({
      patientId: pair.patient.id,
      doctorId: pair.doctor.id,
      type: 'Online',
      notes: 'Bilan annuel\nà jeun',
      durationMinutes: 240,
      meetingUrl: 'https://meet.example.org/room?id=1',
      timeZone: 'Africa/Tunis',
      createdByRole: 'MEDECIN',
      awaiting: 'PATIENT',
    });
    const empty = await pair.book(pair.patient, { notes: '', meetingUrl: '', timeZone: '' });
    expect(empty).toMatchObject({ notes: '', meetingUrl: null, timeZone: 'UTC' });
  });

  it('shows times in the doctor’s zone unless another is given', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'Asia/Tokyo' });
    const doctor = await t.actors.asDoctor({ timeZone: 'Europe/Paris' });
    await t.actors.link(patient, doctor);
    const pair = new Pair(t, patient, doctor);
    expect((await pair.book()).timeZone).toBe('Europe/Paris');
    expect((await pair.book(patient, { timeZone: 'Asia/Tokyo' })).timeZone).toBe('Asia/Tokyo');
  });

  it('gives the patient 24 hours to confirm what a doctor proposes, or until the start', async () => {
    t.clock.freeze('2027-03-01T10:00:00.000Z');
    const pair = await Pair.linked(t);
    const book = (dateTime: string) => pair.book(pair.doctor, { dateTime });
    expect((await book('2027-03-03T08:00:00Z')).expiresAt).toBe('2027-03-02T10:00:00.000Z');
    expect((await book('2027-03-01T11:15:00Z')).expiresAt).toBe('2027-03-01T11:15:00.000Z');
    expect((await pair.book(pair.patient, { dateTime: '2027-03-04T08:00:00Z' })).expiresAt).toBeNull();
  });

  it('reads dates with and without offset and cuts below milliseconds', async () => {
    t.clock.freeze('2027-03-01T10:00:00.000Z');
    const pair = await Pair.linked(t);
    for (const [sent, kept] of [
      ['2027-03-05T09:30:00', '2027-03-05T09:30:00.000Z'],
      ['2027-03-06T09:30:00+01:00', '2027-03-06T08:30:00.000Z'],
      ['2027-03-07T09:30:00.123456Z', '2027-03-07T09:30:00.123Z'],
      ['2027-03-08', '2027-03-08T00:00:00.000Z'],
    ] as const) {
      expect((await pair.book(pair.patient, { dateTime: sent })).dateTime).toBe(kept);
    }
  });

  it.each([
    ['patientId', { patientId: undefined }],
    ['patientId', { patientId: 'abc' }],
    ['patientId', { patientId: { $gt: '' } }],
    ['doctorId', { doctorId: undefined }],
    ['doctorId', { doctorId: 5 }],
    ['dateTime', { dateTime: undefined }],
    ['dateTime', { dateTime: 'tomorrow' }],
    ['dateTime', { dateTime: '2027-02-30T10:00:00Z' }],
    ['dateTime', { dateTime: 1_800_000_000_000 }],
    ['type', { type: 'Phone' }],
    ['notes', { notes: LONG }],
    ['notes', { notes: ['a'] }],
    ['durationMinutes', { durationMinutes: 4 }],
    ['durationMinutes', { durationMinutes: 241 }],
    ['durationMinutes', { durationMinutes: 30.5 }],
    ['durationMinutes', { durationMinutes: '30' }],
    ['meetingUrl', { type: 'Online', meetingUrl: 'http://meet.example.org' }],
    ['meetingUrl', { type: 'Online', meetingUrl: 'javascript:alert(1)' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['status', { status: 'Confirmed' }],
    ['createdByRole', { createdByRole: 'PATIENT' }],
  ])('refuses a wrong %s (case %#)', async (field, fields) => {
    const pair = await Pair.linked(t);
    const before = await stored();
    const { status, body } = await pair.request(pair.doctor, fields);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.details.map((detail: { field: string }) => detail.field)).toEqual([field]);
    expect(body.message[0].startsWith(field)).toBe(true);
    expect(await stored()).toBe(before);
  });

  it('keeps a meeting address for doctors and Online appointments', async () => {
    const pair = await Pair.linked(t);
    const meetingUrl = 'https://meet.example.org/a';
    for (const [by, type] of [
      [pair.patient, 'Online'],
      [pair.patient, 'Physical'],
      [pair.doctor, 'Physical'],
      [pair.doctor, undefined],
    ] as const) {
      const { status, body } = await pair.request(by, { meetingUrl, ...(type === undefined ? {} : { type }) });
      expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    }
    expect((await pair.request(pair.doctor, { meetingUrl, type: 'Online' })).status).toBe(201);
  });

  it('bounds the start: after now, at most two years ahead', async () => {
    t.clock.freeze('2027-03-01T10:00:00.000Z');
    const pair = await Pair.linked(t);
    const answer = async (dateTime: string) => {
      const { status, body } = await pair.request(pair.patient, { dateTime });
      return [status, body.code];
    };
    expect(await answer('2027-03-01T10:00:00.000Z')).toEqual([400, 'DATE_IN_PAST']);
    expect(await answer('2027-03-01T09:59:59.999Z')).toEqual([400, 'DATE_IN_PAST']);
    expect(await answer('2027-03-01T10:00:00.001Z')).toEqual([201, undefined]);
    expect(await answer('2029-03-01T10:00:00.001Z')).toEqual([400, 'DATE_TOO_FAR']);
    expect(await answer('2029-03-01T10:00:00.000Z')).toEqual([201, undefined]);
  });

  it('refuses in the order shape, identity, dates, relation, limits', async () => {
    const pair = await Pair.linked(t);
    const stranger = await t.actors.asPatient();
    const taken = await pair.book();
    const past = new Date(t.clock.now().getTime() - HOUR).toISOString();
    const code = async (fields: object) => {
      const { body } = await stranger.post('/appointments', {
        patientId: pair.patient.id,
        doctorId: pair.doctor.id,
        dateTime: past,
        ...fields,
      });
      return body.code as string;
    };
    expect(await code({ durationMinutes: 4 })).toBe('VALIDATION_FAILED');
    expect(await code({})).toBe('IDENTITY_MISMATCH');
    expect(await code({ patientId: stranger.id })).toBe('DATE_IN_PAST');
    expect(await code({ patientId: stranger.id, dateTime: taken.dateTime })).toBe('NO_CARE_RELATION');
    await t.actors.link(stranger, pair.doctor);
    expect(await code({ patientId: stranger.id, dateTime: taken.dateTime })).toBe('SLOT_TAKEN');
  });

  it('speaks for the caller only', async () => {
    const pair = await Pair.linked(t);
    const [otherPatient, otherDoctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
    for (const [by, fields] of [
      [pair.patient, { patientId: otherPatient.id }],
      [pair.doctor, { doctorId: otherDoctor.id }],
      [otherDoctor, {}],
    ] as const) {
      const { status, body } = await pair.request(by, fields);
      expect([status, body.code]).toEqual([403, 'IDENTITY_MISMATCH']);
    }
    for (const actor of [await t.actors.asPharmacist(), await t.actors.asAdmin()]) {
      const { status, body } = await pair.request(actor);
      expect([status, body.code]).toEqual([403, 'FORBIDDEN_ROLE']);
    }
    expect((await t.http.post('/appointments', {})).body.code).toBe('UNAUTHENTICATED');
  });

  it('needs a link, and answers the same for people who do not exist', async () => {
    const pair = await Pair.linked(t);
    const [strangePatient, strangeDoctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
    const answers = [
      await pair.request(pair.patient, { doctorId: strangeDoctor.id }),
      await pair.request(pair.patient, { doctorId: NOBODY }),
      await pair.request(pair.patient, { doctorId: strangePatient.id }),
      await pair.request(pair.doctor, { patientId: strangePatient.id }),
      await pair.request(pair.doctor, { patientId: NOBODY }),
    ];
    for (const { status, body } of answers) expect([status, body.code]).toEqual([403, 'NO_CARE_RELATION']);
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, requestId: '' }))).size).toBe(1);
  });

  it('needs access for the doctor, not for the patient', async () => {
    const pair = await Pair.linked(t);
    const path = `/patients/${pair.patient.id}/doctors/${pair.doctor.id}/access`;
    await pair.patient.patch(path, { enabled: false });
    expect((await pair.request(pair.doctor)).body.code).toBe('NO_CARE_RELATION');
    expect((await pair.request(pair.patient)).status).toBe(201);
    await pair.patient.patch(path, { enabled: true });
    expect((await pair.request(pair.doctor)).status).toBe(201);
    await pair.patient.delete(`/medecins/${pair.doctor.id}/patients/${pair.patient.id}`);
    for (const actor of [pair.patient, pair.doctor])
      expect((await pair.request(actor)).body.code).toBe('NO_CARE_RELATION');
  });

  it('tells the other party, once, and nobody else', async () => {
    const pair = await Pair.linked(t);
    const stranger = await t.actors.asDoctor();
    for (const [by, other] of [
      [pair.patient, pair.doctor],
      [pair.doctor, pair.patient],
    ] as const) {
      const { _id } = await pair.book(by);
      expect(await pair.told(other, _id)).toEqual([
        {
          event: 'created',
          severity: 'info',
          relatedId: _id,
          data: expect.objectContaining({
            event: 'created',
            appointmentId: _id,
            patientId: pair.patient.id,
            doctorId: pair.doctor.id,
          }) as Record<string, unknown>,
        },
      ]);
      for (const actor of [by, stranger]) expect(await pair.events(actor, _id)).toEqual([]);
    }
    const refused = await pair.request(pair.patient, { dateTime: '2020-01-01T00:00:00Z' });
    expect(refused.status).toBe(400);
    await t.settle();
    expect((await pair.doctor.get('/notifications?type=appointment')).body.notifications).toHaveLength(1);
  });
});
