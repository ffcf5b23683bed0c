import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

describe('a patient and a doctor find each other, meet, talk and are notified', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('runs from registration to a read message', async () => {
    const [patient, doctor] = await Promise.all([t.actors.asPatient({ typeDiabete: 'TYPE_1' }), t.actors.asDoctor()]);
    const doctors = await patient.get('/medecins');
    expect(doctors.body.data.map((item: { _id: string }) => item._id)).toContain(doctor.id);

    const request = await patient.post(`/patients/${patient.id}/request-doctor`, {
      doctorId: doctor.id,
      urgentNote: 'soon please',
    });
    expect(request.status).toBe(201);
    const waiting = await doctor.get(`/doctors/${doctor.id}/patient-requests`);
    expect(waiting.body).toMatchObject({
      total: 1,
      requests: [{ _id: request.body._id, hasUrgentNote: true, diabetesType: 'TYPE_1' }],
    });
    const accepted = await doctor.post(`/doctors/${doctor.id}/patient-requests/${request.body._id}/accept`);
    expect(accepted.status).toBe(200);
    expect(accepted.body).toMatchObject({ success: true, message: 'Patient request accepted', patientId: patient.id });

    const dateTime = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const booked = await patient.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime,
      type: 'Online',
      notes: 'Follow-up',
    });
    expect(booked.status).toBe(201);
    const confirmed = await doctor.patch(`/appointments/${booked.body._id}`, { status: 'confirmed' });
    expect(confirmed.body).toMatchObject({
      status: 'Confirmed',
      awaiting: null,
      patientName: `${patient.prenom} ${patient.nom}`,
    });

    const { body: list } = await patient.get(`/patients/${patient.id}/conversations`);
    const [conversation] = list.conversations;
    const sent = await doctor.post(`/conversations/${conversation._id}/messages`, { content: 'Hello $name' });
    expect(sent.status).toBe(201);
    await t.settle();
    const notifications = await patient.get('/notifications');
    expect(notifications.body.notifications.map((item: { data: { event: string } }) => item.data.event)).toEqual([
      'message_received',
      'confirmed',
      'request_accepted',
    ]);
    expect(notifications.body.unreadCount).toBe(3);

    const page = await patient.get(`/conversations/${conversation._id}/messages`);
    expect(page.body.messages).toMatchObject([
      { content: 'Hello $name', senderName: `Dr. ${doctor.prenom} ${doctor.nom}`, isRead: false },
    ]);
    expect((await patient.patch(`/conversations/${conversation._id}/read/${patient.id}`)).body).toEqual({
      success: true,
      updated: 1,
    });
    expect((await patient.get('/notifications/unread-count')).body).toEqual({ count: 2 });
  });
});
