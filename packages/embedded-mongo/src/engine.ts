import type { GuardedProcess } from './guarded-process';

/** What every engine is started with. */
export interface EngineOptions {
  readonly dataDir: string;
  readonly durable: boolean;
  /** 0: a free one. */
  readonly port: number;
}

/** A started engine. */
export interface RunningEngine {
  readonly engine: 'mongod' | 'secantus';
  readonly version: string;
  readonly port: number;
  readonly process: GuardedProcess;
  readonly uri: string;
}
