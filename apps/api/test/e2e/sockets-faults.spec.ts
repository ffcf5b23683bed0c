import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RealtimeEvents } from '../../src/platform/realtime';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { parallel } from '../support/booking';
import { type Acknowledgement, Device } from '../support/device';

const EVENTS = ['message:send', 'message:read', 'typing:start', 'typing:stop'] as const;
const ID = '507f1f77bcf86cd799439011';
const CLOSED_MS = 5_000;
const FLOOD = 10_000;

describe('sockets under bad input and faults', () => {
  let t: TestApp;
  let patient: TestActor;
  let other: TestActor;
  const devices: Device[] = [];

  beforeAll(async () => {
    t = await startTestApp();
    [patient, other] = [await t.actors.asPatient(), await t.actors.asPatient()];
  });

  afterEach(() => {
    for (const device of devices.splice(0)) device.close();
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  async function on(actor: TestActor, app: TestApp = t, options: object = {}): Promise<Device> {
    const device = await Device.of(app.url, actor, options);
    devices.push(device);
    return device;
  }

  async function talking(app: TestApp = t) {
    const { patient, doctor } = await app.actors.linkedPair();
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    return { patient, doctor, conversationId: body._id as string };
  }

  async function untilClosed(device: Device): Promise<void> {
    const until = Date.now() + CLOSED_MS;
    while (device.socket.connected) {
      if (Date.now() > until) throw new Error('The socket is still open');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** A packet as no client library would write it, as it goes over the wire. */
  function sendRaw(device: Device, packet: string): void {
    (device.socket.io as unknown as { engine: { write(text: string): void } }).engine.write(packet);
  }

  describe('refuse what is not of the protocol', () => {
    it.each([
      ['no JSON', '2/realtime,["sync",'],
      ['no array', '2/realtime,{"a":1}'],
      ['an empty array', '2/realtime,[]'],
      ['a name that is an object', '2/realtime,[{"a":1}]'],
      ['a name that Socket.IO keeps for itself', '2/realtime,["disconnect"]'],
      ['a name that Node keeps for itself', '2/realtime,["error",{}]'],
      ['an unknown kind of packet', '9/realtime,["sync"]'],
      ['no packet', ''],
      ['attachments that never come', '51-/realtime,["sync",{"_placeholder":true,"num":0}]'],
      ['an impossible attachment', '51-/realtime,["sync",{"_placeholder":true,"num":9}]'],
      ['attachments without a number', '5/realtime,["sync"]'],
      ['an answer to nothing', '3/realtime,999["x"]'],
      ['an answer that is no array', '3/realtime,1{"x":1}'],
      ['a second handshake', '0/realtime,{"token":"x"}'],
      ['an event to a namespace it is not in', '2/other,["sync"]'],
      ['a handshake with the other namespace', '0/other,'],
      ['an error from the client', '4/realtime,{"message":"x"}'],
      ['depth without end', `2/realtime,["sync",${'['.repeat(20_000)}${']'.repeat(20_000)}]`],
    ])('%s: the sender at most is closed, and nobody else notices', async (_name, packet) => {
      const [sender, neighbour] = [await on(patient), await on(other)];
      sendRaw(sender, packet);
      expect(await neighbour.ask('sync', {})).toMatchObject({ ok: true });
      const again = await on(patient);
      expect(await again.ask('sync', {})).toMatchObject({ ok: true });
      expect(neighbour.socket.connected).toBe(true);
    });

    it('a packet beyond the limit, before it is read', async () => {
      const [sender, neighbour] = [await on(patient), await on(other)];
      sender.socket.emit('message:send', { conversationId: ID, content: 'x'.repeat(200_000) });
      await untilClosed(sender);
      expect(await neighbour.ask('sync', {})).toMatchObject({ ok: true });
    });

    it('data of the wrong kind, with the error of REST', async () => {
      const kinds: unknown[] = [null, 0, true, 'text', [], [{}], {}, { conversationId: null }, { conversationId: {} }];
      kinds.push({ conversationId: [ID] }, { conversationId: { $ne: null } }, { conversationId: 'x'.repeat(24) });
      kinds.push(Buffer.from('binary'), { conversationId: Buffer.from(ID) }, JSON.parse('{"__proto__":{"a":1}}'));
      for (const event of EVENTS) {
        const device = await on(patient);
        for (const data of kinds) {
          const { ok, error } = await device.ask(event, data);
          expect([ok, error?.code, error?.statusCode], `${event} ${JSON.stringify(data)}`).toEqual([
            false,
            'VALIDATION_FAILED',
            400,
          ]);
        }
        expect((await device.ask(event)).error.code).toBe('VALIDATION_FAILED');
        expect((await device.ask(event, { conversationId: ID, content: 'a', extra: 1 })).error.code).toBe(
          'VALIDATION_FAILED',
        );
      }
      const device = await on(patient);
      for (const data of [5, 'x', [], { limit: 0 }, { limit: 1.5 }, { limit: '5' }, { since: 'x', limit: {} }])
        expect((await device.ask('sync', data)).error?.code, JSON.stringify(data)).toBe('VALIDATION_FAILED');
      for (const data of [null, { since: {} }, { since: ['1'] }, { since: null }, { limit: 501 }])
        expect((await device.ask('sync', data)).data, JSON.stringify(data)).toMatchObject({ resync: true });
    });

    it('events that nobody knows, like an unknown route; they count like the others', async () => {
      const device = await on(patient);
      for (const name of [
        'nonsense',
        'constructor',
        '__proto__',
        'toString',
        'message:new',
        'session:revoked',
        'wake',
      ]) {
        const { ok, error } = await device.ask(name, { a: 1 });
        expect([ok, error.code, error.statusCode], name).toEqual([false, 'ROUTE_NOT_FOUND', 404]);
      }
      const answers = await parallel(25, () => device.ask('nonsense'));
      expect(answers.map(({ error }) => error.code as string).filter((code) => code === 'RATE_LIMITED')).toHaveLength(
        2,
      );
    });
  });

  describe('go on', () => {
    it('for the others, while one sends ten thousand events: thirty are handled, three are refused, then it is closed', async () => {
      const { patient: sender, doctor, conversationId } = await talking();
      const [flooder, neighbour] = [await on(sender), await on(doctor)];
      const answers: Acknowledgement[] = [];
      for (let n = 0; n < FLOOD; n += 1)
        flooder.socket.emit('message:send', { conversationId, content: `flood ${n}` }, (answer: Acknowledgement) => {
          answers.push(answer);
        });
      let slowestMs = 0;
      for (let n = 0; n < 20; n += 1) {
        const askedAt = performance.now();
        expect(await neighbour.ask('typing:stop', { conversationId })).toMatchObject({ ok: true });
        slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      }
      await untilClosed(flooder);
      await t.settle();
      expect(slowestMs).toBeLessThan(3_000);
      expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(30);
      const refused = answers.filter(({ error }) => error?.code === 'RATE_LIMITED');
      expect(refused.length).toBeGreaterThanOrEqual(1);
      expect(refused.length).toBeLessThanOrEqual(3);
      const { body } = await doctor.get(`/conversations/${conversationId}/messages?limit=100`);
      expect(body.messages.length).toBeLessThanOrEqual(30);
    });

    it('without acknowledgements, in both directions', async () => {
      const { patient: sender, doctor, conversationId } = await talking();
      const [sending, receiving] = [await on(sender), await on(doctor)];
      receiving.acknowledges = false;
      for (let n = 0; n < 5; n += 1) sending.socket.emit('message:send', { conversationId, content: `silent ${n}` });
      sending.socket.emit('typing:start');
      sending.socket.emit('nonsense', 1);
      const shown = await receiving.until('message:new', 5);
      expect(shown.map(({ content }) => content as string)).toEqual([0, 1, 2, 3, 4].map((n) => `silent ${n}`));
      expect(await sending.ask('sync', {})).toMatchObject({ ok: true });
      expect(shown.every(({ deliveredAt }) => deliveredAt === null)).toBe(true);
    });

    it('when the access token ends, as long as the session lives; then not', async () => {
      const app = await startTestApp({ config: { auth: { accessTokenTtlSeconds: 60, refreshTokenTtlSeconds: 600 } } });
      const { patient: sender, doctor, conversationId } = await talking(app);
      const [sending, receiving] = [await on(sender, app), await on(doctor, app)];
      app.clock.advance(61_000);
      const refused = await Device.of(app.url, sender).catch((error: unknown) => error);
      expect(refused).toMatchObject({ data: { statusCode: 401, code: 'TOKEN_EXPIRED' } });
      expect(await sending.ask('message:send', { conversationId, content: 'still here' })).toMatchObject({ ok: true });
      expect((await receiving.until('message:new'))[0].content).toBe('still here');
      app.clock.advance(600_000);
      const untilMs = Date.now() + 7_000;
      while (sending.payloads('session:revoked').length === 0 && Date.now() < untilMs)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(sending.payloads('session:revoked')).toEqual([{ reason: 'expired' }]);
      await untilClosed(sending);
      await app.close();
    }, 40_000);

    it('by polling as by websocket, on two instances', async () => {
      const second = await startTestApp({ dbName: t.dbName });
      const { patient: sender, doctor, conversationId } = await talking();
      const polling = { transports: ['polling'] };
      const [here, there] = [await on(sender, t, polling), await on(doctor, second, polling)];
      const upgrading = await on(doctor, second, { transports: ['polling', 'websocket'] });
      for (let n = 0; n < 20; n += 1)
        expect(await here.ask('message:send', { conversationId, content: `polled ${n}` })).toMatchObject({ ok: true });
      for (const device of [there, upgrading]) {
        const got = await device.until('message:new', 20);
        expect(got.map(({ content }) => content as string)).toEqual(got.map((_, n) => `polled ${n}`));
        expect(got).toHaveLength(20);
      }
      await here.until('message:delivered');
      await there.ask('typing:start', { conversationId });
      expect((await here.until('typing'))[0]).toMatchObject({ userId: doctor.id, isTyping: true });
      expect(await there.ask('message:read', { conversationId })).toEqual({ ok: true, data: { updated: 20 } });
      await here.until('message:read');
      expect((await upgrading.until('message:read'))[0]).toMatchObject({ readerId: doctor.id });
      await second.close();
    });

    it('without a gap between `sync` and what comes live, however slowly a connection begins', async () => {
      const { patient: sender, doctor, conversationId } = await talking();
      const first = await on(doctor);
      const since = (await first.ask('sync', {})).data.next as string;
      first.close();
      const events = t.app.get(RealtimeEvents);
      let begin: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const lastSeq = events.lastSeq.bind(events);
      vi.spyOn(events, 'lastSeq').mockImplementationOnce(async (userId) => {
        await gate;
        return lastSeq(userId);
      });
      const device = await on(doctor);
      const synced = device.ask('sync', { since });
      await sender.post(`/conversations/${conversationId}/messages`, { content: 'in between' });
      await t.settle();
      begin();
      const { data } = await synced;
      const names = [...(data.events as { name: string }[]), ...device.received].map(({ name }) => name);
      expect(names.filter((name) => name === 'message:new')).toHaveLength(1);
    });
  });
});
