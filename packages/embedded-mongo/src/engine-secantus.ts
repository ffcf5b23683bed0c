import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { loadCredentials, markCreated } from './credentials';
import { ENGINE_VERSION } from './fetch';
import { type GuardedProcess, startGuarded } from './guarded-process';
import type { EngineOptions, RunningEngine } from './engine';

const READY_BOUND_MS = 30_000;
const LISTENING = /listening on 127\.0\.0\.1:(\d+)/;

/** Starts the pinned engine: once without authentication to make the user, then with it. */
export async function startSecantus(binary: string, options: EngineOptions): Promise<RunningEngine> {
  const storage = join(options.dataDir, 'db');
  await mkdir(storage, { recursive: true, mode: 0o700 });
  let credentials = await loadCredentials(options.dataDir);
  if (!credentials.created) {
    const open = await launch(binary, storage, { ...options, port: 0 }, false);
    await createUser(open.port, credentials.user, credentials.password);
    await open.process.stop();
    credentials = await markCreated(options.dataDir, credentials);
  }
  const { process, port } = await launch(binary, storage, options, true);
  const auth = `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}`;
  return {
    engine: 'secantus',
    version: ENGINE_VERSION,
    port,
    process,
    uri: `mongodb://${auth}@127.0.0.1:${port}/diabcare?authSource=admin&replicaSet=secantus&directConnection=false`,
  };
}

async function launch(
  binary: string,
  storage: string,
  options: EngineOptions,
  auth: boolean,
): Promise<{ process: GuardedProcess; port: number }> {
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    String(options.port),
    '--storage-path',
    storage,
    '--cache-size',
    '256M',
    '--log-file-max',
    '128MB',
    '--log-level',
    'WARNING',
  ];
  if (auth) args.push('--auth');
  if (options.durable) args.push('--sync-on-commit');
  const process = await startGuarded(options.dataDir, binary, args);
  const until = Date.now() + READY_BOUND_MS;
  for (;;) {
    const output = await process.output();
    const match = LISTENING.exec(output);
    if (match !== null) return { process, port: Number(match[1]) };
    if (process.hasEnded() || Date.now() > until) {
      await process.stop().catch(() => undefined);
      throw new Error(`The database did not start: ${output.trim().split('\n').slice(-3).join(' | ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

async function createUser(port: number, user: string, password: string): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await client.connect();
    await client.db('admin').command({ createUser: user, pwd: password, roles: [{ role: 'root', db: 'admin' }] });
  } finally {
    await client.close();
  }
}
