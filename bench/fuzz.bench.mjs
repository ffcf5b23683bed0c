/** Hostile requests as every role against every route; options: requests per role (100,000), seed. */
import { readFileSync } from 'node:fs';
import { startStage } from './lib/server.mjs';
import { fuzz } from './lib/fuzz/run.mjs';

// after the name of the benchmark when npm runs it, alone when a test does
const [perRole = '100000', seed = String(Date.now() % 1_000_000)] = process.argv
  .slice(2)
  .filter((word) => word !== 'fuzz');
const NO_LIMITS = Object.fromEntries(
  [
    'RATE_LIMIT_FORGOT_PER_HOUR',
    'RATE_LIMIT_BULK_PER_MINUTE',
    'RATE_LIMIT_EXPORT_PER_DAY',
    'RATE_LIMIT_CALENDAR_PER_HOUR',
    'LOGIN_MAX_FAILURES_PER_ACCOUNT',
    'LOGIN_MAX_FAILURES_PER_IP',
  ].map((name) => [name, '0']),
);

const stage = await startStage({
  floor: false,
  environment: { ...NO_LIMITS, NODE_OPTIONS: '--max-old-space-size=320' },
});
try {
  const residentMiB = () => {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${stage.server.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1_024;
  };
  const outcome = await fuzz(
    { api: stage.api, admin: stage.admin, residentMiB, log: stage.server.lines },
    { perRole: Number(perRole), seed: Number(seed), tell: (text) => process.stdout.write(`${text}\n`) },
  );
  process.stdout.write(`${outcome.summary}\n`);
  if (outcome.findings.length > 0) process.exitCode = 1;
} finally {
  await stage.stop();
}
