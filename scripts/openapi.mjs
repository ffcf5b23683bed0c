/**
 * `npm run openapi`: writes openapi.json from the build, and the types of packages/client from it. With `--out FILE`
 * only the description is written, to that file. The arguments are read by the command itself.
 */
import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { Failure, script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';

await script(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const args = process.argv.slice(2);
  const code = await handOver(process.execPath, [inRoot('apps', 'api', 'dist', 'cli', 'openapi.js'), ...args]);
  if (code !== 0) throw new Failure('The API description could not be made from the build.', { exitCode: code });
  if (args.some((word) => word === '--out' || word.startsWith('--out='))) return;
  // imported here: nothing of it is needed, or installed, before the first lines of this script
  const { writeClientSchema } = await import('./lib/client-schema.mjs');
  await writeClientSchema();
});
