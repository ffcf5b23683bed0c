import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createClient, DiabcareError, memoryTokenStore, type Tokens } from '@diabcare/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY } from '../support/booking';

/** Counts calls by method and path, and can lose answers after the server has given them. */
class Wire {
  readonly calls: string[] = [];
  private readonly losses = new Map<string, number>();

  readonly fetch = async (request: Request): Promise<Response> => {
    const call = `${request.method} ${new URL(request.url).pathname}`;
    this.calls.push(call);
    const response = await fetch(request);
    const left = this.losses.get(call) ?? 0;
    if (left === 0) return response;
    this.losses.set(call, left - 1);
    await response.arrayBuffer();
    throw new TypeError('the answer got lost');
  };

  /** The next so many answers to a call get lost on their way. */
  lose(call: string, count: number): void {
    this.losses.set(call, count);
  }

  count(call: string): number {
    return this.calls.filter((seen) => seen === call).length;
  }
}

const tokensOf = (actor: TestActor): Tokens => ({ accessToken: actor.token, refreshToken: actor.refreshToken });

const failure = async (call: Promise<unknown>): Promise<DiabcareError> =>
  call.then(
    () => {
      throw new Error('The call succeeded');
    },
    (error: unknown) => {
      if (!(error instanceof DiabcareError)) throw error;
      return error;
    },
  );

describe('the typed client', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterEach(() => t.clock.release());

  afterAll(async () => {
    await t.close();
  });

  function clientOf(actor: TestActor | null = null, baseUrl = t.url.replace(/\/api$/, '')) {
    const wire = new Wire();
    const tokens = memoryTokenStore(actor === null ? null : tokensOf(actor));
    const client = createClient({ baseUrl, tokens, fetch: wire.fetch, locale: 'en', retry: { baseDelayMs: 5 } });
    return { client, wire, tokens };
  }

  it('registers, signs in, reads, changes one field, and signs out', async () => {
    const { client } = clientOf();
    const account = { nom: 'Benali', prenom: 'Youssef', email: 'client-1@test.example', motDePasse: 'a-long-password' };
    const { user, signedIn } = await client.registerPatient(account);
    expect([signedIn, user.role, await client.userId()]).toEqual([true, 'PATIENT', user._id]);
    const path = { id: user._id };
    const changed = await client.patch('/api/users/{id}', {
      params: { path },
      body: { telephone: '+33 6 00 00 00 00' },
    });
    expect(changed.telephone).toBe('+33 6 00 00 00 00');
    await client.signOut();
    expect(await client.userId()).toBeNull();
    expect((await failure(client.get('/api/auth/profile'))).code).toBe('UNAUTHENTICATED');
    expect((await client.signIn(account.email, account.motDePasse))._id).toBe(user._id);
    expect((await client.get('/api/auth/profile')).email).toBe(account.email);
  });

  it('tells refusals as the server does', async () => {
    const [patient, stranger] = [await t.actors.asPatient(), await t.actors.asPatient()];
    const { client } = clientOf(stranger);
    const read = client.get('/api/users/{id}', { params: { path: { id: patient.id } } });
    expect(await failure(read)).toMatchObject({ status: 403, code: 'FORBIDDEN_SPACE' });
    const wrong = await failure(client.get('/api/sessions/active', { headers: { Authorization: 'Bearer nonsense' } }));
    expect(wrong).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
    expect(wrong.requestId).toMatch(/^[\w-]{8,64}$/);
    const invalid = await failure(
      client.patch('/api/users/{id}', { params: { path: { id: stranger.id } }, body: { nom: '' } }),
    );
    expect(invalid).toMatchObject({ status: 400, code: 'VALIDATION_FAILED', details: [{ field: 'nom' }] });
    expect((await failure(client.signIn(patient.email, 'wrong-password'))).code).toBe('INVALID_CREDENTIALS');
  });

  it('renews an expired token once for twenty calls, and again the next time', async () => {
    const { client, wire, tokens } = clientOf(await t.actors.asPatient());
    for (const round of [1, 2]) {
      const before = tokens.read();
      t.clock.advance(8 * DAY);
      const answers = await Promise.all(Array.from({ length: 20 }, () => client.get('/api/auth/profile')));
      expect(answers).toHaveLength(20);
      expect(wire.count('POST /api/auth/refresh')).toBe(round);
      expect(tokens.read()).not.toEqual(before);
    }
  });

  it('renews with the same refresh token when the answer was lost', async () => {
    const { client, wire } = clientOf(await t.actors.asPatient());
    t.clock.advance(8 * DAY);
    wire.lose('POST /api/auth/refresh', 2);
    await client.get('/api/auth/profile');
    expect(wire.count('POST /api/auth/refresh')).toBe(3);
    t.clock.advance(8 * DAY);
    await client.get('/api/auth/profile');
    expect((await client.get('/api/sessions/count')).count).toBe(1);
  });

  it('is signed out by the reuse of a refresh token, and says so', async () => {
    const patient = await t.actors.asPatient();
    const thief = clientOf(patient);
    const owner = clientOf(patient);
    const reasons: string[] = [];
    owner.client.onSignedOut((reason) => reasons.push(reason));
    t.clock.advance(8 * DAY);
    await thief.client.get('/api/auth/profile');
    t.clock.advance(60_000);
    expect((await failure(owner.client.get('/api/auth/profile'))).code).toBe('REFRESH_TOKEN_REUSED');
    expect([reasons, owner.tokens.read()]).toEqual([['REFRESH_TOKEN_REUSED'], null]);
    expect((await failure(thief.client.get('/api/auth/profile'))).code).toBe('SESSION_REVOKED');
  });

  it('creates once though answers get lost', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const { client, wire } = clientOf(patient);
    wire.lose('POST /api/appointments', 2);
    const dateTime = new Date(Date.now() + 3 * DAY).toISOString();
    const body = { patientId: patient.id, doctorId: doctor.id, dateTime };
    const made = await client.post('/api/appointments', { body });
    expect(wire.count('POST /api/appointments')).toBe(3);
    const list = await client.get('/api/patients/{patientId}/appointments', {
      params: { path: { patientId: patient.id } },
    });
    expect(list.data.map(({ _id }) => _id)).toEqual([made._id]);
  });

  it('creates once when a failed call is repeated later with its key', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const { client, wire } = clientOf(patient);
    const body = { patientId: patient.id, doctorId: doctor.id, dateTime: new Date(Date.now() + 3 * DAY).toISOString() };
    wire.lose('POST /api/appointments', 4);
    const { code, idempotencyKey = '' } = await failure(client.post('/api/appointments', { body }));
    expect(code).toBe('NETWORK_ERROR');
    const params = { header: { 'Idempotency-Key': idempotencyKey } };
    const { data, response } = await client.api.POST('/api/appointments', { params, body });
    expect([data?.status, response.headers.get('Idempotency-Replayed')]).toEqual(['Pending', 'true']);
  });

  it('goes on after a new password, whichever route it took', async () => {
    const patient = await t.actors.asPatient();
    const { client, tokens } = clientOf(patient);
    const reasons: string[] = [];
    client.onSignedOut((reason) => reasons.push(reason));
    await client.changePassword(patient.password, 'the-second-password');
    expect((await client.get('/api/sessions/count')).count).toBe(1);
    const second = tokens.read();
    const passwords = { motDePasse: 'the-third-password', currentPassword: 'the-second-password' };
    await client.patch('/api/users/{id}', { params: { path: { id: patient.id } }, body: passwords });
    expect(tokens.read()).not.toEqual(second);
    expect((await client.get('/api/sessions/count')).count).toBe(1);
    expect(reasons).toEqual([]);
  });

  it('reads unchanged resources and streams', async () => {
    const { client } = clientOf(await t.actors.asPatient());
    const id = (await client.userId()) ?? '';
    const first = await client.api.GET('/api/users/{id}', { params: { path: { id } } });
    const headers = { 'If-None-Match': first.response.headers.get('ETag') };
    const again = await client.api.GET('/api/users/{id}', { params: { path: { id } }, headers });
    expect(again.response.status).toBe(304);
    const { data } = await client.api.GET('/api/users/me/export', { parseAs: 'stream' });
    const text = await new Response(data).text();
    expect((JSON.parse(text) as { formatVersion: number }).formatVersion).toBe(1);
  });

  it('comes as CommonJS, too', () => {
    const common = createRequire(resolve('package.json'))('@diabcare/client') as { createClient: typeof createClient };
    expect(typeof common.createClient({ baseUrl: 'https://server.example' }).get).toBe('function');
  });
});
