import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

const SECRET = 'test-secret-of-more-than-thirty-two-bytes';

function jwt(claims: object, secret = SECRET, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part(header)}.${part(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

describe('tokens and sessions', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('refuses every token that is not a live access token of ours', async () => {
    const patient = await t.actors.asPatient();
    const claims = JSON.parse(Buffer.from(patient.token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(Object.keys(claims).sort()).toEqual(['aud', 'email', 'exp', 'iat', 'iss', 'jti', 'role', 'sid', 'sub']);
    const profile = async (token: string) =>
      (await t.http.get('/auth/profile', { token })).body.code as string | undefined;
    expect(await profile(jwt(claims))).toBeUndefined();
    expect(await profile(jwt({ ...claims, exp: 1_000 }))).toBe('TOKEN_EXPIRED');
    const other = await t.actors.asPatient();
    const cases: [string, string][] = [
      [jwt(claims, 'another-secret-of-more-than-thirty-two-bytes'), 'TOKEN_INVALID'],
      [jwt(claims, SECRET, { alg: 'none' }), 'TOKEN_INVALID'],
      [`${jwt(claims, SECRET, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`, 'TOKEN_INVALID'],
      [jwt({ ...claims, aud: 'somebody-else' }), 'TOKEN_INVALID'],
      [jwt({ ...claims, iss: 'somebody-else' }), 'TOKEN_INVALID'],
      [jwt({ ...claims, nbf: 9_999_999_999 }), 'TOKEN_INVALID'],
      [jwt({ ...claims, role: 'ROOT' }), 'TOKEN_INVALID'],
      [jwt({ ...claims, sub: other.id }), 'SESSION_REVOKED'],
      [jwt({ ...claims, sid: '507f1f77bcf86cd799439011' }), 'SESSION_REVOKED'],
      [patient.refreshToken, 'TOKEN_INVALID'],
      ['garbage', 'TOKEN_INVALID'],
    ];
    for (const [token, code] of cases) expect(await profile(token), code).toBe(code);
    expect((await t.http.get('/auth/profile', { headers: { authorization: 'Basic abc' } })).body.code).toBe(
      'TOKEN_INVALID',
    );
    expect((await t.http.get('/auth/profile')).body.code).toBe('UNAUTHENTICATED');
    expect((await t.http.get('/auth/profile', { headers: { authorization: 'Bearer ' } })).body.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('accepts the previous signing key while keys rotate, and signs with the new one', async () => {
    const next = 'next-secret-of-more-than-thirty-two-bytes';
    const rotated = await startTestApp({
      dbName: t.dbName,
      config: { auth: { jwtSecret: next, jwtPreviousSecret: SECRET } },
    });
    const patient = await t.actors.asPatient();
    expect((await rotated.http.get('/auth/profile', { token: patient.token })).status).toBe(200);
    const { body } = await rotated.http.post('/auth/refresh', { refreshToken: patient.refreshToken });
    expect((await rotated.http.get('/auth/profile', { token: body.accessToken })).status).toBe(200);
    expect((await t.http.get('/auth/profile', { token: body.accessToken })).body.code).toBe('TOKEN_INVALID');
    await rotated.close();
    const after = await startTestApp({ dbName: t.dbName, config: { auth: { jwtSecret: next } } });
    expect((await after.http.get('/auth/profile', { token: patient.token })).body.code).toBe('TOKEN_INVALID');
    expect((await after.http.get('/auth/profile', { token: body.accessToken })).status).toBe(200);
    await after.close();
  });

  it('rotates refresh tokens, forgives a lost response for 30 s, and ends a reused one', async () => {
    const patient = await t.actors.asPatient();
    const refresh = (refreshToken: string) => t.http.post('/auth/refresh', { refreshToken });
    t.clock.freeze();
    const first = await refresh(patient.refreshToken);
    expect(first.status).toBe(200);
    expect(first.body.user._id).toBe(patient.id);
    t.clock.advance(29_000);
    const repeated = await refresh(patient.refreshToken);
    expect(repeated.status).toBe(200);
    const second = await refresh(repeated.body.refreshToken);
    expect(second.status).toBe(200);
    expect((await refresh(patient.token)).body.code).toBe('REFRESH_TOKEN_INVALID');
    t.clock.advance(31_000);
    expect((await refresh(first.body.refreshToken)).body).toMatchObject({
      statusCode: 401,
      code: 'REFRESH_TOKEN_REUSED',
    });
    expect((await refresh(second.body.refreshToken)).body.code).toBe('REFRESH_TOKEN_INVALID');
    expect((await t.http.get('/auth/profile', { token: second.body.accessToken })).body.code).toBe('SESSION_REVOKED');
    t.clock.release();
  });

  it('survives parallel refreshes of one token', async () => {
    for (let round = 0; round < 5; round += 1) {
      const patient = await t.actors.asPatient();
      const answers = await Promise.all(
        [1, 2, 3].map(() => t.http.post('/auth/refresh', { refreshToken: patient.refreshToken })),
      );
      for (const answer of answers) {
        expect(answer.status).toBe(200);
        expect((await t.http.get('/auth/profile', { token: answer.body.accessToken })).status).toBe(200);
      }
      expect((await t.http.post('/auth/refresh', { refreshToken: answers[2]?.body.refreshToken })).status).toBe(200);
    }
  });

  it('lists, counts and ends the own sessions', async () => {
    const patient = await t.actors.asPatient();
    const { body: second } = await t.http.post(
      '/auth/login',
      { email: patient.email, motDePasse: patient.password },
      { headers: { 'user-agent': 'Mozilla/5.0 (iPhone) Mobile' } },
    );
    const { body: sessions } = await patient.get('/sessions/active');
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ deviceInfo: 'Mobile', isCurrent: false, ipAddress: '127.0.0.1' });
    expect(Object.keys(sessions[0]).sort()).toEqual([
      '_id',
      'createdAt',
      'deviceInfo',
      'expiresAt',
      'ipAddress',
      'isCurrent',
      'lastActivityAt',
    ]);
    expect((await patient.get('/sessions/count')).body).toEqual({ count: 2 });
    const stranger = await t.actors.asPatient();
    expect((await stranger.delete(`/sessions/${sessions[0]._id}`)).status).toBe(404);
    expect((await patient.delete(`/sessions/${sessions[0]._id}`)).status).toBe(200);
    expect((await t.http.get('/auth/profile', { token: second.accessToken })).body.code).toBe('SESSION_REVOKED');
    expect((await patient.delete(`/sessions/${sessions[0]._id}`)).status).toBe(404);
    expect((await patient.delete('/sessions/all')).body.count).toBe(1);
    expect((await patient.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    expect((await stranger.post('/auth/logout')).status).toBe(200);
    expect((await stranger.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
  });

  it('keeps 20 sessions, ending the one created first', async () => {
    const patient = await t.actors.asPatient();
    for (let index = 0; index < 20; index += 1)
      await t.http.post('/auth/login', { email: patient.email, motDePasse: patient.password });
    expect((await patient.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    const { body } = await t.http.post('/auth/login', { email: patient.email, motDePasse: patient.password });
    expect((await t.http.get('/sessions/count', { token: body.accessToken })).body).toEqual({ count: 20 });
  });

  it('ends a session on another instance within a second', async () => {
    const second = await startTestApp({ dbName: t.dbName });
    const patient = await t.actors.asPatient();
    expect((await second.http.get('/auth/profile', { token: patient.token })).status).toBe(200);
    await patient.delete('/sessions/current');
    const until = Date.now() + 1_000;
    let code: unknown;
    while (code !== 'SESSION_REVOKED' && Date.now() < until)
      code = (await second.http.get('/auth/profile', { token: patient.token })).body.code;
    expect(code).toBe('SESSION_REVOKED');
    await second.close();
  });
});
