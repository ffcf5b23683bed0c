/**
 * `npm start`: the built server and nothing else - no install, no build, no output of its own. The server runs in this
 * process, so a signal reaches it directly.
 */
import './lib/node-version.mjs';
import { existsSync } from 'node:fs';
import { Failure, script } from './lib/failure.mjs';
import { importFile, inRoot } from './lib/paths.mjs';

await script(async () => {
  if (!existsSync(inRoot('node_modules'))) {
    throw new Failure(
      'The packages are not installed: run "npm ci" and "npm run build" first, or "npm run quickstart".',
    );
  }
  if (!existsSync(inRoot('apps', 'api', 'dist', 'main.js'))) {
    throw new Failure('The server is not built: run "npm run build" first, or "npm run quickstart".');
  }
  await importFile('apps', 'api', 'dist', 'main.js');
});
