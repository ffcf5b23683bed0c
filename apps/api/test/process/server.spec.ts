import { Agent, get } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltServer, ensureServerBuilt } from '../support/built-server';
import { Device } from '../support/device';

/** Status of a GET over one kept-alive connection, or null when there is no connection any more. */
function keptAlive(agent: Agent, url: string): Promise<number | null> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? null);
      });
    }).on('error', () => {
      resolve(null);
    });
  });
}

describe('the process', () => {
  let dataDir: string;

  beforeAll(async () => {
    ensureServerBuilt();
    dataDir = await mkdtemp(join(tmpdir(), 'diabcare-process-'));
  }, 120_000);

  afterAll(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  it('names every wrong setting at once and exits 1 before it opens a port', async () => {
    const server = BuiltServer.launch({ DATA_DIR: dataDir, JWT_SECRET: 'short', PORT: 'http' });
    expect(await server.exit()).toBe(1);
    expect(server.printed).toMatch(/PORT is wrong[\s\S]*JWT_SECRET is wrong/);
    expect(server.printed).not.toContain('short');
  });

  it('starts, refuses a second one on its folder, and ends in order', async () => {
    const server = await BuiltServer.start({
      DATA_DIR: dataDir,
      ADMIN_EMAIL: 'root@test.example',
      ADMIN_PASSWORD: 'root-password',
    });
    const login = await server.http.post(
      '/auth/login',
      { email: 'root@test.example', motDePasse: 'root-password' },
      { undescribed: true },
    );
    expect(login.body.user.role).toBe('ADMIN');
    const second = BuiltServer.launch({ DATA_DIR: dataDir });
    expect(await second.exit()).toBe(1);
    expect(second.printed).toContain('is in use by another server');
    const device = await Device.connect(server.url, login.body.accessToken as string);
    const left = new Promise((resolve) => device.socket.once('disconnect', resolve));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await keptAlive(agent, `${server.url}/health/ready`)).toBe(200);
    const closed = server.exit();
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    const seen: (number | null)[] = [];
    while (seen.at(-1) !== null && seen.length < 2_000) seen.push(await keptAlive(agent, `${server.url}/health/ready`));
    expect(new Set(seen.filter((status) => status !== 200))).toEqual(new Set([503, null]));
    expect(await closed).toBe(0);
    // Cut, and not told to stay away: a client that reconnects by itself finds another instance.
    expect(await left).toMatch(/^transport (close|error)$/);
    agent.destroy();
  });

  it('prints the listening line and JSON only, with what operators need and nothing about people', async () => {
    const server = await BuiltServer.start({ DATA_DIR: dataDir });
    const body = {
      nom: 'Geheimrat',
      prenom: 'Vertraulich',
      email: 'secret@test.example',
      motDePasse: 'secret-password',
    };
    const { body: registered } = await server.http.post('/auth/register/patient', body, { undescribed: true });
    await server.http.get('/medecins?search=Geheimrat', { token: registered.accessToken as string, undescribed: true });
    await server.http.get('/notifications/unread-count', {
      token: registered.accessToken as string,
      undescribed: true,
    });
    expect(await server.end('SIGINT')).toBe(0);
    const lines = server.printed.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
      expect.stringMatching(/^DiabCare listening on http:\/\/127\.0\.0\.1:\d+$/),
    ]);
    const request = server.log.find((line) => line['route'] === '/api/notifications/unread-count');
    expect(request).toMatchObject({
      level: 'info',
      method: 'GET',
      status: 200,
      actorId: registered.user._id,
      dbRoundTrips: 1,
    });
    expect(Object.keys(request ?? {}).sort()).toEqual([
      'actorId',
      'dbRoundTrips',
      'level',
      'method',
      'ms',
      'msg',
      'requestId',
      'route',
      'status',
      'time',
    ]);
    for (const word of ['Geheimrat', 'Vertraulich', 'secret', registered.accessToken as string])
      expect(server.printed).not.toContain(word);
  });

  it('answers 503 within 5 s while the database is gone, and goes on when it is back', async () => {
    const server = await BuiltServer.start({ DATA_DIR: dataDir });
    const { body: registered } = await server.http.post(
      '/auth/register/patient',
      { nom: 'A', prenom: 'B', email: `gone-${Date.now()}@test.example`, motDePasse: 'passphrase' },
      { undescribed: true },
    );
    const read = () =>
      server.http.get('/notifications/unread-count', { token: registered.accessToken as string, undescribed: true });
    expect((await read()).status).toBe(200);
    const { execFileSync } = await import('node:child_process');
    execFileSync('pkill', ['-KILL', '-f', `secantusd-rs.*${dataDir}`]);
    const statuses = new Set<number>();
    const until = Date.now() + 20_000;
    let last = 0;
    while (last !== 200 && Date.now() < until) {
      const startedAt = Date.now();
      const response = await read();
      last = response.status;
      statuses.add(last);
      expect(Date.now() - startedAt).toBeLessThan(5_000);
      if (last !== 200) {
        expect(response.body.code).toBe('UNAVAILABLE');
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    expect(last).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
