import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureServerBuilt } from '../support/built-server';

const ROOT = resolve(__dirname, '../../../..');
const PER_ROLE = 1_000;
/** The same questions each time; `npm run bench -- fuzz` asks others. */
const SEED = 20_261;

/** What the benchmark of the same name prints, and how it ends. */
function fuzz(perRole: number, seed: number): Promise<{ code: number; output: string }> {
  const args = ['bench/fuzz.bench.mjs', String(perRole), String(seed)];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1_024 * 1_024 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` });
    });
  });
}

describe('hostile requests as every role against every route', () => {
  beforeAll(() => {
    ensureServerBuilt();
  }, 300_000);

  it('meet no defect, no answer that is not described and nothing slow', async () => {
    const { code, output } = await fuzz(PER_ROLE, SEED);
    expect(code, output).toBe(0);
    const [, sent] = /seed \d+, (\d+) requests in/.exec(output) ?? [];
    expect(Number(sent), output).toBe(5 * PER_ROLE);
  }, 600_000);
});
