import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const REGISTER = '/notifications/register-token';
const REMOVE = '/notifications/remove-token';
const DONE = { success: true };

describe('device tokens', () => {
  let t: TestApp;
  let patient: TestActor;
  let stranger: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    [patient, stranger] = await Promise.all([t.actors.asPatient(), t.actors.asDoctor()]);
  });

  afterAll(async () => {
    await t.close();
  });

  /** Tokens of an account, longest unused first. */
  async function tokensOf(actor: TestActor): Promise<string[]> {
    const rows = await t.db.collection('devicetokens').find({}).sort({ lastUsedAt: 1 }).toArray();
    return rows.filter((row) => String(row['userId']) === actor.id).map((row) => String(row['token']));
  }

  /** The access token of another session of the actor. */
  async function anotherSession(actor: TestActor): Promise<string> {
    const { body } = await t.http.post('/auth/login', { email: actor.email, motDePasse: actor.password });
    return body.accessToken as string;
  }

  it('are registered and removed by any role; nobody removes those of others', async () => {
    for (const [actor, userType] of [
      [patient, 'patient'],
      [stranger, 'doctor'],
      [await t.actors.asPharmacist(), 'pharmacy'],
      [await t.actors.asAdmin(), 'admin'],
    ] as const) {
      const fcmToken = `token of ${userType}`;
      const registered = await actor.post(REGISTER, { fcmToken, userType, userId: actor.id.toUpperCase() });
      expect([registered.status, registered.body]).toEqual([201, DONE]);
      expect(await tokensOf(actor)).toEqual([fcmToken]);
    }
    const foreign = await stranger.delete(REMOVE, { fcmToken: 'token of patient' });
    expect([foreign.status, foreign.body]).toEqual([200, DONE]);
    expect(await tokensOf(patient)).toEqual(['token of patient']);
    for (let time = 0; time < 2; time += 1) {
      const removed = await patient.delete(REMOVE, { fcmToken: 'token of patient', userType: 'PATIENT' });
      expect([removed.status, removed.body]).toEqual([200, DONE]);
    }
    expect(await tokensOf(patient)).toEqual([]);
  });

  it('refuse another identity and what is no token', async () => {
    for (const [method, path] of [
      ['POST', REGISTER],
      ['DELETE', REMOVE],
    ] as const) {
      const call = (body: unknown) => t.http.call(method, path, body, { token: patient.token });
      for (const other of [{ userId: stranger.id }, { userType: 'doctor' }, { userId: patient.id, userType: 'admin' }])
        expect((await call({ fcmToken: 'x', ...other })).body).toMatchObject({
          statusCode: 403,
          code: 'IDENTITY_MISMATCH',
        });
      for (const body of [{}, { fcmToken: '' }, { fcmToken: 5 }, { fcmToken: 'x'.repeat(4_097) }])
        expect((await call(body)).body).toMatchObject({ code: 'VALIDATION_FAILED', details: [{ field: 'fcmToken' }] });
      expect((await call({ fcmToken: 'x', userId: 'me' })).body.details).toEqual([{ field: 'userId', rule: 'id' }]);
      expect((await call({ fcmToken: 'x', userType: 'nobody' })).body.details[0].field).toBe('userType');
      expect((await t.http.call(method, path, { fcmToken: 'x' }, {})).body).toMatchObject({
        statusCode: 401,
        code: 'UNAUTHENTICATED',
      });
    }
    expect(await tokensOf(patient)).toEqual([]);
    const longest = 'x'.repeat(4_096);
    expect((await patient.post(REGISTER, { fcmToken: longest })).status).toBe(201);
    await patient.delete(REMOVE, { fcmToken: longest });
  });

  it('move to whoever registers last, also when several do at once', async () => {
    await patient.post(REGISTER, { fcmToken: 'shared phone' });
    await stranger.post(REGISTER, { fcmToken: 'shared phone' });
    expect(await tokensOf(patient)).toEqual([]);
    expect(await tokensOf(stranger)).toContain('shared phone');
    const racing = [patient, stranger, patient, stranger, patient];
    const answers = await Promise.all(racing.map((actor) => actor.post(REGISTER, { fcmToken: 'raced phone' })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(await t.db.collection('devicetokens').countDocuments({ token: 'raced phone' })).toBe(1);
  });

  it('ignore an Idempotency-Key: each call counts', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    await patient.post(REGISTER, { fcmToken: 'repeated' }, { headers });
    await patient.delete(REMOVE, { fcmToken: 'repeated' });
    const again = await patient.post(REGISTER, { fcmToken: 'repeated' }, { headers });
    expect(again.headers.get('idempotency-replayed')).toBeNull();
    expect(await tokensOf(patient)).toContain('repeated');
    await patient.delete(REMOVE, { fcmToken: 'repeated' });
  });

  it('are at most 20; the one registered longest ago goes first', async () => {
    const owner = await t.actors.asPatient();
    for (let index = 0; index < 20; index += 1) {
      await owner.post(REGISTER, { fcmToken: `device ${index}` });
      t.clock.advance(1_000);
    }
    await owner.post(REGISTER, { fcmToken: 'device 0' });
    t.clock.advance(1_000);
    await Promise.all([20, 21, 22].map((index) => owner.post(REGISTER, { fcmToken: `device ${index}` })));
    const left = await tokensOf(owner);
    expect(left).toHaveLength(20);
    expect(left).toEqual(expect.arrayContaining(['device 0', 'device 4', 'device 22']));
    expect(left).not.toEqual(expect.arrayContaining(['device 1']));
    expect(left).not.toEqual(expect.arrayContaining(['device 3']));
    t.clock.release();
  });

  it('end with the session that registered them last, and with no other', async () => {
    const owner = await t.actors.asPatient();
    const second = await anotherSession(owner);
    await owner.post(REGISTER, { fcmToken: 'first phone' });
    await owner.post(REGISTER, { fcmToken: 'second phone' }, { token: second });
    await owner.post(REGISTER, { fcmToken: 'moved phone' });
    await owner.post(REGISTER, { fcmToken: 'moved phone' }, { token: second });
    await owner.post('/auth/logout');
    await t.settle();
    expect((await tokensOf(owner)).sort()).toEqual(['moved phone', 'second phone']);
    await owner.delete('/sessions/all', undefined, { token: second });
    await t.settle();
    expect(await tokensOf(owner)).toEqual([]);
    expect(await tokensOf(stranger)).not.toEqual([]);
  });

  it('end when the 21st session ends the first, and when a refresh token is used twice', async () => {
    const owner = await t.actors.asPatient();
    await owner.post(REGISTER, { fcmToken: 'oldest session' });
    let last = { accessToken: '', refreshToken: '' };
    for (let index = 0; index < 20; index += 1)
      last = (await t.http.post('/auth/login', { email: owner.email, motDePasse: owner.password })).body;
    await t.settle();
    expect(await tokensOf(owner)).toEqual([]);
    await owner.post(REGISTER, { fcmToken: 'stolen session' }, { token: last.accessToken });
    await t.http.post('/auth/refresh', { refreshToken: last.refreshToken });
    t.clock.advance(31_000);
    expect((await t.http.post('/auth/refresh', { refreshToken: last.refreshToken })).body.code).toBe(
      'REFRESH_TOKEN_REUSED',
    );
    await t.settle();
    expect(await tokensOf(owner)).toEqual([]);
    t.clock.release();
  });

  it('end with the account, as its preferences do', async () => {
    const owner = await t.actors.asPatient();
    await owner.post(REGISTER, { fcmToken: 'erased phone' });
    await owner.put('/notifications/preferences', { quietHours: { enabled: true } });
    expect((await owner.delete('/users/me', { currentPassword: owner.password })).status).toBe(200);
    await t.runJob('erasure');
    expect(await tokensOf(owner)).toEqual([]);
    const preferences = await t.db.collection('notificationpreferences').find({}).toArray();
    expect(preferences.filter((row) => String(row['userId']) === owner.id)).toEqual([]);
  });
});
