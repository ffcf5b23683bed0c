/** `npm run openapi`: writes openapi.json from the build (`--out FILE` writes elsewhere). The arguments are read by the command itself. */
import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { importFile } from './lib/paths.mjs';

await script(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await importFile('apps', 'api', 'dist', 'cli', 'openapi.js');
});
