/** `npm run build`: everything under packages/ and apps/. */
import './lib/node-version.mjs';
import { build } from './lib/build.mjs';
import { script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { step } from './lib/progress.mjs';

await script(async () => {
  await ensureInstalled();
  await step('build', () => build());
});
