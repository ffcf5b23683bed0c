import { describe, expect, it } from 'vitest';
import { clientOf, error, failure, json, network } from '../test/fake-server.js';

const appointment = { doctorId: 'd', patientId: 'p', dateTime: '2026-03-02T09:00:00Z' };
describe('errors', () => {
  it('carry what the server says', async () => {
    const details = [{ field: 'page', rule: 'min' }];
    const body = { statusCode: 400, error: 'Bad Request', message: ['page a', 'limit b'], code: 'VALIDATION_FAILED' };
    const { client } = clientOf([json(400, { ...body, details, requestId: 'request-7' })]);
    const thrown = await error(client.get('/api/medecins'));
    expect(thrown).toMatchObject({ status: 400, code: 'VALIDATION_FAILED', details, requestId: 'request-7' });
    expect(thrown.messages).toEqual(['page a', 'limit b']);
    expect(thrown.message).toBe('page a; limit b');
  });

  it('have a code of their own when it is no answer of the API', async () => {
    const { client } = clientOf([new Response('<html>', { status: 500, headers: { 'X-Request-Id': 'request-8' } })]);
    expect(await error(client.get('/api/medecins'))).toMatchObject({
      status: 500,
      code: 'UNEXPECTED_RESPONSE',
      requestId: 'request-8',
    });
    const broken = clientOf([network], { retry: { retries: 0 } });
    const thrown = await error(broken.client.get('/api/medecins'));
    expect(thrown).toMatchObject({ status: 0, code: 'NETWORK_ERROR', cause: network });
  });

  it('are thrown by the untyped-down calls, too, but for an unchanged resource', async () => {
    const { client } = clientOf([failure(404, 'NOT_FOUND'), new Response(null, { status: 304 })]);
    const read = () => client.api.GET('/api/appointments/{id}', { params: { path: { id: 'a' } } });
    expect((await error(read())).code).toBe('NOT_FOUND');
    expect((await read()).response.status).toBe(304);
    const body = client.get('/api/appointments/{id}', { params: { path: { id: 'a' } } });
    expect(await error(body)).toMatchObject({ status: 304, code: 'NOT_MODIFIED' });
  });

  it('say when the server did not answer in time', async () => {
    const { client } = clientOf([network], {
      timeoutMs: 5,
      retry: { retries: 0 },
      fetch: (request) =>
        new Promise((_resolve, reject) => {
          request.signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    });
    expect(await error(client.get('/api/medecins'))).toMatchObject({ status: 0, code: 'TIMEOUT' });
  });

  it('leave the abort of the caller what it is', async () => {
    const abort = new AbortController();
    const { client, seen } = clientOf([network]);
    abort.abort(new Error('left the page'));
    await expect(client.get('/api/medecins', { signal: abort.signal })).rejects.toThrow('left the page');
    expect(seen).toEqual([]);
  });
});

describe('repeats', () => {
  it('of a creating call carry one key and never a second one', async () => {
    const answers = [
      network,
      failure(503, 'UNAVAILABLE'),
      failure(409, 'IDEMPOTENCY_IN_PROGRESS', { 'Retry-After': '0' }),
    ];
    const { client, seen } = clientOf([...answers, json(201, { _id: 'a' })]);
    expect(await client.post('/api/appointments', { body: appointment })).toEqual({ _id: 'a' });
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    expect(seen[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(seen.map(({ body }) => body))).toEqual(new Set([JSON.stringify(appointment)]));
    await client.post('/api/appointments', { body: appointment });
    expect(seen[4]?.key).not.toBe(seen[0]?.key);
  });

  it('take the key of the caller, and give it back with the failure', async () => {
    const { client, seen } = clientOf([network]);
    const params = { header: { 'Idempotency-Key': 'mine' } };
    const thrown = await error(client.post('/api/appointments', { params, body: appointment }));
    expect(thrown).toMatchObject({ code: 'NETWORK_ERROR', idempotencyKey: 'mine' });
    expect(seen.map(({ key }) => key)).toEqual(['mine', 'mine', 'mine', 'mine']);
  });

  it('are for an answer that breaks off, too', async () => {
    const cut = () => new Response(new ReadableStream({ start: (stream) => stream.error(network) }), { status: 201 });
    const { client, seen } = clientOf([cut, json(201, { _id: 'a' })]);
    await client.post('/api/appointments', { body: appointment });
    expect(seen[1]?.key).toBe(seen[0]?.key);
  });

  it('are not made where a second arrival could do harm', async () => {
    const patched = clientOf([failure(503, 'UNAVAILABLE')]);
    await error(patched.client.patch('/api/users/{id}', { params: { path: { id: 'u' } }, body: { nom: 'A' } }));
    const removed = clientOf([network]);
    await error(removed.client.delete('/api/appointments/{id}', { params: { path: { id: 'a' } } }));
    const signedIn = clientOf([network]);
    await error(signedIn.client.signIn('a@b.example', 'secret'));
    expect([patched, removed, signedIn].map(({ seen }) => seen.length)).toEqual([1, 1, 1]);
  });

  it('of what was refused before it began are always made', async () => {
    const refusals = [failure(429, 'RATE_LIMITED', { 'Retry-After': '0' }), failure(409, 'CONCURRENT_UPDATE')];
    const { client, seen } = clientOf([...refusals, json(200, { _id: 'u' })]);
    await client.patch('/api/users/{id}', { params: { path: { id: 'u' } }, body: { nom: 'A' } });
    expect(seen).toHaveLength(3);
  });

  it('end: a server that stays away is told', async () => {
    const { client, seen } = clientOf([failure(503, 'UNAVAILABLE')]);
    expect(await error(client.get('/api/medecins'))).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(seen).toHaveLength(4);
  });

  it('wait as long as the server asks, and leave long waits to the caller', async () => {
    const { client, seen } = clientOf([failure(429, 'RATE_LIMITED', { 'Retry-After': '60' })]);
    expect(await error(client.get('/api/medecins'))).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 });
    const locked = clientOf([failure(429, 'LOGIN_LOCKED', { 'Retry-After': '1' })]);
    expect(await error(locked.client.signIn('a@b.example', 'secret'))).toMatchObject({ retryAfterSeconds: 1 });
    expect([seen.length, locked.seen.length]).toEqual([1, 1]);
  });
});
