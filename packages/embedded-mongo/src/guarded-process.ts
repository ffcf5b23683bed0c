import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandMentions, isAlive, waitForEnd } from './processes';

/**
 * Runs a command until it ends, is told to by TERM, or descriptor 3 closes, which happens when the process that holds
 * its other end dies, however it dies. A shell is the one supervisor that every system has.
 * Arguments: grace in tenths of a second, file for the command's process id, command ...
 */
const WATCHDOG = `
grace=$1; pidfile=$2; shift 2
"$@" </dev/null 3<&- &
child=$!
echo $child > "$pidfile"
trap 'kill -TERM $child 2>/dev/null' TERM
( trap '' TERM INT; cat <&3 >/dev/null
  kill -TERM $child 2>/dev/null
  n=0; while [ $n -lt $grace ] && kill -0 $child 2>/dev/null; do sleep 0.1; n=$((n+1)); done
  kill -KILL $child 2>/dev/null ) &
watcher=$!
exec 3<&-
while :; do wait $child; code=$?; kill -0 $child 2>/dev/null || break; done
kill -KILL $watcher 2>/dev/null
exit $code
`;

const GRACE_TENTHS = 100;
const STOP_BOUND_MS = 15_000;
const PID_FILE = 'engine.pid';
const LOG_FILE = 'engine.log';

/** How a guarded process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A server process that ends with this one. */
export interface GuardedProcess {
  readonly pid: number;
  /** Everything it has printed. */
  output(): Promise<string>;
  /** Has it ended? */
  hasEnded(): boolean;
  /** Resolves when it has ended. */
  readonly exited: Promise<ProcessExit>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

async function readPid(path: string): Promise<number | null> {
  const pid = Number((await readFile(path, 'utf8').catch(() => '')).trim());
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

/** Ends what an earlier run may have left behind (its watchdog was killed together with its parent). */
export async function endOrphan(dataDir: string): Promise<void> {
  const path = join(dataDir, PID_FILE);
  const pid = await readPid(path);
  if (pid !== null && isAlive(pid) && (await commandMentions(pid, dataDir))) {
    process.kill(pid, 'SIGTERM');
    if (!(await waitForEnd(pid, STOP_BOUND_MS))) {
      process.kill(pid, 'SIGKILL');
      await waitForEnd(pid, STOP_BOUND_MS);
    }
  }
  await unlink(path).catch(() => undefined);
}

/** Starts a command under the watchdog, outside the terminal's process group: Ctrl-C reaches the server, not its database. */
export async function startGuarded(dataDir: string, command: string, args: readonly string[]): Promise<GuardedProcess> {
  const pidFile = join(dataDir, PID_FILE);
  const logFile = join(dataDir, LOG_FILE);
  await writeFile(logFile, '', { mode: 0o600 });
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn(
    'sh',
    ['-c', WATCHDOG, 'watchdog', String(GRACE_TENTHS), pidFile, command, ...args],
    {
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    },
  );
  closeSync(log);
  const state = { ended: false };
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('error', () => {
      resolve({ code: 127, signal: null });
    });
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  void exited.then(() => {
    state.ended = true;
  });
  child.stdio[3]?.on('error', () => undefined);
  // Neither the watchdog nor its pipe keeps this process alive.
  child.unref();
  (child.stdio[3] as unknown as { unref?: () => void }).unref?.();
  const pid = await waitForPid(pidFile, () => state.ended);
  return {
    pid,
    hasEnded: () => state.ended,
    exited: exited.then(async (exit) => {
      // The watchdog alone was killed: without it nobody would end the server.
      if (isAlive(pid)) await endOrphan(dataDir);
      return exit;
    }),
    output: () => readFile(logFile, 'utf8'),
    stop: async () => {
      // Who waits for the end must live to see it: with nothing else to do, Node would leave before, silently.
      child.ref();
      if (isAlive(pid)) process.kill(pid, 'SIGTERM');
      if (!(await waitForEnd(pid, STOP_BOUND_MS))) process.kill(pid, 'SIGKILL');
      await exited;
      await unlink(pidFile).catch(() => undefined);
    },
  };
}

async function waitForPid(path: string, hasEnded: () => boolean): Promise<number> {
  for (;;) {
    const pid = await readPid(path);
    if (pid !== null) return pid;
    if (hasEnded()) throw new Error('The database could not be started: no shell, or the program is missing');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
