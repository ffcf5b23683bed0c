import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, LONG_TOKENS, MINUTE } from '../support/booking';

/** Queries of one application by collection, as its driver is asked for them. */
/** Alerts of earlier writes are evaluated when they come; they are no part of a report. */
function isAlerting(query: string): boolean {
  return query.startsWith('glucosealert') || query.startsWith('meals.');
}

class Queries {
  private readonly seen: string[] = [];

  constructor(app: TestApp) {
    app.app
      .get<Connection>(getConnectionToken())
      .on('operation-start', ({ collectionName, method }: { collectionName: string; method: string }) => {
        if (collectionName.startsWith('glucose')) this.seen.push(`${collectionName}.${method}`);
      });
  }

  /** Until jobs that begin with the server, and alerts of earlier writes, have asked nothing for a second. */
  private async quiet(): Promise<void> {
    for (let last = -1; last !== this.seen.length;) {
      last = this.seen.length;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }

  /** What was asked during some work. */
  async during(work: () => Promise<unknown>): Promise<string[]> {
    await this.quiet();
    this.seen.length = 0;
    await work();
    return [...this.seen];
  }
}

describe('queries behind reports', () => {
  let first: TestApp;
  let second: TestApp;
  let patient: TestActor;
  let elsewhere: TestActor;
  let queries: Queries;
  const DAYS = 'glucosedays.find';

  beforeAll(async () => {
    first = await startTestApp({ config: { auth: LONG_TOKENS } });
    second = await startTestApp({ config: { auth: LONG_TOKENS }, dbName: first.dbName, clock: first.clock });
    queries = new Queries(first);
    patient = await first.actors.asPatient();
    const { id, role, email, password, token, refreshToken, nom, prenom } = patient;
    elsewhere = new TestActor(second.http, id, role, email, password, token, refreshToken, nom, prenom);
    const now = Date.now();
    for (let part = 0; part < 3; part += 1) {
      const readings = Array.from({ length: 900 }, (_, index) => ({
        value: 100 + (index % 90),
        source: 'cgm',
        measuredAt: new Date(now - (part * 900 + index + 1) * 45 * MINUTE).toISOString(),
      }));
      await patient.post('/glucose/bulk', { readings });
    }
    // Nothing waits to be rebuilt.
    await first.runJob('glucose-rollups');
  });

  afterAll(async () => {
    await second.close();
    await first.close();
  });

  const report = (name: string, by = patient) => by.get(`/glucose/analytics/${name}?days=90`);

  it.each(['summary', 'agp', 'daily', 'compare'])(
    '%s of 90 days: one of day documents at most, none of readings',
    async (name) => {
      const cold = await queries.during(() => report(name));
      expect(cold.filter((query) => query !== DAYS && !isAlerting(query))).toEqual([]);
      expect(cold.length).toBeLessThanOrEqual(1);
      expect((await queries.during(() => report(name))).filter((query) => !isAlerting(query))).toEqual([]);
    },
  );

  it('examine as many day documents as the window has', async () => {
    const { executionStats } = (await first.db
      .collection('glucosedays')
      .find({
        patientId: (await first.db.collection('glucosedays').findOne())?.['patientId'],
        date: { $gte: day(-89) },
      })
      .explain('executionStats')) as unknown as { executionStats: { totalDocsExamined: number; nReturned: number } };
    expect(executionStats.nReturned).toBeLessThanOrEqual(90);
    expect(executionStats.totalDocsExamined).toBe(executionStats.nReturned);
  });

  const day = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

  it('see at once what another instance wrote, and read only the day that changed', async () => {
    const before = Number((await report('summary')).body.sufficiency.readings);
    await report('episodes');
    const { body } = await elsewhere.post('/glucose', {
      value: 45,
      source: 'cgm',
      measuredAt: new Date(Date.now() - 20 * DAY - 7 * MINUTE).toISOString(),
    });
    const asked = await queries.during(async () => {
      expect((await report('summary')).body).toMatchObject({ min: 45, sufficiency: { readings: before + 1 } });
    });
    // A state of the days, and the one that changed: from its document, or from its readings when it waits.
    expect(asked.filter((query) => query === DAYS).length).toBeLessThanOrEqual(3);
    await elsewhere.patch(`/glucose/${body._id}`, { value: 399 });
    expect((await report('summary')).body).toMatchObject({ max: 399, sufficiency: { readings: before + 1 } });
    const counts = (await report('agp')).body.bins.map(({ n }: { n: number }) => n) as number[];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(before + 1);
    await elsewhere.delete(`/glucose/${body._id}`);
    expect((await report('summary')).body).toMatchObject({ max: 189, sufficiency: { readings: before } });
    expect((await report('daily')).body.days.every(({ max }: { max: number | null }) => (max ?? 0) <= 189)).toBe(true);
  });

  it('find episodes anew after a write', async () => {
    const count = async () => (await report('episodes')).body.episodes.length as number;
    const before = await count();
    const start = Date.now() - 200 * DAY;
    const low = Array.from({ length: 12 }, (_, index) => ({
      value: 50,
      source: 'cgm',
      intervalMinutes: 5,
      measuredAt: new Date(start + index * 5 * MINUTE).toISOString(),
    }));
    await elsewhere.post('/glucose/bulk', low);
    expect(await count()).toBe(before);
    const window = `start=${new Date(start).toISOString()}&end=${new Date(start + DAY).toISOString()}`;
    const old = () => patient.get(`/glucose/analytics/episodes?${window}`);
    expect((await old()).body.episodes.map(({ level }: { level: string }) => level)).toEqual(['1', '2']);
    for (const { _id } of (await patient.get(`/glucose?${window}`)).body) await elsewhere.delete(`/glucose/${_id}`);
    expect((await old()).body).toMatchObject({ episodes: [], recordedMinutes: 0 });
  });

  it('never see a day of the old zone after its patient has moved', async () => {
    await report('daily');
    await elsewhere.patch(`/patients/${patient.id}`, { timeZone: 'Pacific/Auckland' });
    const { body } = await report('daily', elsewhere);
    expect(body.timeZone).toBe('Pacific/Auckland');
    first.clock.advance(60_000);
    await second.runJob('glucose-rollups');
    // Today's coverage goes on with the clock.
    expect((await report('daily', elsewhere)).body.days.slice(0, -1)).toEqual(body.days.slice(0, -1));
  });
});
