import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BuiltServer } from '../built-server';
import { ACCOUNT_WRITES } from './account-writes';
import type { Acknowledged } from './acknowledged';
import { type Actor, CrashWorld } from './crash-world';
import { PATIENT_WRITES, type Write } from './patient-writes';
import { DOCTOR_WRITES, PHARMACIST_WRITES } from './professional-writes';
import { Chance } from './random';

const ROOT = resolve(__dirname, '../../../../..');
const TARGETS = ['server', 'database', 'both'] as const;
// A start after a crash: the engine's recovery, the server, and a slow machine.
const SERVING_MS = 90_000;
const LOOK_MS = 10_000;
// Leases of a dead server run out after 30 s; what waited behind them is told right after.
const SETTLED_MS = 150_000;

/** How hard the proof is. */
export interface CrashPlan {
  readonly rounds: number;
  readonly seed: number;
  /** Longest time from a start to the next kill. */
  readonly roundMs: number;
}

/** A server with its own database, 16 people who write, and a hand that kills. */
export class CrashStage {
  readonly kills: Record<string, number> = { server: 0, database: 0, both: 0 };
  /** From each kill until a request was answered well again, in milliseconds. */
  readonly servingAgainMs: number[] = [];
  readonly world: CrashWorld;
  private isOver = false;

  private constructor(
    readonly dataDir: string,
    readonly acknowledged: Acknowledged,
    private readonly plan: CrashPlan,
    private server: BuiltServer,
  ) {
    this.world = new CrashWorld(acknowledged, plan.seed);
    this.world.url = server.url;
  }

  static async start(dataDir: string, acknowledged: Acknowledged, plan: CrashPlan): Promise<CrashStage> {
    const stage = new CrashStage(dataDir, acknowledged, plan, await launch(dataDir));
    await stage.world.populate();
    return stage;
  }

  /** All rounds; everybody finishes what they have begun before it ends. */
  async run(): Promise<void> {
    const chance = new Chance(this.plan.seed);
    const { patients, doctors, pharmacists } = this.world;
    const writing = [
      ...patients.map((actor) => this.write(actor, PATIENT_WRITES)),
      ...doctors.map((actor) => this.write(actor, DOCTOR_WRITES)),
      ...pharmacists.map((actor) => this.write(actor, PHARMACIST_WRITES)),
    ];
    for (let round = 0; round < this.plan.rounds; round += 1) {
      await pause(150 + chance.next() * this.plan.roundMs);
      await this.kill(TARGETS[round % TARGETS.length] ?? 'both');
    }
    await pause(this.plan.roundMs);
    this.isOver = true;
    await Promise.all(writing);
  }

  /** Waits until all that was stored is delivered; answers what is left. */
  async settle(): Promise<number> {
    const until = Date.now() + SETTLED_MS;
    for (let quiet = 0; ;) {
      const text = await fetch(`${this.server.url}/metrics`).then((answer) => answer.text());
      const left = Number(/^outbox_pending (\d+)/m.exec(text)?.[1] ?? Number.NaN);
      quiet = left === 0 ? quiet + 1 : 0;
      // Twice: a delivery may have made further ones.
      if (quiet === 2 || Date.now() > until) return left;
      await pause(500);
    }
  }

  /** Ends the server in order and runs an operator's command on its data; answers what it printed. */
  async admin(...args: string[]): Promise<string> {
    await this.end();
    const run = promisify(execFile);
    const env = { ...process.env, DATA_DIR: this.dataDir, LOG_LEVEL: 'silent', JWT_SECRET: 'x'.repeat(40) };
    const { stdout } = await run(process.execPath, ['scripts/admin.mjs', ...args], { cwd: ROOT, env }).catch(
      (error: unknown) => error as { stdout: string },
    );
    return stdout;
  }

  /** Ends the server in order. */
  async end(): Promise<void> {
    this.isOver = true;
    if (this.server.child.exitCode === null && this.server.child.signalCode === null) await this.server.end('SIGTERM');
  }

  /** What was left of the server's own words; for a failure that has to be understood. */
  get printed(): string {
    return this.server.printed;
  }

  private async write(actor: Actor, own: readonly Write[]): Promise<void> {
    const writes = [...own, ...ACCOUNT_WRITES];
    while (!this.isOver) {
      const { kind, run } = actor.person.chance.weighted(writes);
      if (await run(actor, this.world)) this.acknowledged.count(kind);
      await pause(actor.person.chance.int(20, 150));
    }
  }

  private async kill(target: (typeof TARGETS)[number]): Promise<void> {
    const killedAt = Date.now();
    if (target !== 'server') await this.killDatabase();
    if (target !== 'database') {
      await this.server.end('SIGKILL');
      this.server = await launch(this.dataDir);
      this.world.url = this.server.url;
    }
    this.kills[target] = (this.kills[target] ?? 0) + 1;
    for (;;) {
      // Ready may still be said of a database that died a moment ago: only calls that use it count.
      const answers = await Promise.all([this.look('/health/ready'), this.look('/notifications/unread-count')]);
      // 401: this very person is changing the password; the session was looked up in the database.
      // Events that wait for their delivery make a server unready only after a minute; they are what `settle` is about.
      if (answers[0].includes('"database":"ok"') && /^(200|401)/.test(answers[1])) break;
      if (Date.now() > killedAt + SERVING_MS)
        throw new Error(`Not serving again ${target}: ${answers.join(' ')} ${this.server.printed}`);
      await pause(25);
    }
    this.servingAgainMs.push(Date.now() - killedAt);
  }

  /** Status and words of an answer, or why there is none. */
  private async look(path: string): Promise<string> {
    const { token } = this.world.patients[0]?.person ?? { token: '' };
    const headers = { authorization: `Bearer ${token}` };
    return fetch(`${this.server.url}${path}`, { headers, signal: AbortSignal.timeout(LOOK_MS) }).then(
      async (answer) => `${answer.status} ${await answer.text()}`,
      (error: unknown) => String(error),
    );
  }

  private async killDatabase(): Promise<void> {
    const pid = Number(await readFile(join(this.dataDir, 'mongo', 'engine.pid'), 'utf8').catch(() => ''));
    if (pid > 1) process.kill(pid, 'SIGKILL');
  }
}

function launch(dataDir: string): Promise<BuiltServer> {
  const unlimited = {
    LOGIN_MAX_FAILURES_PER_ACCOUNT: '0',
    LOGIN_MAX_FAILURES_PER_IP: '0',
    RATE_LIMIT_BULK_PER_MINUTE: '0',
  };
  return BuiltServer.start({ DATA_DIR: dataDir, LOG_LEVEL: 'error', ...unlimited });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
