import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataDirInUseError, startEmbeddedMongo } from '.';
import { mongodArguments, parseVersion } from './engine-mongod';
import { fetchEngine } from './fetch';
import { isAlive, waitForEnd } from './processes';

const PACKAGE = resolve(__dirname, '..');

describe('the private server', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'embedded-mongo-'));
  });

  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });

  async function withClient<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 3_000 });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  it('keeps data over a restart on the same port, behind a password', async () => {
    const dataDir = join(root, 'data');
    const first = await startEmbeddedMongo({ dataDir, durable: true });
    await withClient(first.uri, (client) =>
      client.db('a').collection<{ _id: string }>('things').insertOne({ _id: 'kept' }),
    );
    const anonymous = `mongodb://127.0.0.1:${first.port}/?directConnection=true`;
    await expect(withClient(anonymous, (client) => client.db('a').collection('things').findOne())).rejects.toThrow(
      /auth/i,
    );
    const wrong = first.uri.replace(/:[^:@]+@/, ':wrong@');
    await expect(withClient(wrong, (client) => client.db('a').collection('things').findOne())).rejects.toThrow();
    expect((await stat(join(dataDir, 'database-credentials.json'))).mode & 0o777).toBe(0o600);
    await expect(startEmbeddedMongo({ dataDir, durable: true })).rejects.toBeInstanceOf(DataDirInUseError);
    await first.stop();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const again = await startEmbeddedMongo({ dataDir, durable: true, port: first.port });
    expect(again.port).toBe(first.port);
    expect(await withClient(again.uri, (client) => client.db('a').collection('things').countDocuments())).toBe(1);
    await again.stop();
  });

  it('tells when it dies, and starts again without a hand', async () => {
    const dataDir = join(root, 'dies');
    let told: (value: unknown) => void = () => undefined;
    const exit = new Promise((resolveExit) => {
      told = resolveExit;
    });
    const watched = await startEmbeddedMongo({
      dataDir,
      durable: true,
      onExit: (info) => {
        told(info);
      },
    });
    process.kill(watched.pid, 'SIGKILL');
    await exit;
    const again = await startEmbeddedMongo({ dataDir, durable: true, port: watched.port });
    expect(await withClient(again.uri, (client) => client.db('a').command({ ping: 1 }))).toMatchObject({ ok: 1 });
    await again.stop();
  });

  it('takes over the lock of a process that is gone', async () => {
    const dataDir = join(root, 'stale');
    const server = await startEmbeddedMongo({ dataDir, durable: false });
    await server.stop();
    await writeFile(join(dataDir, 'server.lock'), JSON.stringify({ pid: process.pid, startTime: '1' }));
    const again = await startEmbeddedMongo({ dataDir, durable: false });
    await again.stop();
  });

  it('lets one of two simultaneous starts win', async () => {
    const dataDir = join(root, 'race');
    const results = await Promise.allSettled([1, 2, 3].map(() => startEmbeddedMongo({ dataDir, durable: false })));
    const started = results.filter((result) => result.status === 'fulfilled');
    expect(started).toHaveLength(1);
    for (const result of started) await result.value.stop();
  });

  it('ends with a parent that is killed, and loses nothing acknowledged', async () => {
    const dataDir = join(root, 'orphan');
    const script = `
      const { startEmbeddedMongo } = require(${JSON.stringify(PACKAGE)});
      const { MongoClient } = require('mongodb');
      void (async () => {
        const server = await startEmbeddedMongo({ dataDir: ${JSON.stringify(dataDir)}, durable: true });
        const client = new MongoClient(server.uri);
        console.log('pid ' + server.pid);
        for (let n = 1; ; n += 1) { await client.db('a').collection('writes').insertOne({ _id: n }); console.log('acknowledged ' + n); }
      })();`;
    const parent = spawn(process.execPath, ['-e', script], { cwd: PACKAGE, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    await new Promise<void>((enough) => {
      parent.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('acknowledged 50\n')) enough();
      });
    });
    parent.kill('SIGKILL');
    await once(parent, 'close');
    const pid = Number(/pid (\d+)/.exec(output)?.[1]);
    expect(await waitForEnd(pid, 15_000)).toBe(true);
    const acknowledged = output.match(/acknowledged \d+\n/g)?.length ?? 0;
    const server = await startEmbeddedMongo({ dataDir, durable: true });
    const stored = await withClient(server.uri, (client) => client.db('a').collection('writes').countDocuments());
    expect(stored).toBeGreaterThanOrEqual(acknowledged);
    expect(stored).toBeLessThanOrEqual(acknowledged + 1);
    await server.stop();
  });

  it('starts and stops in a process that has nothing else to do', async () => {
    // The end of the first start (without users) was waited for by nothing that kept Node alive: it left, with code 0.
    for (let round = 0; round < 8; round += 1) {
      const script = `
        const { startEmbeddedMongo } = require(${JSON.stringify(PACKAGE)});
        void startEmbeddedMongo({ dataDir: ${JSON.stringify(join(root, `alone-${round}`))}, durable: false })
          .then((server) => server.stop())
          .then(() => console.log('stopped'));`;
      const alone = spawn(process.execPath, ['-e', script], { cwd: PACKAGE, stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      alone.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      await once(alone, 'close');
      expect(output).toBe('stopped\n');
    }
  }, 60_000);

  it('refuses a fetched package with another checksum, and a system it has no engine for', async () => {
    const cacheDir = join(root, 'cache');
    const lines: string[] = [];
    const run = async (_command: string, args: readonly string[]) => {
      const target = args[args.indexOf('-d') + 1] ?? '';
      await writeFile(join(target, 'SecantusDB-0.whl'), 'not the engine');
      return { code: 0, output: '' };
    };
    await expect(
      fetchEngine({ log: (line) => lines.push(line), cacheDir, run, platform: 'linux', arch: 'x64' }),
    ).rejects.toThrow('checksum');
    expect(lines[0]).toMatch(/Fetching the database engine: package SecantusDB .* 23 MB/);
    const failing = () => Promise.resolve({ code: 1, output: 'No module named pip' });
    await expect(
      fetchEngine({ log: () => undefined, cacheDir, run: failing, platform: 'linux', arch: 'x64' }),
    ).rejects.toThrow(/MONGODB_URI[\s\S]*mongod[\s\S]*docker compose/);
    const unwritable = join(cacheDir, 'a-file');
    await writeFile(unwritable, '');
    await expect(
      fetchEngine({ log: () => undefined, cacheDir: unwritable, run, platform: 'linux', arch: 'x64' }),
    ).rejects.toThrow(/cannot be written[^]*MONGODB_URI/);
    await expect(fetchEngine({ log: () => undefined, cacheDir, platform: 'darwin', arch: 'arm64' })).rejects.toThrow(
      'Linux x86_64 only',
    );
  });

  it('recognises mongod by version and starts it with authentication', async () => {
    expect([
      parseVersion('db version v8.0.4\nBuild Info'),
      parseVersion('db version v6.0.1'),
      parseVersion(''),
    ]).toEqual(['8.0.4', null, null]);
    expect(mongodArguments('/d', '/k', 27_017, true)).toEqual(
      expect.arrayContaining(['--auth', '--keyFile', '/k', '--bind_ip', '127.0.0.1', '--replSet']),
    );
    expect(await readFile(join(PACKAGE, 'README.md'), 'utf8')).toContain('GPL');
  });
});
