/** Sends, judges, keeps what was found. */
import { judge, judgeBytes, slow } from './judge.mjs';
import { CallerIds, IdPool } from './pool.mjs';
import { seeded } from './random.mjs';
import { makeRequest, operationsOf } from './request.mjs';
import { RAW, sender } from './send.mjs';
import { makeWorld } from './world.mjs';

const CONNECTIONS = 16;
const ROLES = ['anonymous', 'PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'];
/** After so many requests most of the people have signed out, been changed or erased: new ones come. */
const WORLD_LASTS = 1_000;
const SHOWN = 600;
const TOLD_EVERY = 50_000;
const ATTEMPTS = 3;
/** Codes of a token that is of no use any more. */
const GONE = /SESSION_REVOKED|TOKEN_(?:INVALID|EXPIRED)/;
/** Resident memory may grow by so much between the second and the last quarter: collections come when they like. */
const GROWTH = { factor: 1.25, mib: 48 };

/** One finding for people: what was asked as whom, what is wrong, how to ask again. */
function shown(request, role, problem, seed, number) {
  const body = request.body === undefined ? '' : ` body ${String(request.body).slice(0, SHOWN)}`;
  const headers = JSON.stringify({ ...request.headers, authorization: request.headers.authorization?.slice(0, 16) });
  const path = request.path.slice(0, SHOWN);
  return `seed ${seed} request ${number} as ${role}: ${request.method} ${path}\n  ${problem}\n  headers ${headers.slice(0, SHOWN)}${body}`;
}

/** Slow, or a readiness check that gave up: to be asked again when nothing else runs. */
function suspicious(request, answer) {
  return slow(answer) || (answer.status === 503 && request.template === '/api/health/ready');
}

/** The state of a run. */
class Run {
  findings = new Map();
  suspects = [];
  statuses = new Map();
  slowest = 0;
  sent = 0;
  memory = [];

  constructor(stage, options, description) {
    Object.assign(this, { stage, options, description });
    this.total = options.perRole * ROLES.length;
    this.operations = operationsOf(description);
    this.pool = new IdPool(seeded(options.seed));
    this.sender = sender(stage.api, CONNECTIONS);
    this.judged = judge(description, () => [this.world.secret]);
  }

  /** Kinds of findings count once: the same defect is met a hundred times. */
  found(key, text) {
    if (this.findings.has(key)) return;
    this.findings.set(key, text);
    // At once as well: a run of hours that is stopped has not been for nothing.
    this.options.tell?.(text);
  }

  async batch(from, to) {
    this.world = await this.newWorld();
    let next = from;
    const worker = async () => {
      while (next < to) await this.one(next++);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  }

  async one(number) {
    const random = seeded(this.options.seed * 7_919 + number);
    if (random.chance(0.01)) return this.bytes(random.pick(RAW), number);
    const role = ROLES[number % ROLES.length];
    const caller = this.world.callers[role];
    const operation = this.operations[Math.floor(number / ROLES.length) % this.operations.length];
    const ids = new CallerIds(this.pool, caller);
    const request = makeRequest(operation, this.description, caller, ids, random);
    const answer = await this.sender.send(request);
    this.sent += 1;
    this.slowest = Math.max(this.slowest, answer.ms);
    if (suspicious(request, answer)) {
      this.suspects.push({ request, role, number });
      return;
    }
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    const problem = this.judged(request, answer);
    if (problem !== null) this.foundBy(request, role, number, problem, answer);
    if (answer.status < 300 && answer.headers['content-type']?.includes('json') === true)
      this.pool.gather(request.template, JSON.parse(answer.text));
    if (answer.status === 401 && request.tokenSent && GONE.test(answer.text)) await this.revive(role);
  }

  foundBy(request, role, number, problem, answer) {
    const text = shown(request, role, `${problem}\n  ${answer.text?.slice(0, SHOWN) ?? ''}`, this.options.seed, number);
    this.found(`${request.method} ${request.template} ${problem.slice(0, 60)}`, text);
  }

  /** A busy machine is slow by itself: only what is slow alone, each time, is slow. */
  async askAgain() {
    for (const { request, role, number } of this.suspects) {
      let answer;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        answer = await this.sender.send(request);
        if (!suspicious(request, answer)) break;
      }
      if (suspicious(request, answer))
        this.foundBy(request, role, number, `status ${answer.status} after ${Math.round(answer.ms)} ms, alone`, answer);
    }
  }

  async bytes(bytes, number) {
    const problem = judgeBytes(await this.sender.sendBytes(bytes));
    this.sent += 1;
    if (problem !== null)
      this.found(
        `bytes ${bytes}`,
        `seed ${this.options.seed} request ${number}: ${problem}\n  ${bytes.toString('latin1').slice(0, SHOWN)}`,
      );
  }

  /** New people; on a machine that is busy with other things a sign-up may be told to come back. */
  async newWorld() {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await makeWorld(this.stage.api, this.stage.admin, this.pool);
      } catch (error) {
        if (attempt === ATTEMPTS || !String(error).includes('"UNAVAILABLE"')) throw error;
        await new Promise((wait) => setTimeout(wait, 2_000));
      }
  }

  /** Somebody who ended the own session, or was erased, is followed by somebody new. */
  async revive(role) {
    this.reviving ??= this.newWorld().finally(() => (this.reviving = undefined));
    const world = await this.reviving;
    this.world.callers[role] = world.callers[role];
  }
}

/** Fuzzes a running server; answers a summary and the findings. */
export async function fuzz(stage, options) {
  const description = await (await fetch(`${stage.api}/openapi.json`)).json();
  const run = new Run(stage, options, description);
  const startedAt = performance.now();
  for (let from = 0; from < run.total; from += WORLD_LASTS) {
    await run.batch(from, Math.min(run.total, from + WORLD_LASTS));
    run.memory.push(stage.residentMiB());
    if ((from + WORLD_LASTS) % TOLD_EVERY === 0)
      options.tell?.(summaryOf(run, (performance.now() - startedAt) / 1_000));
  }
  await run.askAgain();
  for (const text of memoryOf(run)) run.found('memory', text);
  run.sender.close();
  return {
    summary: summaryOf(run, (performance.now() - startedAt) / 1_000),
    findings: [...run.findings.values()],
  };
}

function quarter(values, which) {
  const size = Math.ceil(values.length / 4);
  return Math.min(...values.slice(which * size, (which + 1) * size));
}

function memoryOf({ memory }) {
  if (memory.length < 8) return [];
  const [early, late] = [quarter(memory, 1), quarter(memory, 3)];
  if (late <= early * GROWTH.factor + GROWTH.mib) return [];
  return [`memory grew from ${Math.round(early)} to ${Math.round(late)} MiB: ${memory.map(Math.round).join(' ')}`];
}

function summaryOf(run, seconds) {
  const statuses = [...run.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return [
    `fuzz: seed ${run.options.seed}, ${run.sent} requests in ${Math.round(seconds)} s, ${run.findings.size} findings, ${run.suspects.length} asked again alone`,
    `statuses ${statuses.join(', ')}`,
    `slowest ${Math.round(run.slowest)} ms, resident memory ${run.memory.map(Math.round).slice(-1)} MiB`,
  ].join('\n');
}
