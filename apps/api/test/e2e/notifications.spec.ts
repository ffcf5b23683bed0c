import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const KEYS = [
  '_id',
  'userId',
  'userType',
  'type',
  'title',
  'message',
  'body',
  'data',
  'timestamp',
  'isRead',
  'readAt',
  'relatedId',
  'severity',
  'createdAt',
  'updatedAt',
];

describe('notifications', () => {
  let t: TestApp;
  let doctor: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    doctor = await t.actors.asDoctor({ locale: 'fr' });
    for (let index = 0; index < 7; index += 1) {
      const patient = await t.actors.asPatient();
      await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
    }
    await t.settle();
  });

  afterAll(async () => {
    await t.close();
  });

  it('page by cursor in the owner’s language with exact keys', async () => {
    const first = (await doctor.get('/notifications?limit=3')).body;
    expect(first).toMatchObject({ unreadCount: 7, hasMore: true });
    expect(Object.keys(first.notifications[0]).sort()).toEqual([...KEYS].sort());
    expect(first.notifications[0]).toMatchObject({
      title: 'Nouvelle demande de patient',
      type: 'new_request',
      isRead: false,
      readAt: null,
      userType: 'doctor',
    });
    expect(first.notifications[0].body).toBe(first.notifications[0].message);
    expect(first.nextCursor).toBe(first.notifications[2]._id);
    const seen = new Set<string>(first.notifications.map((item: { _id: string }) => item._id));
    let cursor = first.nextCursor as string | null;
    while (cursor !== null) {
      const page = (await doctor.get(`/notifications?limit=3&before=${cursor}`)).body;
      for (const item of page.notifications) seen.add(item._id as string);
      cursor = page.hasMore === true ? (page.nextCursor as string) : null;
    }
    expect(seen.size).toBe(7);
    const instant = encodeURIComponent(first.notifications[2].timestamp);
    expect((await doctor.get(`/notifications?before=${instant}`)).body.notifications.length).toBeLessThanOrEqual(4);
    expect((await doctor.get('/notifications?before=x')).body.code).toBe('INVALID_CURSOR');
    expect((await doctor.get('/notifications?before=507f1f77bcf86cd799439011')).status).toBe(404);
    expect((await doctor.get('/notifications?type=message,appointment')).body).toEqual({
      notifications: [],
      unreadCount: 7,
      hasMore: false,
      nextCursor: null,
    });
    expect((await doctor.get('/notifications?type=nonsense')).status).toBe(400);
    expect((await doctor.get('/notifications/my-notifications?page=2&limit=5')).body).toHaveLength(2);
  });

  it('are read one by one or all together, by their owner', async () => {
    const [first] = (await doctor.get('/notifications?limit=1')).body.notifications;
    const stranger = await t.actors.asDoctor();
    expect((await stranger.patch(`/notifications/${first._id}/read`)).status).toBe(404);
    for (let time = 0; time < 2; time += 1)
      expect((await doctor.patch(`/notifications/${first._id}/read`)).body).toEqual({
        success: true,
        _id: first._id,
        isRead: true,
      });
    expect((await doctor.get('/notifications/unread-count')).body).toEqual({ count: 6 });
    expect((await doctor.get('/notifications?unreadOnly=TRUE&limit=100')).body.notifications).toHaveLength(6);
    expect((await stranger.get('/notifications')).body.notifications).toEqual([]);
    const answers = await Promise.all([1, 2, 3].map(() => doctor.patch('/notifications/read-all')));
    expect(answers.reduce((sum, { body }) => sum + Number(body.updated), 0)).toBe(6);
    expect((await doctor.get('/notifications/unread-count')).body).toEqual({ count: 0 });
  });

  it('arrive within 200 ms of their cause when idle', async () => {
    const { patient, doctor: other } = await t.actors.linkedPair();
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: other.id });
    await patient.post(`/conversations/${conversation._id}/messages`, { content: 'quick' });
    const until = Date.now() + 200;
    let count = 0;
    while (count === 0 && Date.now() < until)
      count = (await other.get('/notifications/unread-count')).body.count as number;
    expect(count).toBe(1);
  });

  it('start anew once read, and count what they stand for', async () => {
    const { patient, doctor: other } = await t.actors.linkedPair();
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: other.id });
    const send = async (content: string) => {
      await patient.post(`/conversations/${conversation._id}/messages`, { content });
      await t.settle();
    };
    await send('secret one');
    await send('secret two');
    const { body } = await other.get('/notifications?type=message');
    expect(body.notifications).toHaveLength(1);
    expect(body.notifications[0]).toMatchObject({
      message: '2 new messages',
      data: { count: 2, conversationId: conversation._id },
    });
    expect(JSON.stringify(body)).not.toContain('secret');
    await other.patch(`/notifications/${body.notifications[0]._id}/read`);
    await send('three');
    expect(
      (await other.get('/notifications?type=message')).body.notifications.map(
        (item: { data: { count: number } }) => item.data.count,
      ),
    ).toEqual([1, 2]);
  });

  it('keep a year, and the counter with them', async () => {
    const { patient, doctor: other } = await t.actors.linkedPair();
    await patient.patch(`/patients/${patient.id}/doctors/${other.id}/access`, { enabled: false });
    await t.settle();
    await t.db
      .collection('notifications')
      .updateOne({ 'data.event': 'access_changed' }, { $set: { timestamp: new Date(Date.now() - 366 * 86_400_000) } });
    expect((await other.get('/notifications')).body.notifications).toHaveLength(1);
    await t.runJob('notification-retention');
    expect((await other.get('/notifications')).body).toMatchObject({ notifications: [], unreadCount: 0 });
  });
});
