import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Name, version and commit of the running code. */
export interface BuildInfo {
  readonly name: string;
  readonly version: string;
  readonly commit: string;
}

function repositoryRoot(from: string): string | null {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json'))) return folder;
  }
  return null;
}

function commitOf(root: string): string {
  try {
    const git = join(root, '.git');
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    if (!head.startsWith('ref: ')) return head;
    const reference = head.slice('ref: '.length);
    const file = join(git, reference);
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    const packed = readFileSync(join(git, 'packed-refs'), 'utf8')
      .split('\n')
      .find((line) => line.endsWith(` ${reference}`));
    return packed?.split(' ')[0] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Read once; a checkout without git (an image) says "unknown" unless a file COMMIT stands beside the lock file. */
export function readBuildInfo(): BuildInfo {
  const root = repositoryRoot(__dirname);
  if (root === null) return { name: 'diabcare', version: '0.0.0', commit: 'unknown' };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const stamp = join(root, 'COMMIT');
  return { name: 'diabcare', version, commit: existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : commitOf(root) };
}
