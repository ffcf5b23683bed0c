import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EngineOptions, RunningEngine } from './engine';
import { findMongod, startMongod } from './engine-mongod';
import { startSecantus } from './engine-secantus';
import { fetchEngine } from './fetch';
import { endOrphan, type ProcessExit } from './guarded-process';
import { lockFolder } from './lock';

export { DataDirInUseError, NoEngineError } from './errors';
export type { ProcessExit } from './guarded-process';

/** What {@link startEmbeddedMongo} takes. */
export interface EmbeddedMongoOptions {
  /** Folder of the data, made if missing; one server at a time. */
  readonly dataDir: string;
  /** Acknowledged writes survive a kill of the server; slower. */
  readonly durable: boolean;
  /** Port to listen on; default a free one. A restart after a crash names the old one, so that clients find it. */
  readonly port?: number;
  /** Told about everything that takes long. */
  readonly log?: (line: string) => void;
  /** Told when the server ends without having been stopped. */
  readonly onExit?: (exit: ProcessExit) => void;
}

/** A running private server. */
export interface EmbeddedMongo {
  /** Connection string with user and password, for the unmodified driver. */
  readonly uri: string;
  readonly engine: 'mongod' | 'secantus';
  readonly version: string;
  readonly pid: number;
  readonly port: number;
  /** Ends the server in order and gives the folder back; repeating it is harmless. */
  stop(): Promise<void>;
}

/**
 * Starts a private MongoDB-compatible server on loopback and resolves when it answers; it ends with this process,
 * however this process ends. `mongod` 7.0 or newer is used when it is on the PATH, else the pinned engine, which is
 * fetched on first use.
 * @throws DataDirInUseError, NoEngineError
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const log = options.log ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataDir);
  try {
    await endOrphan(dataDir);
    const running = await startEngine({ dataDir, durable: options.durable, port: options.port ?? 0 }, log);
    let stopped = false;
    void running.process.exited.then(async (exit) => {
      if (stopped) return;
      await lock.release();
      options.onExit?.(exit);
    });
    return {
      uri: running.uri,
      engine: running.engine,
      version: running.version,
      pid: running.process.pid,
      port: running.port,
      stop: async () => {
        if (stopped) return;
        stopped = true;
        await running.process.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startEngine(options: EngineOptions, log: (line: string) => void): Promise<RunningEngine> {
  const version = await findMongod();
  if (version !== null) return startMongod(version, options);
  return startSecantus(await fetchEngine({ log }), options);
}
