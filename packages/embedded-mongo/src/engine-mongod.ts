import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { loadCredentials, markCreated } from './credentials';
import type { EngineOptions, RunningEngine } from './engine';
import { type GuardedProcess, startGuarded } from './guarded-process';

const execute = promisify(execFile);
const SET = 'diabcare';
const OLDEST_MAJOR = 7;
const READY_BOUND_MS = 60_000;

/** Version of `mongod` on the PATH when it is new enough, else null. */
export async function findMongod(): Promise<string | null> {
  try {
    const { stdout } = await execute('mongod', ['--version'], { timeout: 10_000 });
    return parseVersion(stdout);
  } catch {
    return null;
  }
}

/** The version in the output of `mongod --version`, if it is 7.0 or newer. */
export function parseVersion(output: string): string | null {
  const match = /db version v(\d+)\.(\d+)\.(\d+)/.exec(output);
  return match !== null && Number(match[1]) >= OLDEST_MAJOR ? `${match[1]}.${match[2]}.${match[3]}` : null;
}

/** Arguments of the single-node replica set. */
export function mongodArguments(dbPath: string, keyFile: string, port: number, durable: boolean): string[] {
  const args = [
    '--dbpath',
    dbPath,
    '--bind_ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--replSet',
    SET,
    '--auth',
    '--keyFile',
    keyFile,
    '--quiet',
  ];
  // Commits wait for the journal anyhow with majority writes; tests trade that for speed.
  return durable ? args : [...args, '--setParameter', 'journalCommitInterval=300'];
}

/** Starts `mongod` as a private single-node replica set with passwords. */
export async function startMongod(version: string, options: EngineOptions): Promise<RunningEngine> {
  const dbPath = join(options.dataDir, 'mongod');
  await mkdir(dbPath, { recursive: true, mode: 0o700 });
  const keyFile = await loadKeyFile(options.dataDir);
  const { port, changed } = await choosePort(options);
  const process = await startGuarded(
    options.dataDir,
    'mongod',
    mongodArguments(dbPath, keyFile, port, options.durable),
  );
  try {
    let credentials = await loadCredentials(options.dataDir);
    await waitUntilAnswering(port, process);
    if (!credentials.created) {
      await initiate(port, credentials.user, credentials.password);
      credentials = await markCreated(options.dataDir, credentials);
    } else if (changed) await reconfigure(port, credentials.user, credentials.password);
    const auth = `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}`;
    return {
      engine: 'mongod',
      version,
      port,
      process,
      uri: `mongodb://${auth}@127.0.0.1:${port}/diabcare?authSource=admin&replicaSet=${SET}`,
    };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

async function loadKeyFile(dataDir: string): Promise<string> {
  const path = join(dataDir, 'keyfile');
  await writeFile(path, randomBytes(96).toString('base64'), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  return path;
}

/** The folder's port, drawn once; a new one when it is taken, and then the set must be told. */
async function choosePort(options: EngineOptions): Promise<{ port: number; changed: boolean }> {
  const file = join(options.dataDir, 'port');
  const stored = Number(await readFile(file, 'utf8').catch(() => '0'));
  const wanted = options.port === 0 ? stored : options.port;
  const port = wanted > 0 && (await isFree(wanted)) ? wanted : await freePort();
  if (port !== stored) await writeFile(file, String(port), { mode: 0o600 });
  return { port, changed: stored !== 0 && port !== stored };
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('No free port'));
      });
    });
  });
}

function direct(port: number, auth = ''): MongoClient {
  return new MongoClient(`mongodb://${auth}127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=1000`);
}

async function waitUntilAnswering(port: number, process: GuardedProcess): Promise<void> {
  const until = Date.now() + READY_BOUND_MS;
  for (;;) {
    const client = direct(port);
    try {
      await client.db('admin').command({ ping: 1 });
      return;
    } catch (error) {
      if (process.hasEnded() || Date.now() > until)
        throw new Error(`mongod did not start: ${(await process.output()).trim().split('\n').at(-1) ?? ''}`, {
          cause: error,
        });
    } finally {
      await client.close();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The localhost exception lets the first user be made after the set has a primary. */
async function initiate(port: number, user: string, password: string): Promise<void> {
  const client = direct(port);
  try {
    const admin = client.db('admin');
    await admin.command({ replSetInitiate: { _id: SET, members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
    const until = Date.now() + READY_BOUND_MS;
    while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) {
      if (Date.now() > until) throw new Error('mongod did not become primary');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await admin.command({ createUser: user, pwd: password, roles: [{ role: 'root', db: 'admin' }] });
  } finally {
    await client.close();
  }
}

async function reconfigure(port: number, user: string, password: string): Promise<void> {
  const client = direct(port, `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  try {
    const admin = client.db('admin');
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as unknown as {
      config: { version: number; members: { host: string }[] };
    };
    const members = config.members.map((member) => ({ ...member, host: `127.0.0.1:${port}` }));
    await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
  } finally {
    await client.close();
  }
}
