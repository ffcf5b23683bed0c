/**
 * `npm run quickstart`: from a fresh clone to a running server with demo data. This file only prepares (packages,
 * build, options); the server then runs in this same process, so that Ctrl-C reaches it.
 */
import './lib/node-version.mjs';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt } from './lib/build.mjs';
import { Failure, script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { parseQuickstart } from './lib/options.mjs';
import { importFile } from './lib/paths.mjs';

/** Where the data lies, by the server's own order: option, environment, `.env`, default. */
function dataFolder(options) {
  const fromFile = existsSync('.env')
    ? /^\s*DATA_DIR\s*=\s*["']?([^"'\n#]+)/m.exec(readFileSync('.env', 'utf8'))
    : null;
  return resolve(options.dataDir ?? (process.env.DATA_DIR || (fromFile?.[1].trim() ?? '.data')));
}

/** Deleting data takes a yes: typed at the terminal, or given with --yes where nobody can be asked. */
async function confirmReset(options) {
  if (options.yes) return;
  const folder = dataFolder(options);
  if (!process.stdin.isTTY) throw new Failure(`--reset deletes the data in ${folder}: without a terminal add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await new Promise((done) => {
    terminal.on('close', () => done('')); // Ctrl-C or Ctrl-D is a no
    terminal.question(`Delete all data in ${folder}? Type "yes": `, done);
  });
  terminal.close();
  if (!/^(y|yes)$/i.test(answer.trim())) throw new Failure('Nothing was deleted, nothing was started.');
}

await script(async () => {
  const options = parseQuickstart(process.argv.slice(2));
  if (options.reset) await confirmReset(options);
  await ensureInstalled();
  await ensureBuilt();
  const { yes, ...forServer } = options;
  process.env.DIABCARE_QUICKSTART_OPTIONS = JSON.stringify(forServer);
  if (options.port !== undefined) process.env.PORT = String(options.port);
  if (options.dataDir !== undefined) process.env.DATA_DIR = options.dataDir;
  await importFile('apps', 'api', 'dist', 'cli', 'quickstart.js');
});
