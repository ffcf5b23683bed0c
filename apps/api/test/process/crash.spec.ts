import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltServer, ensureServerBuilt } from '../support/built-server';

const ROUNDS = 10;
const WRITES_PER_ROUND = 6;
const TALKERS = 4;
// A dead server's leases run out after 30 s, and what waits behind them is told right after.
const NOTIFIED_MS = 45_000;
const DAY = 86_400_000;

interface Pair {
  readonly patient: { id: string; token: string };
  readonly doctor: { id: string; token: string };
  readonly conversationId: string;
}

interface Acknowledged {
  readonly messages: Map<string, string>;
  readonly appointments: Set<string>;
}

describe('a server that is killed under writes', () => {
  let dataDir: string;
  let server: BuiltServer;
  let slots = 0;

  beforeAll(async () => {
    ensureServerBuilt();
    dataDir = await mkdtemp(join(tmpdir(), 'diabcare-crash-'));
    server = await BuiltServer.start({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  }, 120_000);

  afterAll(async () => {
    await server.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  const call = async (
    method: string,
    path: string,
    token: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await server.http.call(method, path, body, { token, headers, undescribed: true });
    if (response.status >= 300) throw new Error(response.text);
    return response.body;
  };

  async function makePair(index: number): Promise<Pair> {
    const register = async (kind: string, extra: object) => {
      const body = { nom: 'N', prenom: 'P', email: `${kind}${index}@test.example`, motDePasse: 'passphrase', ...extra };
      const { body: answer } = await server.http.post(`/auth/register/${kind}`, body, { undescribed: true });
      return { id: answer.user._id as string, token: answer.accessToken as string };
    };
    const patient = await register('patient', {});
    const doctor = await register('medecin', { specialite: 'Endo', numeroOrdre: String(index) });
    const request = await call('POST', `/patients/${patient.id}/request-doctor`, patient.token, {
      doctorId: doctor.id,
    });
    await call('POST', `/doctors/${doctor.id}/patient-requests/${request._id}/accept`, doctor.token, {});
    const conversation = await call('POST', '/conversations', patient.token, {
      patientId: patient.id,
      doctorId: doctor.id,
    });
    return { patient, doctor, conversationId: conversation._id as string };
  }

  /** Writes until the server is gone; remembers what was acknowledged. */
  async function write(pair: Pair, acknowledged: Acknowledged): Promise<void> {
    for (;;) {
      try {
        const clientMessageId = randomUUID();
        const message = await call('POST', `/conversations/${pair.conversationId}/messages`, pair.patient.token, {
          content: `message ${clientMessageId}`,
          clientMessageId,
        });
        acknowledged.messages.set(clientMessageId, message._id as string);
        slots += 1;
        const dateTime = new Date(Math.ceil(Date.now() / DAY) * DAY + slots * 3_600_000).toISOString();
        const appointment = await call(
          'POST',
          '/appointments',
          pair.patient.token,
          { patientId: pair.patient.id, doctorId: pair.doctor.id, dateTime },
          { 'idempotency-key': randomUUID() },
        );
        acknowledged.appointments.add(appointment._id as string);
      } catch {
        return;
      }
    }
  }

  async function all(path: (cursor: string) => string, token: string, key: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    let cursor = '';
    for (;;) {
      const body = await call('GET', path(cursor), token);
      found.push(...(body[key] as Record<string, unknown>[]));
      if (body.hasMore !== true) return found;
      cursor = `&before=${String(body.nextCursor)}`;
    }
  }

  it('keeps every acknowledged write once, with the notification that belongs to it', async () => {
    const pairs = await Promise.all(Array.from({ length: TALKERS }, (_, index) => makePair(index)));
    const acknowledged: Acknowledged = { messages: new Map(), appointments: new Set() };
    for (let round = 0; round < ROUNDS; round += 1) {
      const writers = pairs.map((pair) => write(pair, acknowledged));
      // A different moment each time, once the round has something to lose: what is cut short is a matter of chance.
      const before = acknowledged.messages.size;
      while (acknowledged.messages.size < before + WRITES_PER_ROUND) await new Promise((wait) => setTimeout(wait, 5));
      await new Promise((wait) => setTimeout(wait, Math.random() * 300));
      await server.end('SIGKILL');
      await Promise.all(writers);
      server = await BuiltServer.start({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
    }
    expect(acknowledged.messages.size).toBeGreaterThanOrEqual(ROUNDS * WRITES_PER_ROUND);
    const stored = new Map<string, string[]>();
    for (const pair of pairs) {
      const messages = await all(
        (cursor) => `/conversations/${pair.conversationId}/messages?limit=100${cursor}`,
        pair.doctor.token,
        'messages',
      );
      for (const message of messages) {
        const id = String(message['clientMessageId']);
        stored.set(id, [...(stored.get(id) ?? []), String(message['_id'])]);
      }
      const { conversations } = await call('GET', `/doctors/${pair.doctor.id}/conversations`, pair.doctor.token);
      expect(conversations[0].unreadCount).toBe(messages.length);
      await expectNotified(pair, messages.length);
    }
    for (const [clientId, id] of acknowledged.messages) expect(stored.get(clientId)).toEqual([id]);
    for (const ids of stored.values()) expect(ids).toHaveLength(1);
  }, 400_000);

  /** One notification per stored appointment, one for all messages; delivered within the lease of the dead server. */
  async function expectNotified(pair: Pair, messages: number): Promise<void> {
    const { data } = await call('GET', `/doctors/${pair.doctor.id}/appointments?limit=100`, pair.doctor.token);
    const appointments = new Set((data as { _id: string }[]).map(({ _id }) => _id));
    const until = Date.now() + NOTIFIED_MS;
    for (;;) {
      const told = await all((cursor) => `/notifications?limit=100${cursor}`, pair.doctor.token, 'notifications');
      const created = told
        .filter((item) => (item['data'] as { event: string }).event === 'created')
        .map((item) => String(item['relatedId']));
      const counted = told
        .filter((item) => item['type'] === 'message')
        .reduce((sum, item) => sum + (item['data'] as { count: number }).count, 0);
      if (created.length >= appointments.size && counted >= messages) {
        expect(new Set(created)).toEqual(appointments);
        expect([created.length, counted]).toEqual([appointments.size, messages]);
        expect((await call('GET', '/notifications/unread-count', pair.doctor.token)).count).toBe(told.length);
        return;
      }
      expect(new Set(created).size).toBe(created.length);
      expect(counted).toBeLessThanOrEqual(messages);
      if (Date.now() > until) {
        expect([new Set(created).size, counted], 'told within the leases of the dead servers').toEqual([
          appointments.size,
          messages,
        ]);
      }
      await new Promise((wait) => setTimeout(wait, 200));
    }
  }
});
