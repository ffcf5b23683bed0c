import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { inRoot, ROOT } from './paths.mjs';
import { statusOfCurl } from './curl.mjs';

const READY_TIMEOUT_MS = 120_000;
const EXIT_TIMEOUT_MS = 20_000;
const LEFTOVER_TIMEOUT_MS = 2_000;
const MARK = 'DIABCARE_SMOKE_TEST';
const ROLES = ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'];

/**
 * Does what a newcomer does: starts quickstart on an empty folder, believes what it prints, runs the printed curl
 * line, presses Ctrl-C. Resolves with the number of things checked; the failure carries what quickstart printed.
 */
export async function smokeTest() {
  const folder = mkdtempSync(join(tmpdir(), 'diabcare-smoke-'));
  const run = startQuickstart(folder);
  try {
    return await check(run);
  } catch (error) {
    if (error instanceof Failure) error.output = `${run.output()}\n${error.output}`;
    throw error;
  } finally {
    for (const pid of leftovers(run)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The checks in the order in which a newcomer would notice; one failure ends them. */
async function check(run) {
  await waitFor(() => /https?:\/\/\S+:\d+/.test(run.output()) && curlLine(run) !== undefined, READY_TIMEOUT_MS, run);
  const missing = ROLES.filter((role) => !new RegExp(`^\\s*${role}\\s+\\S+@\\S+\\s+\\S+`, 'm').test(run.output()));
  expect(missing.length === 0, `quickstart printed no demo account for ${missing.join(', ')}.`);
  const status = await statusOfCurl(curlLine(run));
  expect(status === 200, `The printed curl line answered ${status} instead of 200.`);
  process.kill(run.pid, 'SIGINT');
  const code = await Promise.race([run.exited, pause(EXIT_TIMEOUT_MS, 'no exit', { ref: false })]);
  expect(code === 0, `quickstart ended with ${code} instead of 0 after Ctrl-C.`);
  const until = Date.now() + LEFTOVER_TIMEOUT_MS;
  while (leftovers(run).length > 0 && Date.now() < until) await pause(50);
  expect(
    leftovers(run).length === 0,
    `After the end of quickstart these processes still ran: ${leftovers(run).join(', ')}.`,
  );
  return ['address and curl line', 'accounts', 'curl answer', 'exit code', 'nothing left'].length;
}

/** Starts it as its own process group, with settings of the caller's database and secrets out of the way. */
function startQuickstart(folder) {
  const mark = randomUUID();
  const child = spawn(process.execPath, [inRoot('scripts', 'quickstart.mjs'), '--port', '0', '--data', folder], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [MARK]: mark, MONGODB_URI: '', JWT_SECRET: '', HOST: '', PUBLIC_URL: '', LOG_PRETTY: '' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  const run = { pid: child.pid, mark, code: undefined, output: () => text };
  run.exited = new Promise((done) => {
    child.on('close', (code, signal) => done((run.code = code ?? signal)));
  });
  return run;
}

function curlLine(run) {
  return /^\W*(curl\s.+)$/m.exec(run.output())?.[1].trim();
}

async function waitFor(condition, timeoutMs, run) {
  const until = Date.now() + timeoutMs;
  while (!condition()) {
    expect(run.code === undefined, `quickstart ended with ${run.code} before it was ready.`);
    expect(Date.now() < until, `quickstart printed no address and curl line within ${timeoutMs / 1000} s.`);
    await pause(50);
  }
}

function expect(condition, message) {
  if (!condition) throw new Failure(`Smoke test: ${message}`);
}

/**
 * Processes that quickstart started and that still run. They are found by a mark in their environment, which a child
 * inherits even when it leaves the process group; where there is no /proc, by the group.
 */
function leftovers(run) {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter(
        (name) =>
          /^\d+$/.test(name) && Number(name) !== process.pid && environment(name).includes(`${MARK}=${run.mark}`),
      )
      .map(Number);
  }
  try {
    process.kill(-run.pid, 0);
    return [-run.pid];
  } catch {
    return [];
  }
}

/** A process may end while it is looked at, and others' environments are closed to us: both read as empty. */
function environment(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
