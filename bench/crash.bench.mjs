/** Fifty rounds of writes of every kind by 16 people, ended by SIGKILL; options: rounds, seed. Then everything is recounted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const [rounds = '50', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2).filter((word) => word !== 'crash');
// The same code as in `npm run verify`, where it runs for six rounds: what is right is judged by its assertions.
const root = resolve(import.meta.dirname, '..');
const run = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'app', 'apps/api/test/process/crash.spec.ts'],
  {
    cwd: root,
    env: { ...process.env, CRASH_ROUNDS: rounds, CRASH_SEED: seed, CRASH_ROUND_MS: '5000' },
    stdio: 'inherit',
  },
);
const [code] = await once(run, 'exit');
process.exit(code ?? 1);
