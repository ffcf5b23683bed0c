import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

const CONSOLE = 'https://console.diabcare.example';

describe('browsers of other origins', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { http: { corsOrigins: [CONSOLE] } } });
  });

  afterAll(async () => {
    await t.close();
  });

  const preflight = (origin: string, method: string) =>
    t.http.call('OPTIONS', '/users/me', undefined, {
      undescribed: true,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,idempotency-key,if-match',
      },
    });

  it('may use every method of the API and every header it reads', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await preflight(CONSOLE, method);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(CONSOLE);
      expect(headers.get('access-control-allow-methods')?.split(/, ?/)).toContain(method);
      expect(headers.get('access-control-allow-headers')).toContain('idempotency-key');
      expect(headers.get('x-request-id')).not.toBeNull();
    }
    const answer = await t.http.get('/sessions/count', { headers: { origin: CONSOLE } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(CONSOLE);
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  it('get the envelope for what is no preflight: OPTIONS is no method of the API', async () => {
    for (const headers of [{}, { origin: CONSOLE }, { 'access-control-request-method': 'GET' }]) {
      const answer = await t.http.call('OPTIONS', '/users/me', undefined, { undescribed: true, headers });
      expect(answer.body).toMatchObject({ statusCode: 404, code: 'ROUTE_NOT_FOUND' });
    }
  });

  it('may use nothing unless the origin is configured', async () => {
    const { headers } = await preflight('https://elsewhere.example', 'GET');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const plain = await t.http.get('/sessions/count', { headers: { origin: 'https://elsewhere.example' } });
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
  });
});
