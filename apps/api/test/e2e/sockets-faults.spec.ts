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
      const [patient, other] = await Promise.all([t.actors.asPatient(), t.actors.asPatient()]);
      const [sender, neighbour] = [await on(patient), await on(other)];
      sendRaw(sender, packet);
      expect(await neighbour.ask('sync', {})).toMatchObject({ ok: true });
      const again = await on(patient);
      expect(await again.ask('sync', {})).toMatchObject({ ok: true });
      expect(neighbour.socket.connected).toBe(true);
    });

    it('a packet beyond the limit, before it is read', async () => {
      const [patient, other] = await Promise.all([t.actors.asPatient(), t.actors.asPatient()]);
      const [sender, neighbour] = [await on(patient), await on(other)];
      sender.socket.emit('message:send', { conversationId: ID, content: 'x'.repeat(200_000) });
      await untilClosed(sender);
      expect(await neighbour.ask('sync', {})).toMatchObject({ ok: true });
    });

    it('data of the wrong kind, with the error of REST', async () => {
      const patient = await t.actors.asPatient();
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
      for (const data of [5, 'x', [], { since: {} }, { since: ['1'] }, { limit: 0 }, { limit: 501 }, { limit: '5' }])
        expect((await device.ask('sync', data)).error?.code, JSON.stringify(data)).toBe('VALIDATION_FAILED');
      expect((await device.ask('sync', null)).data).toMatchObject({ resync: true });
    });

    it('events that nobody knows, like an unknown route; they count like the others', async () => {
      const device = await on(await t.actors.asPatient());
      for (const name of ['nonsense', 'constructor', '__proto__', 'toString', 'message:new', 'session:revoked', 'wake']) {
        const { ok, error } = await device.ask(name, { a: 1 });
        expect([ok, error.code, error.statusCode], name).toEqual([false, 'ROUTE_NOT_FOUND', 404]);
      }
      const answers = await parallel(25, () => device.ask('nonsense'));
      expect(answers.map(({ error }) => error.code as string).filter((code) => code === 'RATE_LIMITED')).toHaveLength(2);
    });
  });
});
