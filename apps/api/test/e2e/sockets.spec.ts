import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { Pair, parallel } from '../support/booking';
import { Device } from '../support/device';

describe('sockets', () => {
  let t: TestApp;
  const devices: Device[] = [];

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterEach(() => {
    for (const device of devices.splice(0)) device.close();
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  async function on(actor: TestActor, app: TestApp = t): Promise<Device> {
    const device = await Device.of(app.url, actor);
    devices.push(device);
    return device;
  }

  async function talking(app: TestApp = t) {
    const { patient, doctor } = await app.actors.linkedPair();
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    return { patient, doctor, conversationId: body._id as string };
  }

  describe('open', () => {
    it('for a live access token only', async () => {
      const patient = await t.actors.asPatient();
      const refused = async (token?: string) =>
        Device.connect(t.url, token).then(
          () => 'open',
          (error: unknown) => (error as { data?: unknown }).data,
        );
      expect(await refused()).toEqual({ statusCode: 401, code: 'UNAUTHENTICATED' });
      expect(await refused('nonsense')).toEqual({ statusCode: 401, code: 'TOKEN_INVALID' });
      expect(await refused(patient.refreshToken)).toEqual({ statusCode: 401, code: 'TOKEN_INVALID' });
      await patient.delete('/sessions/current');
      expect(await refused(patient.token)).toEqual({ statusCode: 401, code: 'SESSION_REVOKED' });
    });

    it('by polling, too', async () => {
      const patient = await t.actors.asPatient();
      const device = await Device.of(t.url, patient, { transports: ['polling'] });
      devices.push(device);
      expect((await device.ask('sync', {})).data).toMatchObject({ resync: true, events: [] });
    });

    it('end within a second with their session, on every instance, and say why', async () => {
      const second = await startTestApp({ dbName: t.dbName });
      const patient = await t.actors.asPatient();
      const [here, there] = [await on(patient), await on(patient, second)];
      const from = Date.now();
      await patient.post('/auth/logout');
      for (const device of [here, there]) {
        expect(await device.until('session:revoked')).toEqual([{ reason: 'logout' }]);
        while (device.socket.connected) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(Date.now() - from).toBeLessThan(1_000);
      await second.close();
    });
  });

  describe('show messages', () => {
    it('to the receiver and the other devices of the sender, once, as REST does', async () => {
      const { patient, doctor, conversationId } = await talking();
      const [sending, other, receiving, stranger] = [
        await on(patient),
        await on(patient),
        await on(doctor),
        await on(await t.actors.asPatient()),
      ];
      const clientMessageId = randomUUID();
      const sent = await sending.ask('message:send', { conversationId, content: ' hello ', clientMessageId });
      expect(sent).toMatchObject({ ok: true, data: { content: 'hello', clientMessageId, senderId: patient.id } });
      const [message] = await receiving.until('message:new');
      const { body } = await doctor.get(`/conversations/${conversationId}/messages`);
      // The device has acknowledged it meanwhile, or is about to.
      const undelivered = { deliveredAt: null, updatedAt: null };
      expect({ ...message, ...undelivered }).toEqual({ ...body.messages[0], ...undelivered });
      await other.until('message:new');
      const [updated] = await receiving.until('conversation:updated');
      expect(updated).toMatchObject({ _id: conversationId, unreadCount: 1, lastMessage: 'hello' });
      await receiving.until('notification:new');
      expect(sending.payloads('message:new')).toEqual([]);
      expect((await sending.until('conversation:updated'))[0]).toMatchObject({ unreadCount: 0 });
      expect(stranger.received).toEqual([]);
      const ids = receiving.received.flatMap(({ eventId }) => eventId ?? []);
      expect(ids).toEqual([...ids].sort());
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('sent over REST to all devices of both', async () => {
      const { patient, doctor, conversationId } = await talking();
      const [own, receiving] = [await on(patient), await on(doctor)];
      await patient.post(`/conversations/${conversationId}/messages`, { content: 'by HTTP' });
      expect((await own.until('message:new'))[0].content).toBe('by HTTP');
      expect((await receiving.until('message:new'))[0].content).toBe('by HTTP');
    });

    it('as delivered when a device acknowledges them, and as read', async () => {
      const { patient, doctor, conversationId } = await talking();
      const [sender, silent] = [await on(patient), await on(doctor)];
      silent.acknowledges = false;
      const { data } = await sender.ask('message:send', { conversationId, content: 'one' });
      await silent.until('message:new');
      await t.settle();
      expect(sender.payloads('message:delivered')).toEqual([]);
      const reading = await on(doctor);
      const second = await sender.ask('message:send', { conversationId, content: 'two' });
      const [delivered] = await sender.until('message:delivered');
      expect(delivered).toMatchObject({ conversationId, messageIds: [second.data._id] });
      const read = await reading.ask('message:read', { conversationId });
      expect(read).toEqual({ ok: true, data: { updated: 2 } });
      const [seen] = await sender.until('message:read');
      expect(seen).toMatchObject({ conversationId, readerId: doctor.id });
      expect(new Date(seen.upTo as string).getTime()).not.toBeNaN();
      await silent.until('message:read');
      expect(reading.payloads('message:read')).toEqual([]);
      expect((await reading.until('notification:read'))[0]).toMatchObject({ unreadCount: 0 });
      const { body } = await patient.get(`/conversations/${conversationId}/messages`);
      expect(body.messages.every((message: { isRead: boolean }) => message.isRead)).toBe(true);
      expect(body.messages[0]._id).toBe(data._id);
    });

    it('with the rules and the errors of REST', async () => {
      const { patient, doctor, conversationId } = await talking();
      const [device, stranger] = [await on(patient), await on(await t.actors.asDoctor())];
      const code = async (by: Device, name: string, ...data: unknown[]) => {
        const answer = await by.ask(name, ...data);
        expect(answer.ok).toBe(false);
        expect(Object.keys(answer.error as object)).not.toContain('requestId');
        expect(answer.error).toMatchObject({
          statusCode: expect.any(Number) as number,
          error: expect.any(String) as string,
        });
        return answer.error.code as string;
      };
      expect(await code(device, 'message:send', { conversationId, content: ' ' })).toBe('VALIDATION_FAILED');
      expect(await code(device, 'message:send', { conversationId: 'x', content: 'a' })).toBe('VALIDATION_FAILED');
      expect(await code(device, 'message:send', 'nonsense')).toBe('VALIDATION_FAILED');
      expect(await code(device, 'message:send')).toBe('VALIDATION_FAILED');
      expect(await code(device, 'message:send', { conversationId, content: { $gt: '' } })).toBe('VALIDATION_FAILED');
      expect(await code(device, 'sync', { limit: 0 })).toBe('VALIDATION_FAILED');
      expect(await code(device, 'sync', { from: 4 })).toBe('VALIDATION_FAILED');
      expect(await code(stranger, 'message:send', { conversationId, content: 'a' })).toBe('NOT_FOUND');
      expect(await code(stranger, 'message:read', { conversationId })).toBe('NOT_FOUND');
      expect(await code(stranger, 'typing:start', { conversationId })).toBe('NOT_FOUND');
      await patient.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
      expect(await code(device, 'message:send', { conversationId, content: 'a' })).toBe('CONVERSATION_CLOSED');
      expect(await code(device, 'typing:start', { conversationId })).toBe('CONVERSATION_CLOSED');
    });

    it('one per clientMessageId, whichever way it comes', async () => {
      const { patient, conversationId } = await talking();
      const device = await on(patient);
      const body = { content: 'once', clientMessageId: randomUUID() };
      const [first, again] = [
        await device.ask('message:send', { conversationId, ...body }),
        await patient.post(`/conversations/${conversationId}/messages`, body),
      ];
      expect([again.status, again.body._id]).toEqual([200, first.data._id]);
    });
  });

  describe('show what else happens', () => {
    it('to appointments, to both parties', async () => {
      const pair = await Pair.linked(t);
      const [patient, doctor] = [await on(pair.patient), await on(pair.doctor)];
      const booked = await pair.book();
      const [shown] = await doctor.until('appointment:updated');
      expect(shown).toEqual(booked);
      await patient.until('appointment:updated');
      await pair.patch(pair.doctor, booked._id, { status: 'Confirmed' });
      expect((await patient.until('appointment:updated', 2))[1]).toMatchObject({ status: 'Confirmed' });
      await pair.delete(pair.patient, booked._id);
      expect((await doctor.until('appointment:updated', 3))[2]).toEqual({ _id: booked._id, deleted: true });
    });

    it('to appointments that end with the care link, to both parties, while people are told of the link alone', async () => {
      const pair = await Pair.linked(t);
      const [first, second] = [await pair.book(), await pair.confirmed()];
      await t.settle();
      const [patient, doctor] = [await on(pair.patient), await on(pair.doctor)];
      await pair.doctor.delete(`/medecins/${pair.doctor.id}/patients/${pair.patient.id}`);
      const ids = [first._id, second._id].sort();
      for (const [device, actor] of [
        [patient, pair.patient],
        [doctor, pair.doctor],
      ] as const) {
        const shown = await device.until('appointment:updated', 2);
        expect(shown.map(({ _id }) => _id).sort()).toEqual(ids);
        for (const payload of shown) expect(payload).toEqual((await pair.get(actor, payload._id)).body);
        expect(shown[0]).toMatchObject({ status: 'Cancelled', cancelledBy: 'SYSTEM', reason: 'care link ended' });
        expect(await pair.events(actor, first._id)).not.toContain('cancelled');
      }
    });

    it('to notifications, read one by one and all at once', async () => {
      const [patient, doctor] = [await t.actors.asPatient(), await t.actors.asDoctor()];
      const device = await on(doctor);
      await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
      const [told] = await device.until('notification:new');
      expect(told).toEqual((await doctor.get('/notifications')).body.notifications[0]);
      await doctor.patch(`/notifications/${told._id}/read`);
      expect(await device.until('notification:read')).toEqual([{ _id: told._id, unreadCount: 0 }]);
      await doctor.patch('/notifications/read-all');
      const second = await t.actors.asPatient();
      await second.post(`/patients/${second.id}/request-doctor`, { doctorId: doctor.id });
      await device.until('notification:new', 2);
      await doctor.patch('/notifications/read-all');
      expect((await device.until('notification:read', 2))[1]).toEqual({ all: true, unreadCount: 0 });
    });

    it('while somebody types, and when they forget to stop', async () => {
      const { patient, doctor, conversationId } = await talking();
      const [typist, reader] = [await on(patient), await on(doctor)];
      expect(await typist.ask('typing:start', { conversationId })).toEqual({ ok: true, data: {} });
      expect(await reader.until('typing')).toEqual([
        { conversationId, userId: patient.id, isTyping: true, expiresInMs: 6_000 },
      ]);
      await typist.ask('typing:stop', { conversationId });
      expect((await reader.until('typing', 2))[1].isTyping).toBe(false);
      await typist.ask('typing:start', { conversationId });
      await reader.until('typing', 3);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect((await reader.until('typing', 4))[3].isTyping).toBe(false);
      expect(typist.payloads('typing')).toEqual([]);
    }, 20_000);
  });

  describe('make up for what was missed', () => {
    it('in order, page by page, without a gap or a repeat', async () => {
      const { patient, doctor, conversationId } = await talking();
      const device = await on(doctor);
      const { data: start } = await device.ask('sync', {});
      expect(start).toEqual({ events: [], next: expect.any(String) as string, hasMore: false, resync: true });
      device.close();
      for (let n = 0; n < 7; n += 1)
        await patient.post(`/conversations/${conversationId}/messages`, { content: `missed ${n}` });
      await t.settle();
      const back = await on(doctor);
      const seen: { name: string; payload: { content: string }; eventId: string }[] = [];
      let since = start.next as string;
      for (;;) {
        const { data } = await back.ask('sync', { since, limit: 4 });
        expect(data.resync).toBe(false);
        seen.push(...data.events);
        since = data.next as string;
        if (data.hasMore !== true) break;
        expect(data.events).toHaveLength(4);
      }
      const messages = seen.filter(({ name }) => name === 'message:new');
      expect(messages.map(({ payload }) => payload.content)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `missed ${n}`));
      expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(seen.length);
      expect((await back.ask('sync', { since })).data).toEqual({
        events: [],
        next: since,
        hasMore: false,
        resync: false,
      });
    });

    it('or say that everything must be read again', async () => {
      const { patient, doctor, conversationId } = await talking();
      await patient.post(`/conversations/${conversationId}/messages`, { content: 'a' });
      await patient.post(`/conversations/${conversationId}/messages`, { content: 'b' });
      await t.settle();
      const device = await on(doctor);
      for (const since of ['x', '999999999999', '', undefined, null, 4, { $gt: '' }, ['000000000001'], 'x'.repeat(100)])
        expect((await device.ask('sync', { since })).data, JSON.stringify(since)).toMatchObject({
          resync: true,
          events: [],
        });
      await t.db.collection('realtimeevents').deleteOne({ seq: 1, userId: new mongo.ObjectId(doctor.id) });
      const { data } = await device.ask('sync', { since: '000000000000' });
      expect(data).toMatchObject({ resync: true, events: [] });
      expect((await device.ask('sync', { since: data.next })).data).toMatchObject({ resync: false, events: [] });
    });

    it('under load over two instances: every message once on every device, in order', async () => {
      const second = await startTestApp({ dbName: t.dbName });
      const { patient, doctor, conversationId } = await talking();
      const watching = [await on(doctor), await on(doctor, second), await on(patient, second)];
      const sending = [await on(patient), await on(patient, second)];
      await parallel<unknown>(24, (n) =>
        n % 3 === 0
          ? patient.post(`/conversations/${conversationId}/messages`, { content: `m${n}` })
          : (sending[n % 2] as Device).ask('message:send', { conversationId, content: `m${n}` }),
      );
      const { body } = await doctor.get(`/conversations/${conversationId}/messages?limit=100`);
      const order = body.messages.map((message: { _id: string }) => message._id);
      expect(order).toHaveLength(24);
      for (const device of watching) {
        const got = await device.until('message:new', 24);
        expect(got.map((message: { _id: string }) => message._id)).toEqual(order);
      }
      await second.close();
    });
  });

  describe('keep limits', () => {
    it('of thirty events in ten seconds, and close who does not listen', async () => {
      const patient = await t.actors.asPatient();
      const device = await on(patient);
      const answers = await parallel(32, () => device.ask('sync', {}));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(30);
      expect(answers.at(-1)?.error).toMatchObject({ statusCode: 429, code: 'RATE_LIMITED' });
      expect((await device.ask('sync', {})).error.code).toBe('RATE_LIMITED');
      while (device.socket.connected) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });

  describe('show who is there', () => {
    it('to those who share an open conversation: on arrival, and ten seconds after the last device', async () => {
      const { patient, doctor } = await talking();
      const watcher = await on(doctor);
      const stranger = await on(await t.actors.asPatient());
      const [first, second] = [await on(patient), await on(patient)];
      // Twice when both come at the same moment: as news, and in the list on arrival.
      expect((await watcher.until('presence'))[0]).toEqual({ userId: patient.id, online: true });
      expect((await first.until('presence'))[0]).toEqual({ userId: doctor.id, online: true });
      await second.until('presence');
      first.close();
      second.close();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = watcher.payloads('presence');
      expect(before.every(({ online }) => online === true)).toBe(true);
      t.clock.advance(11_000);
      const gone = (await watcher.until('presence', before.length + 1)).at(-1);
      expect(gone).toMatchObject({ userId: patient.id, online: false });
      expect(new Date(String(gone?.['lastSeenAt'])).getTime()).not.toBeNaN();
      expect(stranger.payloads('presence')).toEqual([]);
    });

    it('over instances, also right after one of them died', async () => {
      const second = await startTestApp({ dbName: t.dbName });
      const { patient, doctor } = await talking();
      const watcher = await on(doctor);
      const device = await on(patient, second);
      // Twice when both come at the same moment: as news, and in the list on arrival.
      expect((await watcher.until('presence'))[0]).toEqual({ userId: patient.id, online: true });
      expect((await device.until('presence'))[0]).toEqual({ userId: doctor.id, online: true });
      // As if it had died: nobody vouches any more for whoever was connected there.
      await second.close();
      t.clock.advance(13_000);
      // The second piece of news of the arrival may come only now.
      let all = watcher.payloads('presence');
      while (all.at(-1)?.online !== false) all = await watcher.until('presence', all.length + 1);
      expect(all.at(-1)).toMatchObject({ userId: patient.id, online: false });
    });
  });
});
