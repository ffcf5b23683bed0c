import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, ENDLESS_TOKENS, MINUTE } from '../support/booking';

const NOW = '2026-05-20T12:00:00.000Z';

type Values = readonly (readonly [count: number, value: number, unit?: string])[];

describe('readings in my-patients', () => {
  let t: TestApp;
  let doctor: TestActor;
  const patients = new Map<string, TestActor>();

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: ENDLESS_TOKENS } });
    t.clock.freeze(NOW);
    doctor = await t.actors.asDoctor();
  });

  afterAll(async () => {
    await t.close();
  });

  const before = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString();
  const list = async (query = '') => (await doctor.get(`/medecins/${doctor.id}/my-patients?limit=100${query}`)).body;
  const find = async (name: string) =>
    (await list()).data.find(({ _id }: { _id: string }) => _id === patients.get(name)?.id);

  async function patient(nom: string, by = doctor): Promise<TestActor> {
    const made = await t.actors.asPatient({ nom, typeDiabete: 'TYPE_1' });
    await t.actors.link(made, by);
    patients.set(nom, made);
    return made;
  }

  /** Readings from `firstMs` ago backwards, a minute apart, in the order given. */
  async function store(by: TestActor, values: Values, firstMs: number): Promise<void> {
    const flat = values.flatMap(([count, value, unit]) => Array.from({ length: count }, () => ({ value, unit })));
    const readings = flat.map(({ value, unit }, index) => ({
      value,
      ...(unit === undefined ? {} : { unit }),
      measuredAt: before(firstMs + index * MINUTE),
    }));
    expect((await by.post('/glucose/bulk', { readings })).body.inserted).toBe(readings.length);
  }

  /** Two days ago: nothing of it lies in the last 24 hours. */
  const TWO_DAYS = 2 * DAY;

  it.each<[string, Values, number, string, number]>([
    // below 54: 1 of 100 is not more than 1 %; 3.0 * 1 = 3
    [
      'one of a hundred below 54',
      [
        [99, 120],
        [1, 53],
      ],
      TWO_DAYS,
      'stable',
      3,
    ],
    [
      'two of a hundred below 54',
      [
        [98, 120],
        [2, 53],
      ],
      TWO_DAYS,
      'critical',
      6,
    ],
    // in range: 50 % is not less than 50 %, but less than 70 %; 0.8 * 50 = 40
    [
      'half in range',
      [
        [50, 180],
        [50, 181],
      ],
      TWO_DAYS,
      'attention',
      40,
    ],
    [
      'less than half in range',
      [
        [49, 70],
        [51, 181],
      ],
      TWO_DAYS,
      'critical',
      41,
    ],
    [
      'seventy of a hundred in range',
      [
        [70, 120],
        [30, 200],
      ],
      TWO_DAYS,
      'stable',
      24,
    ],
    [
      'sixty-nine of a hundred in range',
      [
        [69, 120],
        [31, 200],
      ],
      TWO_DAYS,
      'attention',
      25,
    ],
    // below 70: 4 % is not more than 4 %; 2.4 * 4 = 9.6
    [
      'four of a hundred below 70',
      [
        [96, 120],
        [4, 69.9],
      ],
      TWO_DAYS,
      'stable',
      10,
    ],
    [
      'five of a hundred below 70',
      [
        [95, 120],
        [5, 54],
      ],
      TWO_DAYS,
      'attention',
      12,
    ],
    // in mmol/L: 3.9 and 10.0 are in range; 14.0 is very high: 1.6 * 20 = 32
    [
      'limits in mmol/L',
      [
        [40, 3.9, 'mmol/L'],
        [40, 10, 'mmol/L'],
        [20, 14, 'mmol/L'],
      ],
      TWO_DAYS,
      'stable',
      32,
    ],
    ['a newest reading of seven days', [[10, 120]], 7 * DAY, 'stable', 0],
    ['a newest reading of more than seven days', [[10, 120]], 7 * DAY + 1, 'attention', 0],
    // critical within 24 hours, though it is 1 of 200: 3.0 * 0.5 = 1.5
    [
      'a critical reading of 24 hours',
      [
        [1, 50],
        [199, 120],
      ],
      DAY,
      'critical',
      2,
    ],
    [
      'a critical reading of more than 24 hours',
      [
        [1, 50],
        [199, 120],
      ],
      DAY + 1,
      'stable',
      2,
    ],
  ])('%s', async (name, values, firstMs, status, riskScore) => {
    await store(await patient(name), values, firstMs);
    expect(await find(name)).toMatchObject({ status, riskScore });
  });

  it.each<[number, string, string, number]>([
    [53.9, 'mg/dL', 'high', 53.9],
    [54, 'mg/dL', 'medium', 54],
    [69.9, 'mg/dL', 'medium', 69.9],
    [70, 'mg/dL', 'low', 70],
    [180, 'mg/dL', 'low', 180],
    [250, 'mg/dL', 'medium', 250],
    [250.1, 'mg/dL', 'high', 250.1],
    // 3.9 * 18.0182 = 70.27098; 13.9 * 18.0182 = 250.45298, high but not very high in its own unit
    [3.9, 'mmol/L', 'low', 70.3],
    [13.9, 'mmol/L', 'medium', 250.5],
  ])('%d %s is of %s risk', async (value, unit, riskLevel, mgdl) => {
    const name = `risk ${value} ${unit}`;
    const measuredAt = before(3 * DAY);
    await (await patient(name)).post('/glucose', { value, unit, measuredAt });
    expect(await find(name)).toMatchObject({
      lastReading: { value: mgdl, unit: 'mg/dL', measuredAt, riskLevel },
      lastGlucoseReading: mgdl,
      lastReadingDate: measuredAt,
    });
  });

  it('shows the newest reading however old it is, without a score', async () => {
    for (const [name, days] of [
      ['a month', 30],
      ['a season', 100],
      ['a year', 400],
    ] as const) {
      const made = await patient(name);
      await made.post('/glucose', { value: 110, measuredAt: before(days * DAY) });
      expect(await find(name), name).toMatchObject({
        status: 'attention',
        riskScore: null,
        lastGlucoseReading: 110,
        lastReadingDate: before(days * DAY),
      });
    }
  });

  it('orders by status, risk and name, counts before the status and totals after it', async () => {
    const { data, statusCounts, total } = await list();
    const counted = Object.values(statusCounts as Record<string, number>).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(total);
    const rank = { critical: 0, attention: 1, stable: 2 };
    const keys = (data as { status: keyof typeof rank; riskScore: number | null; nom: string }[]).map(
      ({ status, riskScore, nom }) => [rank[status], -(riskScore ?? -1), nom] as const,
    );
    const sorted = [...keys].sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
    expect(keys).toEqual(sorted);
    const critical = await list('&status=critical');
    expect(critical).toMatchObject({ total: statusCounts.critical, statusCounts });
    expect((await list('&search=hundred&status=critical')).statusCounts.critical).toBeLessThan(statusCounts.critical);
  });

  it('tells nothing clinical while access is off, and everything again when it is on', async () => {
    const name = 'two of a hundred below 54';
    const [shown, by] = [await find(name), patients.get(name)];
    const access = (enabled: boolean) => by?.patch(`/patients/${by.id}/doctors/${doctor.id}/access`, { enabled });
    await access(false);
    expect(await find(name)).toMatchObject({
      accessEnabled: false,
      status: 'attention',
      riskScore: null,
      lastReading: null,
      lastGlucoseReading: null,
      lastReadingDate: null,
      typeDiabete: null,
    });
    await access(true);
    expect(await find(name)).toEqual(shown);
  });

  it('follows every write, and readings of the future', async () => {
    const name = 'four of a hundred below 70';
    const by = patients.get(name);
    const { body } = (await by?.post('/glucose', { value: 69, measuredAt: before(HOUR) })) ?? {};
    // 5 of 101 is 4.95 %
    expect(await find(name)).toMatchObject({ status: 'attention', lastGlucoseReading: 69 });
    await by?.patch(`/glucose/${body._id}`, { value: 40 });
    expect(await find(name)).toMatchObject({ status: 'critical', lastReading: { riskLevel: 'high' } });
    await by?.delete(`/glucose/${body._id}`);
    expect(await find(name)).toMatchObject({ status: 'stable', lastGlucoseReading: 120 });
    await by?.post('/glucose', { value: 300, measuredAt: '2026-05-20T20:00:00' });
    expect(await find(name)).toMatchObject({ status: 'critical', lastReadingDate: '2026-05-20T20:00:00.000Z' });
  });
});
