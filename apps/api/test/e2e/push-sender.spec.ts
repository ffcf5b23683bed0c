import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readFcmCredentials } from '../../src/platform/push/fcm-credentials';
import { FcmPushSender } from '../../src/platform/push/fcm-push-sender';
import { NoPushSender } from '../../src/platform/push/no-push-sender';
import { type FakeFcm, type FcmAnswer, startFakeFcm } from '../support/fake-fcm';
import { TestClock } from '../support/test-clock';

const PUSH = { token: 'device', title: 'New appointment', type: 'appointment', collapseId: 'abc', urgent: false };

describe('the FCM push sender', () => {
  let fcm: FakeFcm;
  let clock: TestClock;
  let sender: FcmPushSender;

  beforeAll(async () => {
    fcm = await startFakeFcm();
  });

  afterAll(async () => {
    await fcm.close();
  });

  async function fresh(): Promise<void> {
    clock = new TestClock();
    sender = new FcmPushSender(await readFcmCredentials(fcm.credentialsPath), clock);
    fcm.pushes.length = 0;
    fcm.assertions.length = 0;
  }

  afterEach(() => {
    fcm.answer = () => ({ status: 200 });
    fcm.tokenStatus = 200;
  });

  it('signs in as the service account and sends title and type only', async () => {
    await fresh();
    expect(await sender.send(PUSH)).toBe('sent');
    expect(await sender.send({ ...PUSH, urgent: true })).toBe('sent');
    expect(fcm.pushes[0]).toEqual({
      path: '/v1/projects/fake-project/messages:send',
      authorization: 'Bearer access-1',
      status: 200,
      message: {
        token: 'device',
        notification: { title: 'New appointment' },
        data: { type: 'appointment' },
        android: { priority: 'NORMAL', notification: { tag: 'abc' } },
        apns: { headers: { 'apns-collapse-id': 'abc', 'apns-priority': '5' } },
      },
    });
    expect(fcm.pushes[1]?.message).toMatchObject({
      android: { priority: 'HIGH' },
      apns: { headers: { 'apns-priority': '10' } },
    });
    expect(fcm.assertions).toHaveLength(1);
    const { payload } = await jwtVerify(fcm.assertions[0] ?? '', fcm.publicKey, {
      issuer: 'sender@fake-project.example',
      audience: fcm.tokenUri,
    });
    expect(payload['scope']).toBe('https://www.googleapis.com/auth/firebase.messaging');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600);
  });

  it('signs in once for many, and anew a minute before the access ends', async () => {
    await fresh();
    clock.freeze();
    await Promise.all([1, 2, 3, 4].map(() => sender.send(PUSH)));
    clock.advance(3_538_000);
    await sender.send(PUSH);
    expect(fcm.assertions).toHaveLength(1);
    clock.advance(1_000);
    await sender.send(PUSH);
    expect(fcm.pushes.at(-1)?.authorization).toBe('Bearer access-2');
  });

  it.each<[FcmAnswer, string]>([
    [{ status: 404, errorCode: 'UNREGISTERED' }, 'gone'],
    [{ status: 400, errorCode: 'INVALID_ARGUMENT' }, 'gone'],
    [{ status: 400, errorCode: 'INVALID_ARGUMENT', fields: ['message.token'] }, 'gone'],
    [{ status: 400, errorCode: 'INVALID_ARGUMENT', fields: ['message.android.priority'] }, 'FCM answered 400'],
    [{ status: 400 }, 'FCM answered 400'],
    [{ status: 404, errorCode: 'NOT_FOUND' }, 'FCM answered 404'],
    [{ status: 401, errorCode: 'UNAUTHENTICATED' }, 'FCM answered 401'],
    [{ status: 403, errorCode: 'SENDER_ID_MISMATCH' }, 'FCM answered 403'],
    [{ status: 429, errorCode: 'QUOTA_EXCEEDED' }, 'FCM answered 429'],
    [{ status: 500, errorCode: 'INTERNAL' }, 'FCM answered 500'],
    [{ status: 503, errorCode: 'UNAVAILABLE' }, 'FCM answered 503'],
  ])('takes %j for %s', async (answer, outcome) => {
    await fresh();
    fcm.answer = () => answer;
    if (outcome === 'gone') expect(await sender.send(PUSH)).toBe('gone');
    else await expect(sender.send(PUSH)).rejects.toThrow(outcome);
    fcm.answer = () => ({ status: 200 });
    expect(await sender.send(PUSH)).toBe('sent');
    // Only an access that was refused is asked for again.
    expect(fcm.assertions).toHaveLength(answer.status === 401 ? 2 : 1);
  });

  it('throws when it cannot sign in, and tries again with the next push', async () => {
    await fresh();
    fcm.tokenStatus = 503;
    await expect(sender.send(PUSH)).rejects.toThrow('the token endpoint of FCM answered 503');
    expect(fcm.pushes).toEqual([]);
    fcm.tokenStatus = 200;
    expect(await sender.send(PUSH)).toBe('sent');
  });

  it('is not there without a provider', async () => {
    const none = new NoPushSender();
    expect(none.enabled).toBe(false);
    expect(await none.send()).toBe('sent');
  });
});

describe('a service account file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fcm-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    ['no JSON', '{"private_key":"secret', 'in JSON'],
    ['no object', 'null', 'in JSON'],
    ['no project', '{"client_email":"secret"}', 'with project_id'],
    ['no key', '{"project_id":"p","client_email":"c","private_key":"secret"}', 'private_key is an RSA key'],
  ])('with %s is told at the start, without what is in it', async (name, content, expected) => {
    const path = join(folder, name);
    await writeFile(path, content);
    const error = await readFcmCredentials(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ConfigError' });
    expect(String(error)).toContain(expected);
    expect(String(error)).not.toContain('secret');
    expect(String(error)).not.toContain(folder);
  });

  it('sends its tokens to https or this machine only', async () => {
    const fcm = await startFakeFcm();
    const good = JSON.parse(await readFile(fcm.credentialsPath, 'utf8')) as Record<string, unknown>;
    await fcm.close();
    const path = join(folder, 'addresses');
    const read = async (changes: Record<string, unknown>) => {
      await writeFile(path, JSON.stringify({ ...good, ...changes }));
      return readFcmCredentials(path);
    };
    expect((await read({ fcm_endpoint: undefined })).endpoint).toBe('https://fcm.googleapis.com');
    expect((await read({ fcm_endpoint: 'https://relay.example/' })).endpoint).toBe('https://relay.example');
    await expect(read({ token_uri: 'http://oauth.example/token' })).rejects.toThrow('token_uri');
    await expect(read({ fcm_endpoint: 'ftp://127.0.0.1' })).rejects.toThrow('fcm_endpoint');
    await expect(read({ fcm_endpoint: '' })).rejects.toThrow('fcm_endpoint');
    await expect(readFcmCredentials(join(folder, 'absent'))).rejects.toThrow('readable');
  });
});
