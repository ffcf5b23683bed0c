import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureServerBuilt } from '../support/built-server';
import { type SoakPlan, SoakStage } from '../support/soak/soak-stage';

/** Twenty seconds in `npm run verify`; `npm run bench -- soak` asks for two minutes. */
const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 20);
const PLAN: SoakPlan = { seconds: SECONDS, users: 50, killEveryMs: SECONDS < 60 ? 6_000 : 10_000 };

describe('people on two servers of which one is killed again and again', () => {
  let mongoUri: string;
  let stage: SoakStage;

  beforeAll(async () => {
    ensureServerBuilt();
    const url = new URL(inject('mongoUri'));
    url.pathname = `/soak_${randomBytes(6).toString('hex')}`;
    if (url.username !== '' && !url.searchParams.has('authSource')) url.searchParams.set('authSource', 'admin');
    mongoUri = url.toString();
    stage = await SoakStage.start(mongoUri, PLAN);
  }, 240_000);

  afterAll(async () => {
    await stage.stop();
    const client = new mongo.MongoClient(mongoUri);
    await client.db().dropDatabase();
    await client.close();
  });

  it(
    'see in the end what REST says: no message twice, none missing, every event in its order',
    async () => {
      await stage.run(PLAN);
      const ranAt = Date.now();
      expect(await stage.differences()).toEqual([]);
      const figures = { ...stage.figures, equalAfterMs: Date.now() - ranAt };
      process.stdout.write(`soak of ${SECONDS} s: ${JSON.stringify(figures)}\n`);
      expect(figures.kills).toBeGreaterThanOrEqual(2);
      expect(figures.messages).toBeGreaterThan(PLAN.users);
      expect(figures.connections).toBeGreaterThan(PLAN.users * 1.5);
    },
    SECONDS * 5_000 + 240_000,
  );
});
