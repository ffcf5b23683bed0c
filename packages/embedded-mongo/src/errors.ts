/** Another live process serves this folder. */
export class DataDirInUseError extends Error {
  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(
      `The data folder ${dataDir} is in use by another server (process ${pid}). Stop it, or choose another folder.`,
    );
    this.name = 'DataDirInUseError';
  }
}

/** No server could be found or fetched; the text names the ways out. */
export class NoEngineError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(
      `No database server is available: ${reason}\n` +
        'Choose one of these:\n' +
        '  1. set MONGODB_URI to a MongoDB replica set (8.0 or newer recommended);\n' +
        '  2. install mongod 7.0 or newer, so that it is on the PATH;\n' +
        '  3. start one with `docker compose -f deploy/compose.yaml up`.',
      cause === undefined ? undefined : { cause },
    );
    this.name = 'NoEngineError';
  }
}
