import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import type { TestResponse } from '../support/http';

const DAY = 86_400_000;

function statuses(responses: readonly TestResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of responses) {
    const key = status < 300 ? String(status) : `${status} ${String(body.code)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe('parallel calls', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { care: { maxAppointmentsPerDay: 3 } } });
  });

  afterAll(async () => {
    await t.close();
  });

  it('100 bookings of one slot give exactly one 201', async () => {
    const doctor = await t.actors.asDoctor();
    const patients = await times(4, () => t.actors.asPatient());
    for (const patient of patients) await t.actors.link(patient, doctor);
    const dateTime = new Date(t.clock.now().getTime() + 5 * DAY).toISOString();
    const responses = await times(100, (index) => {
      const patient = patients[index % patients.length] ?? doctor;
      return patient.post('/appointments', { patientId: patient.id, doctorId: doctor.id, dateTime });
    });
    expect(statuses(responses)).toEqual({ '201': 1, '409 SLOT_TAKEN': 99 });
  });

  it('the daily limit holds', async () => {
    const doctor = await t.actors.asDoctor();
    const patients = await times(6, () => t.actors.asPatient());
    for (const patient of patients) await t.actors.link(patient, doctor);
    const noon = new Date(
      `${new Date(t.clock.now().getTime() + 9 * DAY).toISOString().slice(0, 10)}T06:00:00Z`,
    ).getTime();
    const responses = await times(6, (index) => {
      const patient = patients[index] ?? doctor;
      return patient.post('/appointments', {
        patientId: patient.id,
        doctorId: doctor.id,
        dateTime: new Date(noon + index * 3_600_000).toISOString(),
      });
    });
    expect(statuses(responses)).toEqual({ '201': 3, '409 DAY_FULL': 3 });
  });

  it('20 creations of one conversation give one', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const responses = await times(20, (index) =>
      (index % 2 === 0 ? patient : doctor).post('/conversations', { patientId: patient.id, doctorId: doctor.id }),
    );
    expect(statuses(responses)).toEqual({ '200': 19, '201': 1 });
    expect(new Set(responses.map(({ body }) => body._id as string)).size).toBe(1);
  });

  it('50 sends leave exact counters and a strict order', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    const path = `/conversations/${conversation._id}/messages`;
    const responses = await times(50, (index) =>
      (index < 30 ? patient : doctor).post(path, { content: `message ${index}` }),
    );
    expect(statuses(responses)).toEqual({ '201': 50 });
    await t.settle();
    expect((await doctor.get(`/doctors/${doctor.id}/conversations`)).body.conversations[0].unreadCount).toBe(30);
    expect((await patient.get(`/patients/${patient.id}/conversations`)).body.conversations[0].unreadCount).toBe(20);
    const { body } = await doctor.get(`${path}?limit=100`);
    const instants = body.messages.map((message: { timestamp: string }) => message.timestamp);
    expect(new Set(instants).size).toBe(50);
    expect([...instants].sort()).toEqual(instants);
    for (const [actor, count] of [
      [doctor, 30],
      [patient, 20],
    ] as const) {
      const { body: told } = await actor.get('/notifications?type=message');
      expect(told.notifications).toHaveLength(1);
      expect(told.notifications[0].data).toMatchObject({ event: 'message_received', count });
      expect(told.unreadCount).toBe(1);
    }
  });

  it('equal clientMessageIds store one message', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    const body = { content: 'once', clientMessageId: randomUUID() };
    const responses = await times(20, () => patient.post(`/conversations/${conversation._id}/messages`, body));
    expect(statuses(responses)).toEqual({ '200': 19, '201': 1 });
    expect(new Set(responses.map((response) => response.body._id as string)).size).toBe(1);
    expect((await doctor.get(`/doctors/${doctor.id}/conversations`)).body.conversations[0].unreadCount).toBe(1);
  });

  it('accept against decline leaves one outcome', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [patient, doctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
      const { body: request } = await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
      const path = `/doctors/${doctor.id}/patient-requests/${request._id}`;
      const responses = await times(10, (index) => doctor.post(`${path}/${index % 2 === 0 ? 'accept' : 'decline'}`));
      expect(statuses(responses)).toEqual({ '200': 1, '409 ALREADY_ANSWERED': 9 });
      const winner = responses.find(({ status }) => status === 200)?.body.status as string;
      const { body: access } = await patient.get(`/patients/${patient.id}/doctors/${doctor.id}/access-status`);
      expect(access).toEqual(
        winner === 'accepted' ? { enabled: true, linked: true } : { enabled: false, linked: false },
      );
    }
  });

  it('20 equal requests to a doctor give one', async () => {
    const [patient, doctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
    const responses = await times(20, () =>
      patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id }),
    );
    expect(statuses(responses)).toEqual({ '201': 1, '409 REQUEST_PENDING': 19 });
  });

  it('20 guesses of one password are five guesses: the others find the address locked', async () => {
    const patient = await t.actors.asPatient();
    const guess = (n: number) => t.http.post('/auth/login', { email: patient.email, motDePasse: `guess ${n}` });
    expect(statuses(await times(20, guess))).toEqual({ '401 INVALID_CREDENTIALS': 5, '429 LOGIN_LOCKED': 15 });
    const other = await t.actors.asPatient();
    const wrong = (n: number) =>
      other.post('/auth/change-password', { currentPassword: `guess ${n}`, newPassword: 'a new passphrase' });
    expect(statuses(await times(20, wrong))).toEqual({ '403 CURRENT_PASSWORD_WRONG': 5, '429 LOGIN_LOCKED': 15 });
  });

  it('equal requests with one Idempotency-Key act once', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const body = {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: new Date(t.clock.now().getTime() + 12 * DAY).toISOString(),
    };
    const headers = { 'idempotency-key': 'once' };
    const responses = await times(20, () => patient.post('/appointments', body, { headers }));
    const counted = statuses(responses);
    expect((counted['201'] ?? 0) + (counted['409 IDEMPOTENCY_IN_PROGRESS'] ?? 0)).toBe(20);
    expect(
      new Set(responses.filter(({ status }) => status === 201).map((response) => response.body._id as string)).size,
    ).toBe(1);
    const replay = await patient.post('/appointments', body, { headers });
    expect(replay.status).toBe(201);
    expect(replay.headers.get('idempotency-replayed')).toBe('true');
    expect((await patient.get(`/patients/${patient.id}/appointments`)).body.total).toBe(1);
  });
});
