import { spawn } from 'node:child_process';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

const running = new Set();

/** A signal to the script alone (no terminal) must not leave its children behind. */
function onSignal(signal) {
  for (const child of running) child.kill(signal);
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/** The listeners exist only while a child runs: afterwards signals belong to the server. */
function track(child) {
  if (running.size === 0) {
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  }
  running.add(child);
}

function untrack(child) {
  running.delete(child);
  if (running.size === 0) {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** Ends what still runs, for instance the step beside one that has just failed. */
export function stopRunning() {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a command in the repository's folder and collects what it prints, in order. Resolves with `{ code, output }`,
 * whatever the code; rejects when the command cannot be started.
 */
export function capture(command, args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    track(child);
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => {
      untrack(child);
      reject(new Failure(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (code) => {
      untrack(child);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** Like {@link capture}, but a code other than 0 is a failure that carries the output. */
export async function mustRun(command, args, options = {}) {
  const { code, output } = await capture(command, args, options);
  if (code !== 0) throw new Failure(options.failure ?? `${args.join(' ')} ended with code ${code}.`, { output });
  return output;
}

/** Runs a command with the terminal handed over (colours, prompts) and resolves with its exit code. */
export function handOver(command, args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: 'inherit' });
    track(child);
    child.on('error', reject);
    child.on('close', (code) => {
      untrack(child);
      resolve(code ?? 1);
    });
  });
}
