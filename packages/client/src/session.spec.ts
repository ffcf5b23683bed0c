import { describe, expect, it } from 'vitest';
import { clientOf, error, failure, json, network, NEW, OLD, pair, type Seen } from '../test/fake-server.js';

const REFRESH = 'POST /api/auth/refresh';
const expired = failure(401, 'TOKEN_EXPIRED');
const bearer = ({ accessToken }: { accessToken: string }): string => `Bearer ${accessToken}`;

/** A server that knows NEW and finds OLD expired; `refresh` answers refreshes. */
const server =
  (refresh: (seen: Seen) => Response | Promise<Response> = () => json(200, { ...NEW, user: {}, expiresIn: 60 })) =>
  (seen: Seen) => {
    if (seen.call === REFRESH) return refresh(seen);
    return seen.token === bearer(NEW) ? json(200, { ok: true }) : expired.clone();
  };

const refreshes = (seen: readonly Seen[]) => seen.filter(({ call }) => call === REFRESH);

describe('an expired access token', () => {
  it('is renewed once for twenty calls at a time', async () => {
    const { client, seen, tokens } = clientOf([server()]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.get('/api/auth/profile')));
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ ok: true })));
    expect(refreshes(seen).map(({ body, token }) => ({ body, token }))).toEqual([
      { body: JSON.stringify({ refreshToken: OLD.refreshToken }), token: null },
    ]);
    expect(tokens.read()).toEqual(NEW);
  });

  it('noticed late, when others have renewed it, is not renewed again', async () => {
    let release = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { client, seen } = clientOf([
      async (entry) => {
        if (entry.call === 'GET /api/medecins' && entry.token === bearer(OLD)) await late;
        return server()(entry);
      },
    ]);
    const slow = client.get('/api/medecins');
    await client.get('/api/auth/profile');
    release();
    await slow;
    expect(refreshes(seen)).toHaveLength(1);
  });

  it('keeps the key of the call that met it', async () => {
    const { client, seen } = clientOf([server()]);
    await client.post('/api/conversations', { body: { patientId: 'p', doctorId: 'd' } });
    const calls = seen.filter(({ call }) => call !== REFRESH);
    expect(calls).toHaveLength(2);
    expect(calls[1]?.key).toBe(calls[0]?.key);
  });

  it('is renewed with the same refresh token after a lost answer: the server repeats its own', async () => {
    let lost = 0;
    const { client, seen } = clientOf([
      server(() => {
        lost += 1;
        if (lost === 1) throw network;
        return json(200, { ...NEW, user: {}, expiresIn: 60 });
      }),
    ]);
    await client.get('/api/auth/profile');
    expect(new Set(refreshes(seen).map(({ body }) => body)).size).toBe(1);
  });

  it('ends the session when the server refuses the refresh, and says so once', async () => {
    const { client, tokens, seen } = clientOf([server(() => failure(401, 'REFRESH_TOKEN_REUSED'))]);
    const reasons: string[] = [];
    client.onSignedOut((reason) => reasons.push(reason));
    const calls = await Promise.all([1, 2, 3].map(() => error(client.get('/api/auth/profile'))));
    expect(calls.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'REFRESH_TOKEN_REUSED'));
    expect([reasons, tokens.read(), refreshes(seen).length]).toEqual([['REFRESH_TOKEN_REUSED'], null, 1]);
  });

  it('leaves the session alone when nobody could be reached', async () => {
    const { client, tokens } = clientOf([
      server(() => {
        throw network;
      }),
    ]);
    expect((await error(client.get('/api/auth/profile'))).code).toBe('NETWORK_ERROR');
    expect(tokens.read()).toEqual(OLD);
  });

  it('does not bring a session back that was left while it was renewed', async () => {
    const holder = clientOf([
      async (seen) => {
        if (seen.call === 'POST /api/auth/logout') return json(200, { message: 'ok' });
        if (seen.call === REFRESH) await holder.client.signOut();
        return server()(seen);
      },
    ]);
    expect((await error(holder.client.get('/api/auth/profile'))).code).toBe('NOT_SIGNED_IN');
    expect(holder.tokens.read()).toBeNull();
  });

  it('that stays expired is told, not renewed for ever', async () => {
    const { client, seen } = clientOf([
      (entry) => (entry.call === REFRESH ? json(200, { ...NEW, user: {}, expiresIn: 0 }) : expired.clone()),
    ]);
    expect((await error(client.get('/api/auth/profile'))).code).toBe('TOKEN_EXPIRED');
    expect(refreshes(seen)).toHaveLength(1);
  });
});

describe('the session', () => {
  it('is over when the server says so', async () => {
    const { client, tokens } = clientOf([failure(401, 'SESSION_REVOKED')]);
    const reasons: string[] = [];
    client.onSignedOut((reason) => reasons.push(reason));
    expect((await error(client.get('/api/auth/profile'))).code).toBe('SESSION_REVOKED');
    expect([reasons, tokens.read()]).toEqual([['SESSION_REVOKED'], null]);
  });

  it('begins with every call that brings tokens, and sends none along to sign in', async () => {
    const other = pair('s9', 1);
    const { client, tokens, seen } = clientOf([json(200, { user: { _id: 'user-1' }, ...other, expiresIn: 60 })]);
    expect(await client.signIn('a@b.example', 'secret')).toEqual({ _id: 'user-1' });
    expect([tokens.read(), seen[0]?.token]).toEqual([other, null]);
    expect(await client.userId()).toBe('user-1');
  });

  it('of another user takes the place of the first, who is told', async () => {
    const { client } = clientOf([json(200, { user: {}, ...pair('s9', 1, 'user-2'), expiresIn: 60 })]);
    const reasons: string[] = [];
    client.onSignedOut((reason) => reasons.push(reason));
    await client.signInWithGoogle('id-token');
    expect([reasons, await client.userId()]).toEqual([['SIGNED_IN_ANEW'], 'user-2']);
  });

  it('does not begin while an account waits for approval', async () => {
    const waiting = { user: { _id: 'd' }, accessToken: null, refreshToken: null, expiresIn: 0 };
    const { client, tokens } = clientOf([json(201, waiting)]);
    const doctor = { nom: 'N', prenom: 'P', email: 'a@b.example', motDePasse: 'x', specialite: 's', numeroOrdre: '1' };
    expect(await client.registerDoctor(doctor)).toEqual({ user: { _id: 'd' }, signedIn: false });
    expect(tokens.read()).toEqual(OLD);
  });

  it('is dropped by signing out though nobody can be reached', async () => {
    const { client, tokens } = clientOf([network]);
    const reasons: string[] = [];
    client.onSignedOut((reason) => reasons.push(reason));
    await client.signOut();
    expect([reasons, tokens.read()]).toEqual([['SIGNED_OUT'], null]);
  });

  it('replaced by a password change goes on for calls that the change has overtaken', async () => {
    const next = pair('s2', 1);
    const overtaken: Promise<unknown>[] = [];
    const holder = clientOf([
      async ({ call, token }) => {
        if (call !== 'POST /api/auth/change-password')
          return token === bearer(next) ? json(200, { ok: true }) : failure(401, 'SESSION_REVOKED');
        overtaken.push(holder.client.get('/api/auth/profile'));
        await Promise.resolve();
        return json(200, { message: 'ok', ...next, expiresIn: 60 });
      },
    ]);
    const reasons: string[] = [];
    holder.client.onSignedOut((reason) => reasons.push(reason));
    await holder.client.changePassword('old', 'new');
    expect(await Promise.all(overtaken)).toEqual([{ ok: true }]);
    expect(reasons).toEqual([]);
  });

  it('ends a password change that finds it revoked, without waiting for itself', async () => {
    const { client, tokens } = clientOf([failure(401, 'SESSION_REVOKED')]);
    expect((await error(client.changePassword('old', 'new'))).code).toBe('SESSION_REVOKED');
    expect(tokens.read()).toBeNull();
  });
});
