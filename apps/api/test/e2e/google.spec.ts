import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type GenerateKeyPairResult, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { parallel } from '../support/booking';

const CLIENT = 'diabcare-app.apps.example';

describe('signing in with Google', () => {
  let t: TestApp;
  let jwks: Server;
  let keys: GenerateKeyPairResult;
  let stranger: GenerateKeyPairResult;
  let up = true;
  let people = 0;

  beforeAll(async () => {
    keys = await generateKeyPair('RS256');
    stranger = await generateKeyPair('RS256');
    const published = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };
    jwks = createServer((_request, response) => {
      response.writeHead(up ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(published));
    });
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    const googleJwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/certs`;
    t = await startTestApp({ config: { auth: { googleClientIds: ['other.example', CLIENT], googleJwksUrl } } });
  });

  afterAll(async () => {
    await t.close();
    await new Promise((closed) => jwks.close(closed));
  });

  interface Person {
    readonly sub: string;
    readonly email: string;
    readonly [claim: string]: unknown;
  }

  const person = (claims: object = {}): Person => {
    people += 1;
    return { sub: `google-${people}`, email: `Person${people}@Gmail.example`, email_verified: true, ...claims };
  };

  function token(
    claims: Person,
    change: { issuer?: string; audience?: string; expires?: string; key?: GenerateKeyPairResult['privateKey'] } = {},
  ) {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(change.issuer ?? 'https://accounts.google.com')
      .setAudience(change.audience ?? CLIENT)
      .setIssuedAt()
      .setExpirationTime(change.expires ?? '1h')
      .sign(change.key ?? keys.privateKey);
  }

  const signIn = async (claims: Person, body: object = {}) =>
    t.http.post('/auth/google/mobile', { idToken: await token(claims), ...body });

  it('makes a patient of somebody unknown, and signs the same one in again', async () => {
    const claims = person({ given_name: 'Zoé', family_name: 'Łukasz' });
    const first = await signIn(claims);
    expect(first.status).toBe(200);
    expect(first.body.user).toMatchObject({
      role: 'PATIENT',
      prenom: 'Zoé',
      nom: 'Łukasz',
      email: claims.email.toLowerCase(),
    });
    expect(first.text).not.toContain('google-');
    const again = await signIn({ ...claims, email: 'changed@gmail.example' }, { role: 'patient' });
    expect(again.body.user._id).toBe(first.body.user._id);
    const profile = await t.http.get('/auth/profile', { token: again.body.accessToken });
    expect(profile.status).toBe(200);
    const { body } = await t.http.post('/auth/login', { email: claims.email, motDePasse: 'anything' });
    expect(body.code).toBe('INVALID_CREDENTIALS');
  });

  it('names somebody without names by the address', async () => {
    const { body } = await signIn(person());
    expect([body.user.prenom, body.user.nom]).toEqual([`person${people}`, `person${people}`]);
  });

  it('makes one account of first sign-ins at once', async () => {
    const claims = person();
    const answers = await parallel(8, () => signIn(claims));
    expect(new Set(answers.map(({ body }) => body.user._id)).size).toBe(1);
  });

  it('takes the account of the address, of any role, and the keys from whoever had not proven it', async () => {
    const claims = person();
    const squatter = await t.actors.asDoctor({ email: claims.email });
    const { status, body } = await signIn(claims);
    expect([status, body.user._id, body.user.role]).toEqual([200, squatter.id, 'MEDECIN']);
    expect((await squatter.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    const login = await t.http.post('/auth/login', { email: squatter.email, motDePasse: squatter.password });
    expect(login.body.code).toBe('INVALID_CREDENTIALS');
  });

  it('leaves password and sessions to an account whose address was proven', async () => {
    const claims = person();
    const owner = await t.actors.asPatient({ email: claims.email });
    await t.http.post('/auth/forgot-password', { email: owner.email });
    await t.settle();
    const resetToken = (await t.mails.newest(owner.email)).token;
    await t.http.post('/auth/reset-password', { token: resetToken, newPassword: 'proven passphrase' });
    const { body: mine } = await t.http.post('/auth/login', { email: owner.email, motDePasse: 'proven passphrase' });
    expect((await signIn(claims)).body.user._id).toBe(owner.id);
    expect((await t.http.get('/auth/profile', { token: mine.accessToken })).status).toBe(200);
    const again = await t.http.post('/auth/login', { email: owner.email, motDePasse: 'proven passphrase' });
    expect(again.status).toBe(200);
  });

  it('refuses an account that is not active', async () => {
    const claims = person();
    const owner = await t.actors.asPatient({ email: claims.email });
    const admin = await t.actors.asAdmin();
    await admin.patch(`/users/${owner.id}`, { statutCompte: 'SUSPENDU' });
    expect((await signIn(claims)).body).toMatchObject({ statusCode: 403, code: 'ACCOUNT_INACTIVE' });
  });

  it('refuses every token that is not Google’s word for this app', async () => {
    const bad = [
      token(person(), { issuer: 'https://evil.example' }),
      token(person(), { audience: 'another-app' }),
      token(person(), { expires: '-1m' }),
      token(person(), { key: stranger.privateKey }),
      token(person({ email_verified: false })),
      token(person({ email_verified: undefined })),
      token(person({ email: 'no address' })),
      token(person({ email: undefined })),
      Promise.resolve('not.a.token'),
      Promise.resolve('x'),
    ];
    for (const idToken of await Promise.all(bad)) {
      const { body } = await t.http.post('/auth/google/mobile', { idToken });
      expect(body).toMatchObject({ statusCode: 401, code: 'GOOGLE_TOKEN_INVALID' });
    }
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`;
    expect((await t.http.post('/auth/google/mobile', { idToken: unsigned })).status).toBe(401);
    const { body } = await signIn(person(), { role: 'MEDECIN' });
    expect(body.code).toBe('VALIDATION_FAILED');
    expect((await t.http.post('/auth/google/mobile', {})).body.code).toBe('VALIDATION_FAILED');
  });

  it('says so when it is not configured, and when the keys cannot be had', async () => {
    const without = await startTestApp();
    const answer = await without.http.post('/auth/google/mobile', { idToken: await token(person()) });
    expect(answer.body).toMatchObject({ statusCode: 400, code: 'GOOGLE_NOT_CONFIGURED' });
    await without.close();
    up = false;
    const { port } = jwks.address() as AddressInfo;
    const cut = await startTestApp({
      config: { auth: { googleClientIds: [CLIENT], googleJwksUrl: `http://127.0.0.1:${port}/certs` } },
    });
    const gone = await cut.http.post('/auth/google/mobile', { idToken: await token(person()) });
    expect(gone.body).toMatchObject({ statusCode: 503, code: 'UNAVAILABLE' });
    up = true;
    expect((await cut.http.post('/auth/google/mobile', { idToken: await token(person()) })).status).toBe(200);
    await cut.close();
  });
});
