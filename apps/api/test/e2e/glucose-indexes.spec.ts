import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, LONG_TOKENS, MINUTE } from '../support/booking';

const COLLECTIONS = new Set([
  'glucoses',
  'glucosedays',
  'glucosealerts',
  'glucosealertstates',
  'glucosealertsettings',
  'meals',
  'fooditems',
]);

type Filter = Record<string, unknown>;

/** Keys of a filter with the operators on them: what decides how it is answered. */
function shapeOf(filter: Filter): string {
  return Object.entries(filter)
    .map(([key, value]) => {
      const isOperator = typeof value === 'object' && value !== null && Object.keys(value)[0]?.startsWith('$') === true;
      return isOperator ? `${key} ${Object.keys(value).sort().join(' ')}` : key;
    })
    .sort()
    .join(', ');
}

/** What the driver is asked to do, as mongoose tells it. */
interface Operation {
  readonly collectionName: string;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The filters of an operation: its first argument, the first stage of a pipeline, or those of its single writes. */
function filtersOf({ method, params: [first] }: Operation): readonly unknown[] {
  if (method === 'aggregate') return [(first as readonly { readonly $match?: unknown }[])[0]?.$match];
  if (method === 'bulkWrite')
    return (first as readonly { readonly updateOne?: { readonly filter: unknown } }[]).map(
      ({ updateOne }) => updateOne?.filter,
    );
  return method.startsWith('insert') ? [] : [first];
}

/** One filter of each shape that the driver is given, with its collection. */
class Filters {
  readonly seen = new Map<string, { readonly collection: string; readonly filter: Filter }>();

  constructor(app: TestApp) {
    app.app.get<Connection>(getConnectionToken()).on('operation-start', (operation: Operation) => {
      const { collectionName: collection } = operation;
      if (!COLLECTIONS.has(collection)) return;
      for (const filter of filtersOf(operation))
        if (typeof filter === 'object' && filter !== null)
          this.seen.set(`${collection}: ${shapeOf(filter as Filter)}`, { collection, filter: filter as Filter });
    });
  }
}

describe('queries for readings, days, alerts and meals', () => {
  let t: TestApp;
  let filters: Filters;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
    filters = new Filters(t);
  });

  afterAll(async () => {
    await t.close();
  });

  it('are answered by an index: none looks at what belongs to others', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const ago = (ms: number): string => new Date(t.clock.now().getTime() - ms).toISOString();
    const sensor = (minutes: number, value: number) => ({ value, source: 'cgm', measuredAt: ago(minutes * MINUTE) });
    const meal = await patient.post('/nutrition/meals', { name: 'Lunch', eatenAt: ago(90 * MINUTE), carbs: 40 });
    const food = await patient.post(`/nutrition/meals/${meal.body._id}/foods`, { name: 'Rice', carbs: 40 });
    await patient.post(
      '/glucose/bulk',
      Array.from({ length: 60 }, (_, index) => sensor(30 + index * 5, 110)),
    );
    await patient.post(
      '/glucose/bulk',
      Array.from({ length: 6 }, (_, index) => ({ value: 120, measuredAt: ago((index + 1) * 20 * DAY) })),
    );
    for (const [minutes, value] of [
      [12, 92],
      [7, 84],
      [2, 49],
    ] as const)
      await patient.post('/glucose', sensor(minutes, value));
    await t.settle();
    const stick = await patient.post('/glucose', { value: 300, period: 'fasting', measuredAt: ago(0) });
    const lonely = await patient.post('/glucose', { value: 100, measuredAt: ago(200 * DAY) });
    await t.settle();
    const alerts = await patient.get('/glucose/alerts?state=active');
    expect(alerts.body.alerts.length).toBeGreaterThan(0);
    for (const { _id } of alerts.body.alerts) await patient.post(`/glucose/alerts/${_id}/acknowledge`, {});
    await patient.patch(`/glucose/${stick.body._id}`, { value: 140 });
    await patient.delete(`/glucose/${lonely.body._id}`);
    await patient.put('/glucose/alert-settings', {});
    await patient.patch(`/nutrition/meals/${meal.body._id}`, { carbs: 50 });
    await t.settle();
    t.clock.advance(16 * MINUTE);
    for (const job of ['glucose-rollups', 'glucose-alert-timers']) await t.runJob(job);
    const window = `start=${ago(3 * DAY)}&end=${ago(0)}`;
    const reads = [
      '/glucose/my-records',
      `/glucose/my-records?${window}&period=fasting&source=manual`,
      `/glucose?${window}`,
      ...['weekly', 'trend', 'time-in-range', 'hba1c'].map((name) => `/glucose/stats/${name}`),
      ...['summary', 'agp', 'daily', 'episodes', 'compare'].map((name) => `/glucose/analytics/${name}`),
      '/glucose/alerts',
      '/nutrition/meals',
      `/nutrition/meals?${window}`,
      `/nutrition/meals/${meal.body._id}`,
      `/nutrition/meals/${meal.body._id}/foods`,
      ...['weekly-macros', 'meals/spike', 'targets'].map((name) => `/nutrition/stats/${name}`),
    ];
    for (const path of reads) expect([path, (await patient.get(path)).status]).toEqual([path, 200]);
    for (const path of [`/doctors/${doctor.id}/population`, `/medecins/${doctor.id}/my-patients`])
      expect((await doctor.get(path)).status).toBe(200);
    await patient.delete(`/nutrition/meals/${meal.body._id}/foods/${food.body._id}`);
    await patient.delete(`/nutrition/meals/${meal.body._id}`);

    const scanned: string[] = [];
    for (const [shape, { collection, filter }] of [...filters.seen]) {
      const { queryPlanner } = (await t.db.collection(collection).find(filter).explain()) as { queryPlanner: object };
      if (JSON.stringify(queryPlanner).includes('COLLSCAN')) scanned.push(shape);
    }
    expect(filters.seen.size).toBeGreaterThan(15);
    expect(scanned).toEqual([]);
  }, 60_000);
});
