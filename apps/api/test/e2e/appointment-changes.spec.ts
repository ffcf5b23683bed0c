import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('changes of appointments', () => {
  let t: TestApp;
  let patient: TestActor;
  let doctor: TestActor;
  let slots = 0;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: { accessTokenTtlSeconds: (80 * DAY) / 1_000 } } });
    ({ patient, doctor } = await t.actors.linkedPair());
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  function slot(): string {
    slots += 1;
    return new Date(Math.ceil(t.clock.now().getTime() / HOUR) * HOUR + (2 + slots) * DAY).toISOString();
  }

  async function book(by: TestActor = patient, extra: object = {}): Promise<string> {
    const response = await by.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: slot(),
      ...extra,
    });
    expect(response.status, response.text).toBe(201);
    return response.body._id as string;
  }

  const change = (actor: TestActor, id: string, body: object) => actor.patch(`/appointments/${id}`, body);

  it('confirms by the awaited party only', async () => {
    const id = await book();
    const refused = await change(patient, id, { status: 'Confirmed' });
    expect(refused.body).toMatchObject({
      statusCode: 409,
      code: 'ILLEGAL_TRANSITION',
      details: { from: 'Pending', to: 'Confirmed', awaiting: 'MEDECIN' },
    });
    expect((await change(doctor, id, { status: 'confirmed' })).body).toMatchObject({
      status: 'Confirmed',
      awaiting: null,
      patientConfirmedAt: null,
    });
    expect((await change(doctor, id, { status: 'Confirmed' })).status).toBe(200);
    const proposed = await book(doctor);
    const accepted = await change(patient, proposed, { status: 'Confirmed' });
    expect(accepted.body).toMatchObject({ status: 'Confirmed', expiresAt: null });
    expect(accepted.body.patientConfirmedAt).not.toBeNull();
  });

  it('cancels from either side with a reason, and is then closed', async () => {
    const id = await book();
    expect((await change(patient, id, { reason: 'x' })).status).toBe(400);
    const cancelled = await change(patient, id, { status: 'Cancelled', reason: 'travelling' });
    expect(cancelled.body).toMatchObject({
      status: 'Cancelled',
      cancelledBy: 'PATIENT',
      reason: 'travelling',
      awaiting: null,
    });
    expect((await change(doctor, id, { status: 'Confirmed' })).body.code).toBe('ILLEGAL_TRANSITION');
    expect((await change(doctor, id, { notes: 'late' })).body.code).toBe('APPOINTMENT_CLOSED');
    expect((await change(doctor, id, { dateTime: slot() })).body.code).toBe('APPOINTMENT_CLOSED');
    expect((await change(doctor, id, { type: 'Online' })).body.code).toBe('APPOINTMENT_CLOSED');
  });

  it('completes by the doctor, not before its start', async () => {
    const id = await book();
    await change(doctor, id, { status: 'Confirmed' });
    expect((await change(patient, id, { status: 'Completed' })).body).toMatchObject({
      statusCode: 403,
      code: 'FIELD_NOT_ALLOWED',
    });
    expect((await change(doctor, id, { status: 'Completed' })).body.code).toBe('ILLEGAL_TRANSITION');
    t.clock.freeze((await doctor.get(`/appointments/${id}`)).body.dateTime);
    expect((await change(doctor, id, { status: 'Completed', notes: 'done' })).body).toMatchObject({
      status: 'Completed',
      notes: 'done',
    });
    expect((await change(doctor, id, { notes: 'amended' })).body.notes).toBe('amended');
    expect((await change(patient, id, { notes: 'mine' })).body.code).toBe('APPOINTMENT_CLOSED');
    expect((await patient.delete(`/appointments/${id}`)).body.code).toBe('APPOINTMENT_CLOSED');
  });

  it('moves back to Pending and awaits the other side', async () => {
    const id = await book();
    await change(doctor, id, { status: 'Confirmed' });
    const moved = await change(doctor, id, { dateTime: slot() });
    expect(moved.body).toMatchObject({ status: 'Pending', awaiting: 'PATIENT', patientConfirmedAt: null });
    expect(moved.body.expiresAt).not.toBeNull();
    const again = await change(patient, id, { durationMinutes: 60 });
    expect(again.body).toMatchObject({ status: 'Pending', awaiting: 'MEDECIN', expiresAt: null, durationMinutes: 60 });
    expect((await change(patient, id, { dateTime: slot(), status: 'Confirmed' })).status).toBe(400);
    expect((await change(patient, id, { dateTime: '2020-01-01T00:00:00Z' })).body.code).toBe('DATE_IN_PAST');
    const taken = await book();
    const { body } = await patient.get(`/appointments/${taken}`);
    expect((await change(doctor, id, { dateTime: body.dateTime })).body.code).toBe('SLOT_TAKEN');
  });

  it('lets each side change its own fields only', async () => {
    const id = await book(doctor, { type: 'Online', meetingUrl: 'https://meet.example.org/b' });
    expect((await change(patient, id, { meetingUrl: 'https://evil.example.org' })).body.code).toBe('FIELD_NOT_ALLOWED');
    expect((await change(patient, id, { timeZone: 'Asia/Tokyo' })).body.code).toBe('FIELD_NOT_ALLOWED');
    expect((await change(patient, id, { type: 'Physical' })).body).toMatchObject({
      type: 'Physical',
      meetingUrl: null,
    });
    expect((await change(doctor, id, { meetingUrl: 'https://meet.example.org/c' })).status).toBe(400);
    expect(
      (await change(doctor, id, { type: 'Online', meetingUrl: 'https://meet.example.org/c', timeZone: 'Asia/Tokyo' }))
        .body,
    ).toMatchObject({ timeZone: 'Asia/Tokyo', meetingUrl: 'https://meet.example.org/c' });
    await change(patient, id, { status: 'Confirmed' });
    expect((await change(patient, id, { type: 'Physical' })).body.code).toBe('FIELD_NOT_ALLOWED');
    expect((await change(patient, id, { patientId: doctor.id })).body.details).toEqual([
      { field: 'patientId', rule: 'unknown' },
    ]);
  });

  it('expires at once for readers, and for good by the job, which tells both', async () => {
    const id = await book(doctor);
    t.clock.advance(DAY + 1);
    const read = await patient.get(`/appointments/${id}`);
    expect(read.body).toMatchObject({
      status: 'Cancelled',
      cancelledBy: 'SYSTEM',
      reason: 'not confirmed in time',
      awaiting: null,
      expiresAt: null,
    });
    const stored = await t.db
      .collection('appointments')
      .findOne({ status: 'Pending', doctorId: { $exists: true }, expiresAt: { $lt: t.clock.now() } });
    expect(stored).not.toBeNull();
    expect(
      (await patient.get(`/patients/${patient.id}/appointments?status=Pending`)).body.data.map(
        (item: { _id: string }) => item._id,
      ),
    ).not.toContain(id);
    expect(
      (await patient.get(`/patients/${patient.id}/appointments?status=Cancelled`)).body.data.map(
        (item: { _id: string }) => item._id,
      ),
    ).toContain(id);
    expect((await change(patient, id, { status: 'Confirmed' })).body.code).toBe('CONFIRMATION_EXPIRED');
    await t.runJob('appointment-expiry');
    await t.settle();
    expect((await change(patient, id, { status: 'Confirmed' })).body.code).toBe('CONFIRMATION_EXPIRED');
    for (const actor of [patient, doctor]) {
      const { body } = await actor.get('/notifications?type=appointment&limit=100');
      const told = body.notifications.filter(
        (item: { relatedId: string; data: { event: string } }) =>
          item.relatedId === id && item.data.event === 'cancelled',
      );
      expect(told).toHaveLength(1);
      expect(told[0].severity).toBe('warning');
    }
  });

  it('deletes: cancels and hides, frees the slot, tells the other party once', async () => {
    const id = await book();
    const { body: appointment } = await patient.get(`/appointments/${id}`);
    expect((await patient.delete(`/appointments/${id}`)).body).toEqual({ message: 'Appointment deleted successfully' });
    for (const actor of [patient, doctor]) expect((await actor.get(`/appointments/${id}`)).status).toBe(404);
    expect((await patient.delete(`/appointments/${id}`)).status).toBe(404);
    expect(
      (await doctor.get(`/doctors/${doctor.id}/appointments`)).body.data.map((item: { _id: string }) => item._id),
    ).not.toContain(id);
    const again = await patient.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: appointment.dateTime,
    });
    expect(again.status).toBe(201);
    await t.settle();
    const { body } = await doctor.get('/notifications?type=appointment&limit=100');
    expect(
      body.notifications.filter(
        (item: { relatedId: string; data: { event: string } }) =>
          item.relatedId === id && item.data.event === 'deleted',
      ),
    ).toHaveLength(1);
    const cancelled = again.body._id as string;
    await change(patient, cancelled, { status: 'Cancelled' });
    await t.settle();
    const before = (await doctor.get('/notifications/unread-count')).body.count as number;
    await patient.delete(`/appointments/${cancelled}`);
    await t.settle();
    expect((await doctor.get('/notifications/unread-count')).body.count).toBe(before);
  });

  it('ends with the care link: future ones are cancelled by the system, announced once', async () => {
    const { patient: other, doctor: second } = await t.actors.linkedPair();
    const create = await other.post('/appointments', { patientId: other.id, doctorId: second.id, dateTime: slot() });
    await other.delete(`/medecins/${second.id}/patients/${other.id}`);
    await t.settle();
    expect((await other.get(`/appointments/${create.body._id}`)).body).toMatchObject({
      status: 'Cancelled',
      cancelledBy: 'SYSTEM',
      reason: 'care link ended',
    });
    expect((await second.patch(`/appointments/${create.body._id}`, { notes: 'x' })).body.code).toBe(
      'APPOINTMENT_CLOSED',
    );
    expect((await second.delete(`/appointments/${create.body._id}`)).body.code).toBe('APPOINTMENT_CLOSED');
    const { body } = await second.get('/notifications');
    const events = body.notifications.map((item: { data: { event: string; cancelledAppointments?: number } }) => [
      item.data.event,
      item.data.cancelledAppointments,
    ]);
    expect(events).toEqual([
      ['link_ended', 1],
      ['created', undefined],
    ]);
  });
});
