import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS } from '../support/booking';
import { cgm14Expected, cgm14Readings, vectorRows } from '../support/vectors';

const PERIOD = 'start=2025-03-24&end=2025-04-06';
const HEAD = [
  'basis',
  'generatedAt',
  'patientId',
  'period',
  'population',
  'refused',
  'spec',
  'timeZone',
  'unit',
  'units',
];

describe('clinical reports', () => {
  let t: TestApp;
  let patient: TestActor;
  const expected = cgm14Expected('UTC');
  /** To the last printed decimal. */
  const near = (metric: string, decimals: number): number => Number(expected(metric).toFixed(decimals));

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
    patient = await t.actors.asPatient({ timeZone: 'UTC' });
    await upload(patient, cgm14Readings());
  });

  afterAll(async () => {
    await t.close();
  });

  async function upload(actor: TestActor, readings: object[]): Promise<void> {
    for (let from = 0; from < readings.length; from += 1_000) {
      const { body } = await actor.post('/glucose/bulk', { readings: readings.slice(from, from + 1_000) });
      expect(body.rejected).toBe(0);
    }
  }

  const report = (name: string, query = PERIOD, by: TestActor = patient) =>
    by.get(`/glucose/analytics/${name}?${query}`);

  it('begin with the same head and name the unit of every number', async () => {
    for (const name of ['summary', 'agp', 'daily', 'episodes', 'compare']) {
      const { status, body } = await report(name);
      expect(status, name).toBe(200);
      expect(Object.keys(body), name).toEqual(expect.arrayContaining(HEAD));
      expect(body).toMatchObject({
        spec: 'glucose-metrics/1',
        patientId: patient.id,
        timeZone: 'UTC',
        population: 'standard',
        basis: 'cgm',
        unit: 'mg/dL',
        period: {
          start: '2025-03-24',
          end: '2025-04-06',
          days: 14,
          from: '2025-03-24T00:00:00.000Z',
          to: '2025-04-07T00:00:00.000Z',
          minutes: 20_160,
        },
      });
      expect(unnamed(body, body.units), name).toEqual([]);
    }
  });

  it('summary agrees with the vectors', async () => {
    const { body } = await report('summary', `${PERIOD}&include=variability`);
    expect(body.sufficiency).toEqual({
      readings: 3812,
      daysWithData: 14,
      minutes: 19_060,
      activePercent: 94.54,
      wornPercent: near('active_percent_worn', 2),
      intervalMinutes: 5,
      firstReading: '2025-03-24T00:02:00.000Z',
      lastReading: '2025-04-06T23:57:03.000Z',
      sufficient: true,
      reason: null,
    });
    expect(body).toMatchObject({
      mean: near('mean', 1),
      standardDeviation: near('sd', 1),
      coefficientOfVariation: near('cv', 2),
      min: 40,
      max: 322,
      iqr: 38,
      quantiles: { p05: 88, p10: 97, p25: 111, p50: 127, p75: 149, p90: 177, p95: 194 },
      gmi: near('gmi', 2),
      gmiMmolMol: near('gmi_mmolmol', 1),
      gmiReliable: true,
      estimatedA1c: near('ea1c', 2),
      gri: {
        value: near('gri', 2),
        zone: 'A',
        hypoComponent: near('gri_hypo', 2),
        hyperComponent: near('gri_hyper', 2),
      },
      risk: {
        lbgi: near('lbgi', 2),
        lbgiBand: 'minimal',
        hbgi: near('hbgi', 2),
        hbgiBand: 'low',
        adrr: near('adrr', 2),
        adrrBand: 'moderate',
      },
      indices: {
        grade: near('grade', 2),
        jIndex: near('j', 2),
        mValue: near('m90', 2),
        mValueReference: 90,
        igc: near('igc', 2),
      },
      variability: {
        conga1: near('conga1', 1),
        conga2: near('conga2', 1),
        conga4: near('conga4', 1),
        conga24: near('conga24', 1),
        modd: near('modd', 1),
        mag: near('mag', 1),
        mage: near('mage_ma_5_32_avg', 1),
        mageAlgorithm: 'ma-5-32',
      },
      refused: {},
    });
    // 0.8854 of 1440 min
    expect(body.ranges.target).toEqual({
      percent: near('tir', 2),
      minutes: 16_875,
      minutesPerDay: 1_275,
      readings: 3_375,
      limits: { min: 70, max: 180 },
      goal: { op: '>', percent: 70 },
      met: true,
    });
    expect(body.ranges.veryLow).toMatchObject({ percent: near('tbr54', 2), goal: { op: '<', percent: 1 }, met: false });
    expect(body.ranges.tight).toMatchObject({ percent: near('titr', 2), goal: null, met: null });
    expect(body.units).toMatchObject({
      mean: 'mg/dL',
      gmi: '%',
      gmiMmolMol: 'mmol/mol',
      mag: 'mg/dL per h',
      minutes: 'min',
      lbgi: 'index',
    });
  });

  it('summary is given in mmol/L on request, without touching what was counted', async () => {
    const { body } = await report('summary', `${PERIOD}&unit=MMOL/L`);
    // 132.684155 / 18.0182 = 7.36389
    expect(body).toMatchObject({ unit: 'mmol/L', mean: 7.36, min: 2.22, indices: { jIndex: near('j', 2) } });
    expect(body.ranges.target).toMatchObject({ percent: near('tir', 2), limits: { min: 3.9, max: 10 } });
    expect(body.variability).toBeUndefined();
  });

  it('summary refuses what is not for pregnancy', async () => {
    const { body } = await report('summary', `${PERIOD}&population=pregnancy-t1`);
    expect(body).toMatchObject({
      gmi: null,
      gmiMmolMol: null,
      estimatedA1c: null,
      gri: null,
      population: 'pregnancy-t1',
    });
    expect(body.refused).toMatchObject({
      gmi: 'NOT_FOR_PREGNANCY',
      gri: 'NOT_FOR_PREGNANCY',
      estimatedA1c: 'NOT_FOR_PREGNANCY',
    });
    expect(body.ranges.target.percent).toBe(near('in63_140', 2));
    expect(body.ranges.veryHigh).toBeNull();
  });

  it('daily lists every day, with those of 23 hours', async () => {
    const rows = vectorRows('cgm14_daily_paris.csv');
    const { body } = await report('daily', `${PERIOD}&tz=Europe/Paris`);
    expect(body.days.map(({ date }: { date: string }) => date)).toEqual(
      rows.slice(0, 14).map((row) => row['local_date']),
    );
    for (const row of rows.slice(0, 14)) {
      const day = body.days.find(({ date }: { date: string }) => date === row['local_date']);
      expect(day, row['local_date']).toMatchObject({
        minutesInDay: Number(row['minutes_in_day']),
        readings: Number(row['n']),
        minutes: Number(row['covered_min']),
        mean: Number(Number(row['mean']).toFixed(1)),
        min: Number(row['min']),
        max: Number(row['max']),
      });
      // half to even, which toFixed is not
      expect(Math.abs(day.activePercent - Number(row['active_percent']))).toBeLessThanOrEqual(0.00501);
    }
  });

  it('agp agrees with the vectors', async () => {
    const { body } = await report('agp');
    expect(body).toMatchObject({ sufficient: true, reason: null, consensus: true, binMinutes: 60 });
    for (const row of vectorRows('cgm14_agp_hourly.csv').filter(({ zone }) => zone === 'UTC')) {
      const bin = body.bins[Number(row['hour'])];
      expect(bin).toMatchObject({ hour: Number(row['hour']), n: Number(row['n']) });
      for (const p of ['05', '25', '50', '75', '95']) {
        expect(Math.abs(bin[`p${p}`] - Number(row[`p${p}`]))).toBeLessThanOrEqual(0.0501);
        expect(Math.abs(bin.smoothed[`p${p}`] - Number(row[`s${p}`]))).toBeLessThanOrEqual(0.0501);
      }
    }
    expect(Object.keys(body.blocks)).toEqual(['night', 'day']);
    const fine = await report('agp', `${PERIOD}&resolution=5`);
    expect(fine.body.bins).toHaveLength(288);
    expect(fine.body.bins[12]).toMatchObject({ minute: 60, n: expect.any(Number) });
  });

  it('episodes agree with the vectors, filtered or not', async () => {
    const rows = vectorRows('cgm14_episodes.csv');
    const { body } = await report('episodes');
    expect(body.episodes).toHaveLength(rows.length);
    for (const row of rows) {
      const found = body.episodes.find(
        ({ type, level, start }: Record<string, string>) =>
          type === row['type'] && level === row['level'] && start === new Date(row['start'] ?? '').toISOString(),
      );
      expect(found, JSON.stringify(row)).toMatchObject({
        durationMinutes: Number(row['duration_min']),
        nocturnal: row['nocturnal_utc'] === 'yes',
        open: row['open'] === 'yes',
      });
    }
    const lows = await report('episodes', `${PERIOD}&type=hypo&level=1&nocturnal=true`);
    expect(lows.body.episodes).toHaveLength(expected('episodes_hypo_1_nocturnal_count'));
    expect(
      body.totals.find(({ type, level }: Record<string, string>) => type === 'hyper' && level === '1'),
    ).toMatchObject({
      count: expected('episodes_hyper_1_count'),
      perDay: near('episodes_hyper_1_per_day', 2),
      meanDurationMinutes: 77,
    });
  });

  it('compare sets the period against the one before', async () => {
    const { body } = await report('compare', 'start=2025-03-31&end=2025-04-06');
    const counts = [body.current, body.previous].map(({ sufficiency }) => Number(sufficiency.readings));
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(3812);
    expect(body).toMatchObject({ comparable: true, meaningful: expect.any(Boolean) });
    expect(body.delta.mean).toBeCloseTo(body.current.mean - body.previous.mean, 0);
    expect(body.delta.ranges.target).toBeCloseTo(
      body.current.ranges.target.percent - body.previous.ranges.target.percent,
      1,
    );
  });

  it.each([
    ['summary', 'days=0', 'VALIDATION_FAILED'],
    ['summary', 'days=367', 'VALIDATION_FAILED'],
    ['summary', 'days=x', 'VALIDATION_FAILED'],
    ['summary', 'basis=blood', 'VALIDATION_FAILED'],
    ['summary', 'start=soon&end=later', 'VALIDATION_FAILED'],
    ['summary', 'start=2025-03-24', 'INVALID_PERIOD'],
    ['summary', 'start=2025-03-24&end=2025-03-23', 'INVALID_PERIOD'],
    ['summary', 'start=2025-03-24&end=2025-03-25&days=2', 'INVALID_PERIOD'],
    ['summary', 'start=2099-01-01&end=2099-01-02', 'INVALID_PERIOD'],
    ['summary', 'start=2024-01-01&end=2025-12-31', 'PERIOD_TOO_LONG'],
    ['summary', 'days=91&include=variability', 'PERIOD_TOO_LONG'],
    ['agp', 'days=91&resolution=5', 'PERIOD_TOO_LONG'],
    ['episodes', 'days=91', 'PERIOD_TOO_LONG'],
    ['compare', 'days=184', 'PERIOD_TOO_LONG'],
    ['daily', 'days=32&tz=Asia/Tokyo', 'PERIOD_TOO_LONG'],
    ['daily', 'tz=Mars/Olympus', 'UNKNOWN_TIME_ZONE'],
    ['daily', 'population=martian', 'UNKNOWN_POPULATION'],
    ['daily', 'unit=g/L', 'UNKNOWN_UNIT'],
  ])('%s?%s is refused: %s', async (name, query, code) => {
    const { status, body } = await report(name, query);
    expect([status, body.code]).toEqual([400, code]);
  });

  it('that do not exist are 404', async () => {
    expect((await report('weather')).status).toBe(404);
  });

  it('without data are nulls and never zeros', async () => {
    const empty = await t.actors.asPatient();
    const { status, body } = await report('summary', 'days=14', empty);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      mean: null,
      gmi: null,
      gri: null,
      sufficiency: { readings: 0, sufficient: false, reason: 'NO_DATA' },
    });
    expect(body.refused.mean).toBe('NO_DATA');
    expect((await report('episodes', 'days=14', empty)).body).toMatchObject({ episodes: [], recordedMinutes: 0 });
    expect((await report('agp', 'days=14', empty)).body).toMatchObject({
      bins: null,
      sufficient: false,
      reason: 'NO_DATA',
    });
    expect((await report('daily', 'days=3', empty)).body.days).toHaveLength(3);
  });

  it('on capillary readings show what those can say', async () => {
    const other = await t.actors.asPatient();
    const readings = Array.from({ length: 29 }, (_, index) => ({
      value: 100 + index,
      measuredAt: new Date(Date.now() - (index * 9 + 1) * 3_600_000).toISOString(),
      period: 'fasting',
    }));
    await upload(other, readings);
    const { body } = await report('summary', 'days=14', other);
    expect(body).toMatchObject({ basis: 'smbg', mean: 114, standardDeviation: null, gri: null, gmi: null });
    expect(body.refused).toMatchObject({
      gmi: 'CGM_REQUIRED',
      gri: 'CGM_REQUIRED',
      standardDeviation: 'INSUFFICIENT_READINGS',
    });
    expect(body.sufficiency).toMatchObject({
      readings: 29,
      sufficient: false,
      reason: 'INSUFFICIENT_READINGS',
      activePercent: null,
    });
    expect(body.smbg.byContext).toEqual([expect.objectContaining({ period: 'fasting', n: 29, mean: 114 })]);
    expect(body.ranges.target).toMatchObject({ percent: 100, minutes: null, minutesPerDay: null, readings: 29 });
    expect((await report('episodes', 'days=14', other)).body.refused.episodes).toBe('CGM_REQUIRED');
  });

  it('are shown to a linked doctor while access is on, and recorded', async () => {
    const doctor = await t.actors.asDoctor();
    const path = `/patients/${patient.id}/glucose/analytics/summary?${PERIOD}`;
    expect((await doctor.get(path)).body.code).toBe('FORBIDDEN_SPACE');
    await t.actors.link(patient, doctor);
    const [mine, theirs] = await Promise.all([patient.get(path), doctor.get(path)]);
    const { generatedAt: _mine, ...own } = mine.body;
    const { generatedAt: _theirs, ...seen } = theirs.body;
    expect(seen).toEqual(own);
    expect((await patient.get(`/patients/${patient.id}/access-log`)).body.data[0]).toMatchObject({
      action: 'analytics.read',
    });
    await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
    expect((await doctor.get(path)).body.code).toBe('ACCESS_DISABLED');
    const stranger = await t.actors.asPatient();
    expect((await stranger.get(path)).body.code).toBe('FORBIDDEN_SPACE');
  });

  it('follow a change of zone at once, and its job leaves nothing to do', async () => {
    const traveller = await t.actors.asPatient({ timeZone: 'UTC' });
    await upload(traveller, cgm14Readings().slice(0, 900));
    const zone = async (timeZone: string) =>
      expect((await traveller.patch(`/patients/${traveller.id}`, { timeZone })).status).toBe(200);
    const foreign = (await report('daily', 'start=2025-03-24&end=2025-03-29&tz=Pacific/Auckland', traveller)).body.days;
    await zone('Pacific/Auckland');
    const during = (await report('daily', 'start=2025-03-24&end=2025-03-29', traveller)).body;
    expect(during).toMatchObject({ timeZone: 'Pacific/Auckland', days: foreign });
    t.clock.advance(60_000);
    await t.runJob('glucose-rollups');
    expect((await report('daily', 'start=2025-03-24&end=2025-03-29', traveller)).body.days).toEqual(foreign);
    expect((await traveller.get('/glucose/my-records?limit=1')).body.total).toBe(900);
    expect(await t.db.collection('users').countDocuments({ rezoneAt: { $exists: true } })).toBe(0);
  });
});

/** Numeric leaves whose key has no unit. */
function unnamed(body: Record<string, unknown>, units: Record<string, string>): string[] {
  const missing = new Set<string>();
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'number' && units[key] === undefined) missing.add(key);
    else if (Array.isArray(value)) value.forEach((item) => walk(item, key));
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) walk(item, name);
  };
  walk(body, '');
  return [...missing];
}
