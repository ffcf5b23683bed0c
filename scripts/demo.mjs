/** `npm run demo`: loads the demo data into the configured database; repeatable. The arguments are read by the command itself. */
import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { importFile } from './lib/paths.mjs';

await script(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await importFile('apps', 'api', 'dist', 'cli', 'demo.js');
});
