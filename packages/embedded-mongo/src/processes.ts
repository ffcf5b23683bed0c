import { readFile } from 'node:fs/promises';

/** Identity of a process: ids are used again, ids with a start time are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, from /proc; null where there is none. */
  readonly startTime: string | null;
}

/** Is there a process with this id? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, or null where the system does not tell. */
export async function startTimeOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command, may hold spaces and parentheses: count from its end.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Is the very process still running that was recorded? */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  if (!isAlive(identity.pid)) return false;
  return identity.startTime === null || (await startTimeOf(identity.pid)) === identity.startTime;
}

/** Does the process's command line mention this text? True where the system does not tell. */
export async function commandMentions(pid: number, text: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(text);
  } catch {
    return true;
  }
}

/** Waits until a process has ended; false when it has not after `boundMs`. */
export async function waitForEnd(pid: number, boundMs: number): Promise<boolean> {
  const until = Date.now() + boundMs;
  while (isAlive(pid)) {
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
