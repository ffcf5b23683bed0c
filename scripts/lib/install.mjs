import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';
import { step } from './progress.mjs';
import { capture } from './run.mjs';

const LOCK = inRoot('package-lock.json');
const STAMP = inRoot('node_modules', '.diabcare-installed');
/** npm's own record of what it installed, written last: it exists only after a complete run. */
const INSTALLED = inRoot('node_modules', '.package-lock.json');

/** A deployed copy holds `dist` but no sources: whoever packaged it has installed and built it already. */
export function hasSources() {
  return existsSync(inRoot('apps', 'api', 'src'));
}

/** Installs the locked packages when they are missing or differ from the lock file; costs a hash otherwise. */
export async function ensureInstalled() {
  if (!hasSources()) return;
  const wanted = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  if (!isInstalledByHand()) await step('install the locked packages', installLocked);
  writeFileSync(STAMP, wanted);
}

/** True after somebody's own `npm ci` or `npm install`: everything locked is there, except other platforms' binaries. */
function isInstalledByHand() {
  if (!existsSync(INSTALLED)) return false;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/** `npm ci`, development packages included even under NODE_ENV=production: the build and the checks need them. */
async function installLocked() {
  const [command, ...first] = npmCommand();
  // npm's own pauses between attempts would keep somebody without a network waiting for more than a minute
  const patience = ['--fetch-retry-mintimeout=5000', '--fetch-retry-maxtimeout=10000'];
  const args = [...first, 'ci', '--include=dev', '--prefer-offline', '--no-progress', ...patience];
  const { code, output } = await capture(command, args);
  if (code !== 0) throw new Failure(explain(output), { output });
}

/** The npm that started this script, else the one on PATH. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli !== undefined && cli.endsWith('npm-cli.js') ? [process.execPath, cli] : ['npm'];
}

/** Says in one sentence whether the network or something else stood in the way. */
function explain(output) {
  const network = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/.exec(
    output,
  );
  if (network !== null) {
    return `The packages could not be fetched: npm did not reach its registry (${network[0]}). Check the network or "npm config get registry", then run the command again.`;
  }
  return 'npm could not install the locked packages; its own words are above.';
}
