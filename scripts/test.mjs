/** `npm test [-- PATTERN]`: all tests, or those whose file name contains PATTERN; other arguments go to vitest. */
import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';

await script(async () => {
  await ensureInstalled();
  // tests import the packages by name, that is their build
  await ensureBuilt(['packages']);
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = await handOver(process.execPath, [vitest, 'run', ...process.argv.slice(2)]);
});
