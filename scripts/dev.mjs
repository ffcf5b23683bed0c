/**
 * `npm run dev`: the compiler watches the sources, and the server starts again after every compilation without errors.
 * Restarting on the compiler's word rather than on file events means a half-written build is never started.
 */
import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { ensureBuilt, projects } from './lib/build.mjs';
import { script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, ROOT } from './lib/paths.mjs';

const QUIET_MS = 400;

let server = null;
let stopping = false;

/** Starts the server unless one runs; it reads its settings as `npm start` does, with readable logs. */
function startServer() {
  const child = spawn(process.execPath, [inRoot('scripts', 'start.mjs')], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, LOG_PRETTY: 'true' },
  });
  server = child;
  child.on('exit', (code) => {
    if (server === child) server = null;
    if (!stopping && code !== 0) process.stdout.write('The server ended; it starts again after the next change.\n');
  });
}

/** Waits until the old server has let go of the port and the data folder before the next one starts. */
async function stopServer() {
  const child = server;
  if (child === null) return;
  server = null;
  await new Promise((done) => {
    child.on('exit', done);
    child.kill('SIGTERM');
  });
}

/** Waits for a moment of quiet, because one save can compile twice; restarts run one after the other. */
let chain = Promise.resolve();
let quiet = null;
function restart() {
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    chain = chain.then(async () => {
      await stopServer();
      if (!stopping) startServer();
    });
  }, QUIET_MS);
}

/** Passes the compiler's words on and reads from them when a compilation has ended well. */
function watchSources() {
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-b', '--watch', '--preserveWatchOutput', ...projects()];
  const compiler = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  compiler.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    if (/Found 0 errors/.test(text)) restart();
  });
  return compiler;
}

await script(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const compiler = watchSources();
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    clearTimeout(quiet);
    compiler.kill('SIGTERM');
    await stopServer();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
});
