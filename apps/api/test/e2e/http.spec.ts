import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

/** A request that fetch would refuse or repair: the path goes out as it is. */
function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = rawRequest({ hostname, port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

describe('transport, formats and errors', () => {
  let t: TestApp;
  let patient: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    patient = await t.actors.asPatient();
  });

  afterAll(async () => {
    await t.close();
  });

  it('answers one envelope, in French when asked', async () => {
    const { body, headers } = await patient.get('/nowhere', { headers: { 'x-request-id': 'my-request-1' } });
    expect(body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'No such route',
      code: 'ROUTE_NOT_FOUND',
      requestId: 'my-request-1',
    });
    expect(headers.get('x-request-id')).toBe('my-request-1');
    const french = await t.http.post(
      '/auth/login',
      { email: 'x' },
      { headers: { 'accept-language': 'fr-CA,fr;q=0.9' } },
    );
    expect(french.body.message).toEqual(['email doit être une adresse e-mail', 'motDePasse est requis']);
    expect(french.body.details).toEqual([
      { field: 'email', rule: 'email' },
      { field: 'motDePasse', rule: 'required' },
    ]);
    expect(
      (await t.http.get('/auth/profile', { headers: { 'x-request-id': 'short' } })).headers.get('x-request-id'),
    ).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('sets security headers, and no-store for signed-in callers', async () => {
    const { headers } = await patient.get('/auth/profile');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('counts an empty JSON body as {} and tolerates a trailing slash', async () => {
    const empty = await patient.post('/auth/refresh', undefined, { raw: '' });
    expect(empty.body.details).toEqual([{ field: 'refreshToken', rule: 'required' }]);
    expect((await patient.get('/auth/profile/')).status).toBe(200);
    const stranger = await t.actors.asPatient();
    expect((await stranger.delete('/sessions/current', undefined, { raw: '' })).status).toBe(200);
  });

  it.each([
    ['a body that is no JSON', '{"email":', {}, 400, 'MALFORMED_JSON'],
    [
      'another media type',
      'email=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a body over 1 MiB', JSON.stringify({ email: 'x'.repeat(1_100_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['a deeply nested body', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}, 400, 'VALIDATION_FAILED'],
    [
      'a prototype key',
      '{"__proto__":{"role":"ADMIN"},"email":"a@b.io","motDePasse":"x"}',
      {},
      400,
      'VALIDATION_FAILED',
    ],
    ['a constructor key', '{"constructor":{"prototype":{"a":1}},"email":"a@b.io"}', {}, 400, 'VALIDATION_FAILED'],
    ['a list', '[]', {}, 400, 'VALIDATION_FAILED'],
    ['null', 'null', {}, 400, 'VALIDATION_FAILED'],
    ['an operator', '{"email":{"$gt":""},"motDePasse":{"$gt":""}}', {}, 400, 'VALIDATION_FAILED'],
    ['a NUL character', '{"email":"a\\u0000@b.io","motDePasse":"passpass"}', {}, 400, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_what, body, headers, status, code) => {
    const response = await t.http.post('/auth/login', undefined, { raw: body, headers });
    expect(response.body).toMatchObject({ statusCode: status, code });
  });

  it('refuses what cannot be read as an address', async () => {
    const bad = await raw(t.url, '/api/users/%zz');
    expect(bad.status).toBe(400);
    expect(JSON.parse(bad.body)).toMatchObject({ code: 'VALIDATION_FAILED' });
    const headers = { authorization: `Bearer ${patient.token}` };
    for (const id of ['abc', '%00', '507f1f77bcf86cd79943901', '507f1f77bcf86cd7994390zz', 'x'.repeat(500), '%24gt']) {
      const response = await raw(t.url, `/api/users/${id}`, headers);
      expect(JSON.parse(response.body), id).toMatchObject({ statusCode: 400, code: 'INVALID_ID' });
    }
  });

  it('judges known query keys, ignores unknown ones, and reads operators as text', async () => {
    expect((await patient.get('/medecins?page[$gt]=1&foo=bar')).status).toBe(200);
    for (const query of [
      'page=0',
      'page=-1',
      'page=1.5',
      'page=1&page=2',
      'limit=abc',
      'disponible=yes',
      `search=${'x'.repeat(101)}`,
      'search=%00',
    ]) {
      expect((await patient.get(`/medecins?${query}`)).body.code, query).toBe('VALIDATION_FAILED');
    }
    expect((await patient.get('/medecins?disponible=FALSE&limit=5000')).body).toMatchObject({ limit: 100 });
    expect((await patient.get('/medecins?search=.*')).body.total).toBe(0);
  });

  it('checks in the order of the contract: 401, 403 role, 400 id, 403 space, 400 body', async () => {
    const path = '/patients/nonsense/request-doctor';
    expect((await t.http.post(path, { bad: 1 })).body.code).toBe('UNAUTHENTICATED');
    const doctor = await t.actors.asDoctor();
    expect((await doctor.post(path, { bad: 1 })).body.code).toBe('FORBIDDEN_ROLE');
    expect((await patient.post(path, { bad: 1 })).body.code).toBe('INVALID_ID');
    expect((await patient.post('/patients/507f1f77bcf86cd799439011/request-doctor', { bad: 1 })).body.code).toBe(
      'FORBIDDEN_SPACE',
    );
    expect((await patient.post(`/patients/${patient.id}/request-doctor`, { bad: 1 })).body.code).toBe(
      'VALIDATION_FAILED',
    );
  });

  it('serves health, version, metrics and the API description without sign-in', async () => {
    expect((await t.http.get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await t.http.get('/health/ready')).body).toEqual({
      status: 'ok',
      checks: { database: 'ok', outbox: 'ok' },
    });
    expect(Object.keys((await t.http.get('/version')).body)).toEqual(['name', 'version', 'commit', 'clientProfile']);
    const metrics = await t.http.get('/metrics');
    for (const name of [
      'http_request_duration_seconds_bucket',
      'db_commands_total',
      'outbox_pending',
      'session_cache_hits_total',
      'event_loop_delay_seconds',
    ]) {
      expect(metrics.text).toContain(name);
    }
    expect((await t.http.get('/openapi.json')).body.openapi).toBe('3.1.0');
    expect((await t.http.get('/docs')).status).toBe(200);
  });
});

describe('idempotency keys', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('replays the outcome, refuses another body, and is freed by a failure', async () => {
    const [patient, doctor] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
    const path = `/patients/${patient.id}/request-doctor`;
    const headers = { 'idempotency-key': 'k1' };
    expect((await patient.post(path, { doctorId: '507f1f77bcf86cd799439011' }, { headers })).status).toBe(404);
    const first = await patient.post(path, { doctorId: doctor.id, urgentNote: 'a' }, { headers });
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await patient.post(path, { urgentNote: 'a', doctorId: doctor.id }, { headers });
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await patient.post(path, { doctorId: doctor.id, urgentNote: 'b' }, { headers })).body.code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect((await patient.post(path, { nonsense: true }, { headers })).body.code).toBe('VALIDATION_FAILED');
    expect(
      (await patient.post(path, { doctorId: doctor.id }, { headers: { 'idempotency-key': 'x'.repeat(256) } })).body
        .code,
    ).toBe('VALIDATION_FAILED');
    const other = await t.actors.asPatient();
    expect(
      (await other.post(`/patients/${other.id}/request-doctor`, { doctorId: doctor.id }, { headers })).headers.get(
        'idempotency-replayed',
      ),
    ).toBeNull();
    const accepted = await doctor.post(
      `/doctors/${doctor.id}/patient-requests/${first.body._id}/accept`,
      {},
      { headers },
    );
    const replayed = await doctor.post(
      `/doctors/${doctor.id}/patient-requests/${first.body._id}/accept`,
      {},
      { headers },
    );
    expect([accepted.status, replayed.status]).toEqual([200, 200]);
    expect(replayed.body).toEqual(accepted.body);
  });
});

describe('rate limits', () => {
  it('counts per user and minute, names the tightest, and refuses with Retry-After', async () => {
    const t = await startTestApp({ config: { rateLimits: { userPerMinute: 5 } } });
    const patient = await t.actors.asPatient();
    t.clock.freeze();
    for (let left = 4; left >= 0; left -= 1) {
      const { status, headers } = await patient.get('/auth/profile');
      expect([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]).toEqual([
        200,
        '5',
        String(left),
      ]);
    }
    const refused = await patient.get('/auth/profile');
    expect(refused.body).toMatchObject({ statusCode: 429, code: 'RATE_LIMITED' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    t.clock.advance(60_001);
    expect((await patient.get('/auth/profile')).status).toBe(200);
    await t.close();
  });

  it('shares registration over instances, and believes trusted proxies only', async () => {
    const config = { rateLimits: { registrationPerHour: 2 }, http: { trustedProxies: ['127.0.0.1'] } };
    const first = await startTestApp({ config });
    const second = await startTestApp({ config, dbName: first.dbName, clock: first.clock });
    // The hours of limits begin on the hour.
    first.clock.freeze();
    const register = (t: TestApp, address: string) =>
      t.http.post('/auth/register/patient', {}, { headers: { 'x-forwarded-for': `203.0.113.9, ${address}` } });
    expect((await register(first, '198.51.100.1')).status).toBe(400);
    expect((await register(second, '198.51.100.1')).status).toBe(400);
    expect((await register(first, '198.51.100.1')).body.code).toBe('RATE_LIMITED');
    expect((await register(first, '198.51.100.2')).status).toBe(400);
    await second.close();
    await first.close();
  });
});
