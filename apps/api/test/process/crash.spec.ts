import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@diabcare/embedded-mongo';
import { createConnection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureServerBuilt } from '../support/built-server';
import { Acknowledged } from '../support/crash/acknowledged';
import { type CrashPlan, CrashStage } from '../support/crash/crash-stage';
import { Recount } from '../support/crash/recount';

/** Six rounds in `npm run verify`; `npm run bench -- crash` asks for fifty. */
const PLAN: CrashPlan = {
  rounds: Number(process.env['CRASH_ROUNDS'] ?? 6),
  seed: Number(process.env['CRASH_SEED'] ?? 1),
  roundMs: Number(process.env['CRASH_ROUND_MS'] ?? 1_500),
};

describe('a server and a database that are killed under the writes of 16 people', () => {
  const acknowledged = new Acknowledged();
  let dataDir: string;
  let stage: CrashStage;

  beforeAll(async () => {
    ensureServerBuilt();
    dataDir = await mkdtemp(join(tmpdir(), 'diabcare-crash-'));
    stage = await CrashStage.start(dataDir, acknowledged, PLAN);
  }, 240_000);

  afterAll(async () => {
    await stage.end();
    await rm(dataDir, { recursive: true, force: true });
  });

  it(
    'keep every acknowledged write once, and everything that is counted from it agrees',
    async () => {
      await stage.run();
      expect(await stage.settle(), 'entries of the outbox that nobody delivered').toBe(0);
      expect(await stage.admin('check-counters')).toContain('0 differences');
      expect(await stage.admin('rebuild-rollups', '--check')).toMatch(/ 0 differences/);
      const database = await startEmbeddedMongo({ dataDir: join(dataDir, 'mongo'), durable: true });
      const db = await createConnection(database.uri).asPromise();
      try {
        const findings = [...acknowledged.faults, ...(await new Recount(db, acknowledged).run())];
        process.stdout.write(`crash, seed ${PLAN.seed}: ${JSON.stringify(figures())}\n`);
        expect(findings).toEqual([]);
      } finally {
        await db.close();
        await database.stop();
      }
      expect(acknowledged.total).toBeGreaterThan(PLAN.rounds * 16);
      expect(Math.min(...Object.values(stage.kills))).toBeGreaterThanOrEqual(Math.floor(PLAN.rounds / 3));
    },
    PLAN.rounds * 30_000 + 300_000,
  );

  function figures(): object {
    const sorted = [...stage.servingAgainMs].sort((one, other) => one - other);
    return {
      writes: acknowledged.total,
      kinds: acknowledged.counts,
      kills: stage.kills,
      repeated: stage.world.everybody.reduce((sum, { person }) => sum + person.repeated, 0),
      servingAgainMs: { median: sorted[Math.floor(sorted.length / 2)], longest: sorted.at(-1) },
    };
  }
});
