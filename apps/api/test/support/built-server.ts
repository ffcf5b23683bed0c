import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Http } from './http';

const ROOT = resolve(__dirname, '../../../..');
// Far more than it takes; a machine that runs two suites at once is slow.
const READY_MS = 90_000;

/** Builds the server if its sources are newer than its build. */
export function ensureServerBuilt(): void {
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', "await (await import('./scripts/lib/build.mjs')).ensureBuilt()"],
    { cwd: ROOT, stdio: 'ignore' },
  );
}

/** The built server as its own process. */
export class BuiltServer {
  private output = '';

  private constructor(
    readonly child: ChildProcess,
    /** `http://127.0.0.1:PORT/api` once it listens. */
    public url: string,
  ) {}

  /** Starts it and waits until it listens. */
  static async start(environment: Record<string, string>): Promise<BuiltServer> {
    const server = BuiltServer.launch(environment);
    const until = Date.now() + READY_MS;
    for (;;) {
      const match = /DiabCare listening on (\S+)\n/.exec(server.output);
      if (match !== null) {
        server.url = `${match[1]}/api`;
        return server;
      }
      if (server.child.exitCode !== null || Date.now() > until)
        throw new Error(`The server did not start: ${server.output}`);
      await new Promise((wait) => setTimeout(wait, 20));
    }
  }

  /** Starts it without waiting. */
  static launch(environment: Record<string, string>): BuiltServer {
    const limits = Object.fromEntries(
      ['USER_PER_MINUTE', 'PUBLIC_PER_MINUTE', 'REGISTRATION_PER_HOUR', 'MESSAGES_PER_MINUTE'].map((name) => [
        `RATE_LIMIT_${name}`,
        '0',
      ]),
    );
    const child = spawn(process.execPath, ['apps/api/dist/main.js'], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: '0',
        JWT_SECRET: 'a-secret-for-process-tests-of-32-bytes',
        ...limits,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new BuiltServer(child, '');
    const keep = (chunk: Buffer): void => {
      server.output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    return server;
  }

  get http(): Http {
    return new Http(this.url);
  }

  /** Everything it has printed. */
  get printed(): string {
    return this.output;
  }

  /** Its log lines. */
  get log(): Record<string, unknown>[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Sends a signal and waits for the end; answers the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | string | null> {
    const closed = this.exit();
    this.child.kill(signal);
    return closed;
  }

  /** Waits for the end. */
  async exit(): Promise<number | string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode ?? this.child.signalCode;
  }
}
