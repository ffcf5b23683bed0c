import { randomUUID } from 'node:crypto';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const CONVERSATION_KEYS = [
  '_id',
  'type',
  'patientId',
  'patientName',
  'typeDiabete',
  'doctorId',
  'doctorName',
  'specialty',
  'pharmacistId',
  'pharmacistName',
  'lastMessage',
  'lastMessageTime',
  'lastSenderId',
  'unreadCount',
  'canSend',
  'patient',
  'doctor',
  'pharmacist',
  'createdAt',
  'updatedAt',
];
const MESSAGE_KEYS = [
  '_id',
  'conversationId',
  'senderId',
  'senderName',
  'receiverId',
  'content',
  'timestamp',
  'isRead',
  'readAt',
  'deliveredAt',
  'createdAt',
  'updatedAt',
];

describe('conversations and messages', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  async function talk(): Promise<{ patient: TestActor; doctor: TestActor; path: string; id: string }> {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    return { patient, doctor, id: body._id as string, path: `/conversations/${body._id}/messages` };
  }

  it('open between people who may talk', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const stranger = await t.actors.asDoctor();
    const body = { patientId: patient.id, doctorId: doctor.id };
    expect((await stranger.post('/conversations', body)).body.code).toBe('IDENTITY_MISMATCH');
    expect((await patient.post('/conversations', { patientId: patient.id })).status).toBe(400);
    expect((await patient.post('/conversations', { ...body, pharmacistId: stranger.id })).status).toBe(400);
    expect((await patient.post('/conversations', { ...body, type: 'pharmacist' })).status).toBe(400);
    expect((await patient.post('/conversations', { patientId: patient.id, doctorId: stranger.id })).body.code).toBe(
      'NO_CARE_RELATION',
    );
    expect(
      (await patient.post('/conversations', { patientId: patient.id, doctorId: '507f1f77bcf86cd799439011' })).status,
    ).toBe(404);
    const opened = await patient.post('/conversations', body);
    expect(opened.status).toBe(201);
    expect(Object.keys(opened.body).sort()).toEqual([...CONVERSATION_KEYS].sort());
    expect(opened.body).toMatchObject({
      lastMessage: '',
      unreadCount: 0,
      canSend: true,
      lastSenderId: null,
      pharmacistId: null,
      lastMessageTime: opened.body.createdAt,
    });
    expect((await doctor.post('/conversations', { ...body, type: 'Doctor' })).status).toBe(200);
    const pharmacist = await t.actors.asPharmacist();
    const counter = await patient.post('/conversations', { patientId: patient.id, pharmacistId: pharmacist.id });
    expect(counter.body).toMatchObject({
      type: 'pharmacist',
      pharmacistName: 'Pharmacie Test',
      doctorId: null,
      doctorName: null,
      specialty: null,
      doctor: null,
    });
    const { body: seen } = await pharmacist.get(`/pharmacists/${pharmacist.id}/conversations`);
    expect(seen).toMatchObject([{ patientId: { _id: patient.id }, pharmacistId: pharmacist.id, typeDiabete: null }]);
    expect(seen[0].patientId).not.toHaveProperty('email');
    const other = await t.actors.asPatient();
    expect(
      (await pharmacist.post('/conversations', { patientId: other.id, pharmacistId: pharmacist.id })).body.code,
    ).toBe('NO_CARE_RELATION');
  });

  it('show the type of diabetes to the patient and to a doctor with access', async () => {
    const patient = await t.actors.asPatient({ typeDiabete: 'TYPE_2' });
    const doctor = await t.actors.asDoctor();
    await t.actors.link(patient, doctor);
    await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    const type = async (actor: TestActor, path: string) =>
      (await actor.get(path)).body.conversations[0].typeDiabete as unknown;
    expect(await type(doctor, `/doctors/${doctor.id}/conversations`)).toBe('TYPE_2');
    await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
    expect(await type(doctor, `/doctors/${doctor.id}/conversations`)).toBeNull();
    expect(await type(patient, `/patients/${patient.id}/conversations`)).toBe('TYPE_2');
  });

  it('carry messages with exact keys, counters and previews', async () => {
    const { patient, doctor, path, id } = await talk();
    const sent = await patient.post(path, {
      content: `  ${'é'.repeat(150)}  `,
      senderId: patient.id,
      receiverId: doctor.id,
    });
    expect(sent.status).toBe(201);
    expect(Object.keys(sent.body).sort()).toEqual([...MESSAGE_KEYS].sort());
    expect(sent.body).toMatchObject({
      conversationId: id,
      senderName: `${patient.prenom} ${patient.nom}`,
      isRead: false,
      readAt: null,
      deliveredAt: null,
      content: 'é'.repeat(150),
    });
    const { body } = await doctor.get(`/doctors/${doctor.id}/conversations`);
    expect(body.conversations[0]).toMatchObject({
      lastMessage: 'é'.repeat(100),
      lastSenderId: patient.id,
      unreadCount: 1,
      lastMessageTime: sent.body.timestamp,
    });
    expect((await patient.get(`/patients/${patient.id}/conversations`)).body.conversations[0].unreadCount).toBe(0);
    expect((await patient.post(path, { content: 'x', senderId: doctor.id })).body).toMatchObject({
      statusCode: 400,
      code: 'PARTICIPANT_MISMATCH',
    });
    for (const content of ['', '   ', 'x'.repeat(4_001), 7, null])
      expect((await patient.post(path, { content })).status).toBe(400);
    expect((await patient.post(path, { content: '😀'.repeat(4_000) })).status).toBe(201);
  });

  it('are hidden from everybody else', async () => {
    const { patient, doctor, path, id } = await talk();
    await doctor.post(path, { content: 'private words' });
    const [strangePatient, strangeDoctor, admin] = await Promise.all([
      t.actors.asPatient(),
      t.actors.asDoctor(),
      t.actors.asAdmin(),
    ]);
    for (const stranger of [strangePatient, strangeDoctor]) {
      expect((await stranger.get(path)).status).toBe(404);
      expect((await stranger.post(path, { content: 'x' })).status).toBe(404);
      expect((await stranger.patch(`/conversations/${id}/read/${stranger.id}`)).status).toBe(404);
      expect((await stranger.patch(`/conversations/${id}/read/${patient.id}`)).body.code).toBe('FORBIDDEN_SPACE');
    }
    expect((await admin.get(path)).body.code).toBe('FORBIDDEN_ROLE');
    expect((await strangePatient.get(`/patients/${patient.id}/conversations`)).body.code).toBe('FORBIDDEN_SPACE');
  });

  it('repeat safely by clientMessageId, also once closed', async () => {
    const { patient, doctor, path } = await talk();
    const body = { content: 'once', clientMessageId: randomUUID() };
    const first = await patient.post(path, body);
    expect([first.status, first.body.clientMessageId]).toEqual([201, body.clientMessageId]);
    const again = await patient.post(path, { ...body, clientMessageId: body.clientMessageId.toUpperCase() });
    expect([again.status, again.body._id]).toEqual([200, first.body._id]);
    expect((await patient.post(path, { ...body, content: 'other' })).body.code).toBe('CLIENT_MESSAGE_ID_REUSED');
    expect((await doctor.post(path, body)).status).toBe(201);
    await patient.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
    expect((await patient.post(path, body)).status).toBe(200);
    expect((await patient.post(path, { content: 'new' })).body.code).toBe('CONVERSATION_CLOSED');
    expect((await patient.get(path)).status).toBe(200);
  });

  it('page by cursor and by number, newest page first, ascending inside', async () => {
    const { patient, doctor, path } = await talk();
    const sent: { _id: string; timestamp: string }[] = [];
    for (let index = 0; index < 12; index += 1)
      sent.push((await (index % 2 === 0 ? patient : doctor).post(path, { content: `m${index}` })).body);
    const contents = (body: { messages: { content: string }[] }) => body.messages.map((message) => message.content);
    const newest = (await patient.get(`${path}?limit=5`)).body;
    expect(contents(newest)).toEqual(['m7', 'm8', 'm9', 'm10', 'm11']);
    expect(newest).toMatchObject({ hasMore: true, nextCursor: sent[7]?._id });
    const older = (await patient.get(`${path}?limit=5&before=${newest.nextCursor}`)).body;
    expect(contents(older)).toEqual(['m2', 'm3', 'm4', 'm5', 'm6']);
    const oldest = (await patient.get(`${path}?limit=5&before=${encodeURIComponent(sent[2]?.timestamp ?? '')}`)).body;
    expect(contents(oldest)).toEqual(['m0', 'm1']);
    expect(oldest.hasMore).toBe(false);
    expect((await patient.get(`${path}?before=${sent[0]?._id}`)).body).toEqual({
      messages: [],
      hasMore: false,
      nextCursor: null,
    });
    const page = (await patient.get(`${path}?page=3&limit=5`)).body;
    expect(contents(page)).toEqual(['m0', 'm1']);
    expect(page).toMatchObject({ total: 12, page: 3, limit: 5, pages: 3, hasMore: false });
    expect((await patient.get(`${path}?page=9`)).body).toMatchObject({ messages: [], total: 12 });
    expect((await patient.get(`${path}?page=1&before=${sent[0]?._id}`)).status).toBe(400);
    expect((await patient.get(`${path}?before=nonsense`)).body.code).toBe('INVALID_CURSOR');
    expect((await patient.get(`${path}?before=507f1f77bcf86cd799439011`)).status).toBe(404);
    expect(contents((await patient.get(`${path}?limit=500`)).body)).toHaveLength(12);
  });

  it('mark as delivered by reading and as read by the mark', async () => {
    const { patient, doctor, path, id } = await talk();
    await patient.post(path, { content: 'one' });
    await patient.post(path, { content: 'two' });
    await t.settle();
    const read = (await doctor.get(path)).body.messages as { deliveredAt: string | null; isRead: boolean }[];
    expect(read.every((message) => message.deliveredAt !== null && !message.isRead)).toBe(true);
    expect((await doctor.get('/notifications/unread-count')).body.count).toBe(1);
    expect((await doctor.patch(`/conversations/${id}/read/${doctor.id}`)).body).toEqual({ success: true, updated: 2 });
    expect((await doctor.patch(`/conversations/${id}/read/${doctor.id}`)).body).toEqual({ success: true, updated: 0 });
    expect((await doctor.get(`/doctors/${doctor.id}/conversations`)).body.conversations[0].unreadCount).toBe(0);
    expect((await doctor.get('/notifications/unread-count')).body.count).toBe(0);
    const own = (await patient.get(path)).body.messages as { isRead: boolean; readAt: string | null }[];
    expect(own.every((message) => message.isRead && message.readAt !== null)).toBe(true);
  });

  it('are marked by one read when there is nothing to mark', async () => {
    const { doctor, id } = await talk();
    await t.settle();
    const asked: string[] = [];
    t.app
      .get<Connection>(getConnectionToken())
      .on('operation-start', ({ collectionName, method }: { collectionName: string; method: string }) => {
        if (/^(conversations|messages|notifications|usercounters)$/.test(collectionName))
          asked.push(`${collectionName}.${method}`);
      });
    expect((await doctor.patch(`/conversations/${id}/read/${doctor.id}`)).body).toEqual({ success: true, updated: 0 });
    expect(asked).toEqual(['conversations.findOne']);
  });
});
