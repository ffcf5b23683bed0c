/** Two minutes of fifty people on two servers of which one is killed every ten seconds; everything must be right after. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

// The same code as in `npm run verify`, where it runs for twenty seconds: what is right is judged by its assertions.
const root = resolve(import.meta.dirname, '..');
const run = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'app', 'apps/api/test/process/soak.spec.ts'],
  { cwd: root, env: { ...process.env, SOAK_SECONDS: process.env.SOAK_SECONDS ?? '120' }, stdio: 'inherit' },
);
const [code] = await once(run, 'exit');
process.exit(code ?? 1);
