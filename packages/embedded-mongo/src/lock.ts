import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirInUseError } from './errors';
import { isSameProcess, type ProcessIdentity, startTimeOf } from './processes';

const LOCK_FILE = 'server.lock';
const ATTEMPTS = 20;

/** The right to serve a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

async function readLock(path: string): Promise<{ text: string; owner: ProcessIdentity } | null> {
  try {
    const text = await readFile(path, 'utf8');
    const owner = JSON.parse(text) as Partial<ProcessIdentity>;
    return { text, owner: { pid: Number(owner.pid), startTime: owner.startTime ?? null } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    // Half-written files do not occur: a lock appears by link, complete. What is unreadable belongs to nobody.
    if (!(error instanceof SyntaxError)) throw error;
    return { text: await readFile(path, 'utf8').catch(() => ''), owner: { pid: 0, startTime: null } };
  }
}

/**
 * Takes the folder for this process. A lock whose process has ended is taken over, whatever ended it; of two processes
 * that try at once one wins.
 * @throws DataDirInUseError while another process serves the folder
 */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  const path = join(dataDir, LOCK_FILE);
  const own = JSON.stringify({ pid: process.pid, startTime: await startTimeOf(process.pid), id: randomUUID() });
  const temporary = join(dataDir, `${LOCK_FILE}.${randomUUID()}`);
  await writeFile(temporary, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await tryLink(temporary, path)) return { release: () => releaseIfOwn(path, own) };
      const held = await readLock(path);
      if (held === null) continue;
      if (held.owner.pid > 0 && (await isSameProcess(held.owner))) throw new DataDirInUseError(dataDir, held.owner.pid);
      await removeStale(path, held.text);
    }
    throw new DataDirInUseError(dataDir, 0);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a stale lock aside; one that turns out to be somebody's new lock is put back. */
async function removeStale(path: string, staleText: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8').catch(() => staleText)) !== staleText)
    await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

async function releaseIfOwn(path: string, own: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === own) await unlink(path).catch(() => undefined);
}
