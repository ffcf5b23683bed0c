import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { parallel } from '../support/booking';

const MINUTE = 60_000;

describe('passwords by mail', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  const forgot = (email: string, headers: Record<string, string> = {}) =>
    t.http.post('/auth/forgot-password', { email }, { headers });
  const reset = (token: string, newPassword = 'a new passphrase') =>
    t.http.post('/auth/reset-password', { token, newPassword });
  const login = (email: string, motDePasse: string) => t.http.post('/auth/login', { email, motDePasse });

  async function tokenFor(email: string): Promise<string> {
    const before = (await t.mails.read(email)).length;
    expect((await forgot(email)).status).toBe(202);
    await t.settle();
    const mails = await t.mails.read(email);
    expect(mails).toHaveLength(before + 1);
    return mails.at(-1)?.token ?? '';
  }

  it('answers every address alike and mails only those that exist', async () => {
    const patient = await t.actors.asPatient();
    const known = await forgot(patient.email.toUpperCase());
    const unknown = await forgot('nobody@test.example');
    expect([known.status, unknown.status]).toEqual([202, 202]);
    expect(Object.keys(known.body)).toEqual(['message']);
    expect(known.text).toBe(unknown.text);
    await t.settle();
    const [mail, ...others] = await t.mails.read(patient.email);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ from: 'no-reply@test.example', subject: 'Your new DiabCare password' });
    expect(mail?.text).toContain(`Hello ${patient.prenom},`);
    expect(mail?.text).toMatch(/http:\/\/localhost:\d+\/reset-password\?token=[\w-]{43}\n/);
    expect(mail?.html).toContain(`token=${mail?.token}`);
    expect(await t.mails.read('nobody@test.example')).toEqual([]);
  });

  it('stores neither the token nor the mail', async () => {
    const patient = await t.actors.asPatient();
    const token = await tokenFor(patient.email);
    const stored = await t.db.collection('onetimetokens').find({}).toArray();
    expect(JSON.stringify(stored)).not.toContain(token);
    const outbox = await t.db.collection('outbox').find({}).toArray();
    expect(outbox.every((entry) => entry['payload'] === undefined)).toBe(true);
  });

  it('sets the password once, ends all sessions, opens none and clears the lock', async () => {
    const patient = await t.actors.asPatient();
    for (let n = 0; n < 5; n += 1) await login(patient.email, 'wrong');
    expect((await login(patient.email, patient.password)).body.code).toBe('LOGIN_LOCKED');
    const token = await tokenFor(patient.email);
    const done = await reset(token);
    expect([done.status, Object.keys(done.body)]).toEqual([200, ['message']]);
    expect((await patient.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    expect((await login(patient.email, 'a new passphrase')).status).toBe(200);
    expect((await login(patient.email, patient.password)).body.code).toBe('INVALID_CREDENTIALS');
    expect((await reset(token)).body).toMatchObject({ statusCode: 400, code: 'RESET_TOKEN_INVALID' });
    await t.settle();
    expect((await t.mails.newest(patient.email)).subject).toBe('Your DiabCare password was changed');
    const audit = await t.db.collection('auditevents').find({ action: 'auth.password_reset' }).toArray();
    expect(audit).toHaveLength(1);
  });

  it('accepts a token until its 60th minute, the newest one only, one of two at once', async () => {
    const patient = await t.actors.asPatient();
    const first = await tokenFor(patient.email);
    const second = await tokenFor(patient.email);
    expect((await reset(first)).body.code).toBe('RESET_TOKEN_INVALID');
    t.clock.advance(59 * MINUTE);
    const answers = await parallel(8, () => reset(second));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
    const third = await tokenFor(patient.email);
    t.clock.advance(60 * MINUTE);
    expect((await reset(third)).body.code).toBe('RESET_TOKEN_INVALID');
    t.clock.release();
  });

  it('refuses weak passwords and invented tokens', async () => {
    const patient = await t.actors.asPatient();
    const token = await tokenFor(patient.email);
    expect((await reset(token, patient.email)).body.code).toBe('WEAK_PASSWORD');
    expect((await reset(token, patient.password)).body.code).toBe('WEAK_PASSWORD');
    expect((await reset(token, 'short')).body.code).toBe('VALIDATION_FAILED');
    for (const invented of ['x', 'a'.repeat(43), `${token}x`])
      expect((await reset(invented)).body.code).toBe('RESET_TOKEN_INVALID');
    for (const body of [{ token: { $gt: '' }, newPassword: 'a new passphrase' }, { token: '' }, {}])
      expect((await t.http.post('/auth/reset-password', body)).body.code).toBe('VALIDATION_FAILED');
    expect((await reset(token)).status).toBe(200);
  });

  it('sends three mails per address and hour and goes on answering', async () => {
    const patient = await t.actors.asPatient();
    for (let n = 0; n < 5; n += 1) expect((await forgot(patient.email)).status).toBe(202);
    await t.settle();
    expect(await t.mails.read(patient.email)).toHaveLength(3);
  });

  it('writes in French to those who speak it', async () => {
    const patient = await t.actors.asPatient({ locale: 'fr', prenom: 'Zoé <b>' });
    await tokenFor(patient.email);
    const mail = await t.mails.newest(patient.email);
    expect(mail.subject).toBe('Votre nouveau mot de passe DiabCare');
    expect(mail.text).toContain('Bonjour Zoé <b>,');
    expect(mail.html).toContain('Bonjour Zoé &lt;b&gt;,');
  });

  it('tells both addresses when one is changed, and the account of a new status', async () => {
    const patient = await t.actors.asPatient();
    const email = `new-${patient.email}`;
    await patient.patch(`/users/${patient.id}`, { email, currentPassword: patient.password });
    await t.settle();
    expect((await t.mails.newest(patient.email)).text).toContain('no longer uses');
    expect((await t.mails.newest(email)).text).toContain('now uses');
    const admin = await t.actors.asAdmin();
    await admin.patch(`/users/${patient.id}`, { statutCompte: 'SUSPENDU', reason: 'papers are missing' });
    await t.settle();
    const mail = await t.mails.newest(email);
    expect(mail.text).toContain('is suspended');
    expect(mail.text).toContain('Reason: papers are missing');
  });

  it('limits the calls of one address', async () => {
    const limited = await startTestApp({ config: { rateLimits: { forgotPerHour: 5 } } });
    // The hours of limits begin on the hour.
    limited.clock.freeze();
    for (let n = 0; n < 5; n += 1)
      expect((await limited.http.post('/auth/forgot-password', { email: `n${n}@test.example` })).status).toBe(202);
    const refused = await limited.http.post('/auth/forgot-password', { email: 'n6@test.example' });
    expect(refused.body).toMatchObject({ statusCode: 429, code: 'RATE_LIMITED' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await limited.close();
  });
});

describe('a mail server', () => {
  /** Speaks just enough SMTP; `accept` decides about each mail. */
  function fakeSmtp(accept: () => boolean) {
    const received: string[] = [];
    const server = createServer((socket) => {
      let data: string | null = null;
      socket.write('220 fake ESMTP\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const text = chunk.toString();
        if (data !== null || !/^(EHLO|HELO|MAIL|RCPT|DATA|QUIT|RSET|NOOP)/i.test(text)) {
          data = (data ?? '') + text;
          if (!data.endsWith('\r\n.\r\n')) return;
          received.push(data);
          data = null;
          socket.write('250 queued\r\n');
          return;
        }
        if (/^MAIL/i.test(text) && !accept()) socket.write('451 later\r\n');
        else if (/^DATA/i.test(text)) {
          data = '';
          socket.write('354 go on\r\n');
        } else socket.write(/^QUIT/i.test(text) ? '221 bye\r\n' : '250 ok\r\n');
      });
    });
    return { server, received };
  }

  it('that refuses is tried again later, and one that fails delays nothing else', async () => {
    let working = false;
    const { server, received } = fakeSmtp(() => working);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const smtpUrl = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const t = await startTestApp({ config: { mail: { smtpUrl, from: 'DiabCare <no-reply@test.example>' } } });
    const { patient, doctor } = await t.actors.linkedPair();
    await t.http.post('/auth/forgot-password', { email: patient.email });
    await t.settle();
    expect(received).toEqual([]);
    await patient.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await t.settle();
    expect((await doctor.get('/notifications/unread-count')).body.count).toBe(1);
    working = true;
    for (let n = 0; n < 100 && received.length === 0; n += 1) await new Promise((wait) => setTimeout(wait, 100));
    expect(received).toHaveLength(1);
    expect(received[0]).toContain(`To: ${patient.email}`);
    await t.close();
    await new Promise((closed) => server.close(closed));
  });
});
