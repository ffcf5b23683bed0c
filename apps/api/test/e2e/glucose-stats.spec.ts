import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS } from '../support/booking';

/** Noon in Paris on a Wednesday; the clocks went forward on Sunday 29 March at 01:00 UTC. */
const NOW = '2026-04-01T10:00:00.000Z';
const ROUTES = ['weekly', 'monthly', 'daily-average', 'alerts', 'hba1c', 'time-in-range', 'chart', 'trend'];
const UNIT = 'mg/dL';

type Entry = readonly [value: number, measuredAt: string, fields?: object];

describe('statistics of own readings', () => {
  let t: TestApp;
  let patient: TestActor;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
    t.clock.freeze(NOW);
  });

  beforeEach(async () => {
    patient = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
  });

  afterAll(async () => {
    await t.close();
  });

  const before = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString();
  const stats = async (name: string, by: TestActor = patient) => (await by.get(`/glucose/stats/${name}`)).body;
  const store = async (...entries: Entry[]): Promise<void> => {
    const readings = entries.map(([value, measuredAt, fields]) => ({ value, measuredAt, ...fields }));
    const { body } = await patient.post('/glucose/bulk', { readings });
    expect(body).toMatchObject({ inserted: readings.length, rejected: 0 });
  };

  it('are zeros and empty lists without readings', async () => {
    const nothing = { average: 0, min: 0, max: 0, count: 0, unit: UNIT };
    expect(await stats('weekly')).toEqual(nothing);
    expect(await stats('monthly')).toEqual(nothing);
    expect(await stats('daily-average')).toEqual([]);
    expect(await stats('chart')).toEqual([]);
    expect(await stats('alerts')).toEqual({ hypoCount: 0, hyperCount: 0, total: 0 });
    expect(await stats('hba1c')).toEqual({
      estimatedHbA1c: 0,
      estimatedHba1c: 0,
      averageGlucose: 0,
      count: 0,
      unit: UNIT,
    });
    const [zero, counts] = [
      { inRangePercent: 0, aboveRangePercent: 0, belowRangePercent: 0, inRange: 0, aboveRange: 0, belowRange: 0 },
      { inRangeCount: 0, aboveRangeCount: 0, belowRangeCount: 0, total: 0, unit: UNIT },
    ];
    expect(await stats('time-in-range')).toEqual({ ...zero, ...counts });
    expect(await stats('trend')).toEqual({
      trend: 'stable',
      difference: 0,
      lastWeekAverage: 0,
      previousWeekAverage: 0,
      unit: UNIT,
    });
  });

  it('are the patient’s alone', async () => {
    const [doctor, stranger] = await Promise.all([t.actors.asDoctor(), t.actors.asPatient()]);
    await t.actors.link(patient, doctor);
    await store([40, before(HOUR)]);
    for (const name of ROUTES) {
      expect((await doctor.get(`/glucose/stats/${name}`)).body.code, name).toBe('FORBIDDEN_ROLE');
      expect(JSON.stringify(await stats(name, stranger)), name).not.toContain('40');
      expect((await t.http.get(`/glucose/stats/${name}`)).status, name).toBe(401);
    }
  });

  it.each(['daily-average?days=0', 'daily-average?days=366', 'time-in-range?days=1.5', 'chart?period=14d'])(
    '%s is refused',
    async (path) => {
      expect((await patient.get(`/glucose/stats/${path}`)).body.code).toBe('VALIDATION_FAILED');
    },
  );

  it('mix units only after each was counted in quanta of its own', async () => {
    await store(
      [100, before(HOUR)],
      [5.5, before(2 * HOUR), { unit: 'mmol/L' }],
      // floor(180.04 * 10 + 0.5) / 10 = 180.0
      [180.04, before(3 * HOUR)],
      [3.9, before(4 * DAY), { unit: 'mmol/L' }],
    );
    // 5.5 * 18.0182 = 99.1001; 3.9 * 18.0182 = 70.27098
    // (100 + 99.1001 + 180 + 70.27098) / 4 = 449.37108 / 4 = 112.34277
    expect(await stats('weekly')).toEqual({ average: 112.3, min: 70.3, max: 180, count: 4, unit: UNIT });
    // (112.34277 + 46.7) / 28.7 = 5.5416
    expect(await stats('hba1c')).toMatchObject({ estimatedHbA1c: 5.5, estimatedHba1c: 5.5, averageGlucose: 112.3 });
  });

  it('classify each reading in the unit it was entered in, limits included', async () => {
    const mmol = { unit: 'mmol/L' };
    await store(
      // below: 69.9 mg/dL; 3.89 and 2.9 mmol/L, though 3.89 * 18.0182 = 70.09
      ...[69.9, 53].map((value, i): Entry => [value, before((1 + i) * HOUR)]),
      ...[3.89, 2.9].map((value, i): Entry => [value, before((3 + i) * HOUR), mmol]),
      // in range: both bounds of both units, though 10.0 * 18.0182 = 180.18
      ...[70, 180].map((value, i): Entry => [value, before((5 + i) * HOUR)]),
      ...[3.9, 10].map((value, i): Entry => [value, before((7 + i) * HOUR), mmol]),
      // above: 180.1 mg/dL; 10.01 and 14 mmol/L
      [180.1, before(9 * HOUR)],
      ...[10.01, 14].map((value, i): Entry => [value, before((10 + i) * HOUR), mmol]),
    );
    // 4, 4 and 3 of 11: 36.3636 % and 27.2727 %
    const shares = { inRange: 36.4, belowRange: 36.4, aboveRange: 27.3 };
    expect(await stats('time-in-range')).toEqual({
      inRangePercent: shares.inRange,
      belowRangePercent: shares.belowRange,
      aboveRangePercent: shares.aboveRange,
      ...shares,
      inRangeCount: 4,
      belowRangeCount: 4,
      aboveRangeCount: 3,
      total: 11,
      unit: UNIT,
    });
    expect(await stats('alerts')).toEqual({ hypoCount: 4, hyperCount: 3, total: 11 });
  });

  it('count exactly N times 24 hours, or N local days, as each says', async () => {
    await store(
      [110, before(7 * DAY)],
      [120, before(7 * DAY + 1)],
      // 25 March 23:59:59.999 and 26 March 00:00 in Paris (UTC+1)
      [130, '2026-03-25T22:59:59.999Z'],
      [140, '2026-03-25T23:00:00.000Z'],
      [150, before(30 * DAY)],
      [160, before(30 * DAY + 1)],
      [200, before(HOUR)],
    );
    // 110, 130, 140, 200
    expect(await stats('weekly')).toMatchObject({ count: 4, average: 145, min: 110, max: 200 });
    // and 120, 150: 850 / 6 = 141.67
    expect(await stats('monthly')).toMatchObject({ count: 6, average: 141.7 });
    expect(await stats('chart')).toEqual([
      { date: '2026-03-26', average: 140, min: 140, max: 140, count: 1, unit: UNIT },
      { date: '2026-04-01', average: 200, min: 200, max: 200, count: 1, unit: UNIT },
    ]);
    expect(await stats('chart?period=7d')).toEqual(await stats('chart'));
    // 30 local days begin on 3 March: the readings of 2 March are out
    expect((await stats('daily-average')).map(({ date }: { date: string }) => date)).toEqual([
      '2026-03-25',
      '2026-03-26',
      '2026-04-01',
    ]);
    expect((await stats('alerts')).total).toBe(5);
    expect((await stats('time-in-range?days=31')).total).toBe(7);
    expect((await stats('chart?period=90d')).map(({ count }: { count: number }) => count)).toEqual([2, 3, 1, 1]);
    expect((await stats('chart?period=30d')).length).toBe(3);
  });

  it('follow local days over the change of clocks', async () => {
    await store(
      [100, '2026-03-28T22:59:59.000Z'],
      [110, '2026-03-28T23:00:00.000Z'],
      [121, '2026-03-29T21:59:59.000Z'],
      [130, '2026-03-29T22:00:00.000Z'],
    );
    expect(await stats('daily-average?days=7')).toEqual([
      { date: '2026-03-28', average: 100, count: 1, unit: UNIT },
      // the day of 23 hours: (110 + 121) / 2
      { date: '2026-03-29', average: 115.5, count: 2, unit: UNIT },
      { date: '2026-03-30', average: 130, count: 1, unit: UNIT },
    ]);
    expect((await stats('time-in-range?days=3')).total).toBe(1);
    expect((await stats('time-in-range?days=4')).total).toBe(3);
  });

  it('have no upper bound: what a phone east of Greenwich calls now counts', async () => {
    await store([100, '2026-04-01T12:00:00'], [120, '2026-04-01T22:30:00']);
    for (const name of ['weekly', 'monthly', 'hba1c']) expect((await stats(name)).count, name).toBe(2);
    expect((await stats('alerts')).total).toBe(2);
    expect((await stats('time-in-range?days=1')).total).toBe(2);
    // 22:30 UTC is half past midnight in Paris
    expect(await stats('daily-average?days=1')).toEqual([
      { date: '2026-04-01', average: 100, count: 1, unit: UNIT },
      { date: '2026-04-02', average: 120, count: 1, unit: UNIT },
    ]);
    expect((await stats('trend')).lastWeekAverage).toBe(110);
  });

  describe('trend', () => {
    const weeks = async (last: number[], previous: number[]) => {
      await store(
        ...last.map((value, i): Entry => [value, before((1 + i) * HOUR)]),
        ...previous.map((value, i): Entry => [value, before(7 * DAY + (1 + i) * HOUR)]),
      );
      return stats('trend');
    };

    it.each<[string, number[], number[], object]>([
      ['5 mg/dL more', [105], [100], { trend: 'worsening', difference: 5 }],
      ['5 mg/dL less', [100], [105], { trend: 'improving', difference: -5 }],
      // (104.9 + 105) / 2 - 100 = 4.95, which prints as 5.0
      ['almost 5 more', [104.9, 105], [100], { trend: 'stable', difference: 5, lastWeekAverage: 105 }],
      ['a week without readings before', [200], [], { trend: 'stable', difference: 0, previousWeekAverage: 0 }],
      ['a last week without readings', [], [200], { trend: 'stable', difference: 0, lastWeekAverage: 0 }],
    ])('%s', async (_name, last, previous, expected) => {
      expect(await weeks(last, previous)).toMatchObject({ ...expected, unit: UNIT });
    });

    it('gives each instant to one week', async () => {
      await store(
        [150, before(7 * DAY)],
        [100, before(7 * DAY + 1)],
        [120, before(14 * DAY)],
        [999, before(14 * DAY + 1)],
      );
      // last: 150; before: (100 + 120) / 2
      expect(await stats('trend')).toMatchObject({
        lastWeekAverage: 150,
        previousWeekAverage: 110,
        difference: 40,
        trend: 'worsening',
      });
    });
  });

  it('count every reading once, also where two sensors overlap', async () => {
    const sensor = (deviceId: string, value: number, shift: number): Entry[] =>
      Array.from({ length: 12 }, (_, i): Entry => [
        value,
        before(3 * HOUR - i * 300_000 - shift),
        { source: 'cgm', deviceId, intervalMinutes: 5 },
      ]);
    await store(...sensor('left', 100, 0), ...sensor('right', 200, 60_000), [300, before(90 * 60_000)]);
    // (12 * 100 + 12 * 200 + 300) / 25 = 156
    expect(await stats('weekly')).toMatchObject({ count: 25, average: 156 });
    expect(await stats('chart')).toMatchObject([{ count: 25, average: 156, min: 100, max: 300 }]);
    expect(await stats('time-in-range')).toMatchObject({ inRangeCount: 12, aboveRangeCount: 13, total: 25 });
    // the analysis set of the reports holds one of the sensors
    const { body } = await patient.get('/glucose/analytics/summary?days=1&basis=cgm');
    expect(body).toMatchObject({ mean: 100, sufficiency: { readings: 12, minutes: 60 } });
  });

  it('lose a day with its last reading, and a critical value with the reading', async () => {
    const { body } = await patient.post('/glucose', { value: 40, measuredAt: before(2 * HOUR) });
    await store([120, before(2 * DAY)]);
    expect((await stats('chart')).length).toBe(2);
    expect((await patient.delete(`/glucose/${body._id}`)).status).toBe(200);
    expect(await stats('chart')).toMatchObject([{ date: '2026-03-30' }]);
    expect(await stats('alerts')).toEqual({ hypoCount: 0, hyperCount: 0, total: 1 });
  });
});
