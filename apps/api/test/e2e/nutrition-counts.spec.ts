import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oid } from '../../src/platform/database';
import { CounterChecks } from '../../src/platform/scheduler';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const NOW = '2026-03-02T15:00:00.000Z';

describe('the number of meals', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
    t.clock.freeze(NOW);
  });

  afterAll(async () => {
    await t.close();
  });

  const eat = async (by: TestActor, eatenAt: string): Promise<string> => {
    const { status, body } = await by.post('/nutrition/meals', { name: 'Lunch', eatenAt, carbs: 40 });
    expect(status).toBe(201);
    return (body as { _id: string })._id;
  };
  const total = async (by: TestActor, query = ''): Promise<number> =>
    ((await by.get(`/nutrition/meals${query}`)).body as { total: number }).total;
  const stored = (by: TestActor) => t.db.collection('listcounts').findOne({ ownerId: oid(by.id), list: 'meals' });
  const differences = async () =>
    (await t.app.get(CounterChecks).run()).filter(({ counter }) => counter.includes('meals'));

  it('is told from months, whole and in part, and follows every change', async () => {
    const patient = await t.actors.asPatient();
    await eat(patient, '2025-12-31T23:59:59.999Z');
    const moved = await eat(patient, '2026-01-01T00:00:00.000Z');
    await eat(patient, '2026-02-10T12:00:00Z');
    const removed = await eat(patient, '2026-03-01T12:00:00Z');
    // Before anybody has asked the document has the changes, but is not trusted.
    expect((await stored(patient))?.['complete']).toBeUndefined();
    expect(await total(patient)).toBe(4);
    expect(await stored(patient)).toMatchObject({
      complete: true,
      months: { '2025-12': 1, '2026-01': 1, '2026-02': 1, '2026-03': 1 },
    });
    expect(await total(patient, '?start=2026-01-01&end=2026-02-10T12:00:00Z')).toBe(2);
    expect(await total(patient, '?start=2026-01-01T00:00:00.001Z')).toBe(2);
    expect(await total(patient, '?end=2026-01-01')).toBe(2);
    expect(await total(patient, '?start=2026-02-01&end=2026-01-01')).toBe(0);
    expect(await total(patient, '?page=50')).toBe(4);

    expect((await patient.patch(`/nutrition/meals/${moved}`, { eatenAt: '2026-02-01T00:00:00Z' })).status).toBe(200);
    expect((await patient.delete(`/nutrition/meals/${removed}`)).status).toBe(200);
    expect(await total(patient)).toBe(3);
    expect(await total(patient, '?start=2026-02-01')).toBe(2);
    expect(await total(patient, '?end=2026-01-31')).toBe(1);
    expect(await differences()).toEqual([]);
  });

  it('is right when meals come and go while it is counted for the first time', async () => {
    const patient = await t.actors.asPatient();
    const first = await Promise.all(Array.from({ length: 5 }, () => eat(patient, '2026-02-10T12:00:00Z')));
    await Promise.all([
      ...Array.from({ length: 6 }, () => eat(patient, '2026-02-11T12:00:00Z')),
      ...first.slice(0, 3).map((id) => patient.delete(`/nutrition/meals/${id}`)),
      ...Array.from({ length: 4 }, () => total(patient)),
    ]);
    expect(await total(patient)).toBe(8);
    expect(await differences()).toEqual([]);
  });

  it('is compared with the meals, and counted anew where it is lost', async () => {
    const patient = await t.actors.asPatient();
    await eat(patient, '2026-02-10T12:00:00Z');
    await total(patient);
    const mine = { ownerId: oid(patient.id) };
    await t.db.collection('listcounts').updateOne(mine, { $set: { 'months.2026-02': 7 } });
    expect(await differences()).toEqual([
      { counter: 'listcounts.meals', owner: `${patient.id} 2026-02`, stored: 7, counted: 1 },
    ]);
    await t.db.collection('listcounts').deleteOne(mine);
    expect(await total(patient)).toBe(1);
  });
});
