import { createClient, type CursorStore, memoryCursorStore, memoryTokenStore, type TokenStore } from '@diabcare/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY } from '../support/booking';
import { Line } from '../support/line';

type Client = ReturnType<typeof createClient>;

const WAIT_MS = 10_000;

/** What one connection was told, in order. */
class Log {
  readonly entries: { name: string; payload: unknown }[] = [];

  constructor(readonly realtime: ReturnType<Client['realtime']>) {
    const names = ['message:new', 'message:delivered', 'typing', 'synced', 'resync', 'disconnected', 'ended'] as const;
    for (const name of [...names, 'session:revoked', 'error'] as const)
      realtime.on(name, (payload) => this.entries.push({ name, payload }));
  }

  of(name: string) {
    return this.entries.filter((entry) => entry.name === name).map(({ payload }) => payload);
  }

  get messages(): string[] {
    return this.of('message:new').map((payload) => (payload as { content: string }).content);
  }

  async until(name: string, count = 1): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (this.of(name).length < count) {
      if (Date.now() > end) throw new Error(`Waited for ${count} ${name}, got ${JSON.stringify(this.entries)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describe('the events of the typed client', () => {
  let t: TestApp;
  let line: Line;
  const logs: Log[] = [];

  beforeAll(async () => {
    t = await startTestApp();
    line = await Line.to(t.url);
  });

  afterEach(() => {
    for (const { realtime } of logs.splice(0)) realtime.close();
    line.mend();
    t.clock.release();
  });

  afterAll(async () => {
    await line.close();
    await t.close();
  });

  const storeOf = (actor: TestActor): TokenStore =>
    memoryTokenStore({ accessToken: actor.token, refreshToken: actor.refreshToken });

  function clientOf(actor: TestActor, cursors: CursorStore = memoryCursorStore(), baseUrl = line.url): Client {
    return createClient({ baseUrl, tokens: storeOf(actor), cursors, retry: { baseDelayMs: 5 } });
  }

  function listen(client: Client): Log {
    const log = new Log(client.realtime());
    logs.push(log);
    return log;
  }

  async function talking() {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    const conversationId = body._id as string;
    const say = async (content: string): Promise<void> => {
      await patient.post(`/conversations/${conversationId}/messages`, { content });
    };
    await t.settle();
    return { patient, doctor, conversationId, say };
  }

  it('bring messages as they come, acknowledged, and what moves by', async () => {
    const { patient, doctor, conversationId } = await talking();
    const [writing, reading] = [listen(clientOf(patient)), listen(clientOf(doctor))];
    await Promise.all([writing.until('synced'), reading.until('synced')]);
    expect([writing, reading].map((log) => log.of('resync'))).toEqual([[{ first: true }], [{ first: true }]]);
    const sent = await writing.realtime.send('message:send', { conversationId, content: 'Hello' });
    await reading.until('message:new');
    expect(reading.messages).toEqual(['Hello']);
    await writing.until('message:delivered');
    expect(writing.of('message:delivered')).toMatchObject([{ conversationId, messageIds: [sent._id] }]);
    await reading.realtime.send('typing:start', { conversationId });
    await writing.until('typing');
    expect(await reading.realtime.send('message:read', { conversationId })).toEqual({ updated: 1 });
  });

  it('bring in order, and once, what was missed while the line was down', async () => {
    const { doctor, say } = await talking();
    const log = listen(clientOf(doctor));
    await log.until('synced');
    await say('1');
    await log.until('message:new');
    line.cut();
    await log.until('disconnected');
    for (const content of ['2', '3', '4']) await say(content);
    await t.settle();
    line.mend();
    await log.until('synced', 2);
    await say('5');
    await log.until('message:new', 5);
    expect(log.messages).toEqual(['1', '2', '3', '4', '5']);
    expect(log.of('resync')).toHaveLength(1);
  });

  it('bring what was missed while the app was closed, when it keeps its place', async () => {
    const { doctor, say } = await talking();
    const cursors = memoryCursorStore();
    const first = listen(clientOf(doctor, cursors));
    await first.until('synced');
    await say('1');
    await first.until('message:new');
    first.realtime.close();
    await say('2');
    await t.settle();
    const second = listen(clientOf(doctor, cursors));
    await second.until('synced');
    expect([second.messages, second.of('resync')]).toEqual([['2'], []]);
  });

  it('ask for a new reading when the place is none of the server', async () => {
    const { doctor } = await talking();
    const cursors = memoryCursorStore();
    await cursors.write(doctor.id, 'from another server');
    const log = listen(clientOf(doctor, cursors));
    await log.until('synced');
    expect(log.of('resync')).toEqual([{ first: false }]);
    expect(await cursors.read(doctor.id)).toMatch(/^\d{12}$/);
  });

  it('come back with a new token when the old one expired meanwhile', async () => {
    const { doctor } = await talking();
    const client = clientOf(doctor);
    const log = listen(client);
    await log.until('synced');
    line.cut();
    await log.until('disconnected');
    t.clock.advance(8 * DAY);
    line.mend();
    await log.until('synced', 2);
    expect(log.of('ended')).toEqual([]);
    expect((await client.get('/api/auth/profile'))._id).toBe(doctor.id);
  });

  it('end with a session that somebody else has ended, and the client is signed out', async () => {
    const { doctor } = await talking();
    const client = clientOf(doctor);
    const log = listen(client);
    const reasons: string[] = [];
    client.onSignedOut((reason) => reasons.push(reason));
    await log.until('synced');
    await doctor.delete('/sessions/current');
    await log.until('ended');
    expect(log.of('session:revoked')).toEqual([{ reason: 'logout' }]);
    expect([log.of('ended'), reasons]).toEqual([[{ reason: 'SESSION_REVOKED' }], ['SESSION_REVOKED']]);
    expect(await client.userId()).toBeNull();
    const send = log.realtime.send('typing:start', { conversationId: doctor.id });
    await expect(send).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('end when the session ended while the line was down', async () => {
    const { doctor } = await talking();
    const client = clientOf(doctor);
    const log = listen(client);
    await log.until('synced');
    line.cut();
    await log.until('disconnected');
    await doctor.delete('/sessions/current');
    line.mend();
    await log.until('ended');
    expect([log.of('ended'), await client.userId()]).toEqual([[{ reason: 'SESSION_REVOKED' }], null]);
  });

  it('end by signing out, without the words of a revocation', async () => {
    const { doctor } = await talking();
    const client = clientOf(doctor);
    const log = listen(client);
    await log.until('synced');
    await client.signOut();
    await log.until('ended');
    expect([log.of('ended'), log.of('session:revoked')]).toEqual([[{ reason: 'SIGNED_OUT' }], []]);
  });

  it('go on under the session of a new password', async () => {
    const { doctor, say } = await talking();
    const client = clientOf(doctor);
    const log = listen(client);
    await log.until('synced');
    await client.changePassword(doctor.password, 'the-second-password');
    await log.until('synced', 2);
    await say('still here');
    await log.until('message:new');
    expect([log.messages, log.of('ended'), log.of('session:revoked')]).toEqual([['still here'], [], []]);
  });

  it('end at once when nobody is signed in', async () => {
    const client = createClient({ baseUrl: line.url });
    const log = listen(client);
    await log.until('ended');
    expect(log.of('ended')).toEqual([{ reason: 'NOT_SIGNED_IN' }]);
  });

  it('store a message once though its answer was lost', async () => {
    const { patient, doctor, conversationId } = await talking();
    const [writing, reading] = [
      listen(clientOf(patient)),
      listen(clientOf(doctor, memoryCursorStore(), t.url.replace(/\/api$/, ''))),
    ];
    await Promise.all([writing.until('synced'), reading.until('synced')]);
    const sending = writing.realtime.send('message:send', { conversationId, content: 'once' });
    await reading.until('message:new');
    line.cut();
    await writing.until('disconnected');
    line.mend();
    expect(await sending).toMatchObject({ content: 'once' });
    const { body } = await patient.get(`/conversations/${conversationId}/messages`);
    expect(body.messages).toHaveLength(1);
  });

  it('answer what a client event does wrong with the error of REST', async () => {
    const { patient, conversationId } = await talking();
    const log = listen(clientOf(patient));
    await log.until('synced');
    const empty = log.realtime.send('message:send', { conversationId, content: '' });
    await expect(empty).rejects.toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  });
});
