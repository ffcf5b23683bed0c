import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS, MINUTE } from '../support/booking';

const FACTOR = 18.0182;

interface Series {
  readonly unit: 'mg/dL' | 'mmol/L';
  readonly values: readonly number[];
}

/** Numbers between 0 and 1 that are the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (16_807 * state) % 2_147_483_647) / 2_147_483_647;
}

/** A walk of a sensor with lows and highs, in its own unit and resolution. */
function seriesOf(seed: number, count: number): Series {
  const random = randomOf(seed * 7_919);
  const unit = seed % 3 === 0 ? 'mmol/L' : 'mg/dL';
  let level = 80 + 120 * random();
  const values = Array.from({ length: count }, () => {
    level = Math.min(390, Math.max(42, level + 24 * (random() - 0.5)));
    return unit === 'mg/dL' ? Math.round(level) : Math.round((level / FACTOR) * 10) / 10;
  });
  return { unit, values };
}

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

/** Type 7 quantile, by its definition. */
function quantile(sorted: readonly number[], p: number): number {
  const h = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(h)] ?? 0, sorted[Math.ceil(h)] ?? 0];
  return low + (h - Math.floor(h)) * (high - low);
}

/** The figures of a summary from the values alone, written down from the formulas and not from the library. */
function figuresOf({ unit, values }: Series) {
  const xs = values.map((value) => (unit === 'mg/dL' ? value : value * FACTOR));
  const n = xs.length;
  const mean = sum(xs) / n;
  const sd = Math.sqrt(sum(xs.map((x) => (x - mean) ** 2)) / (n - 1));
  const limits = unit === 'mg/dL' ? [54, 70, 180, 250] : [3, 3.9, 10, 13.9];
  const [veryLow = 0, low = 0, high = 0, veryHigh = 0] = limits;
  const share = (test: (v: number) => boolean): number => (100 * values.filter(test).length) / n;
  const bands = {
    veryLow: share((v) => v < veryLow),
    low: share((v) => v >= veryLow && v < low),
    target: share((v) => v >= low && v <= high),
    high: share((v) => v > high && v <= veryHigh),
    veryHigh: share((v) => v > veryHigh),
  };
  const f = xs.map((x) => 1.509 * (Math.log(x) ** 1.084 - 5.381));
  const sorted = [...xs].sort((a, b) => a - b);
  return {
    mean,
    standardDeviation: sd,
    coefficientOfVariation: (100 * sd) / mean,
    min: Math.min(...xs),
    max: Math.max(...xs),
    p25: quantile(sorted, 0.25),
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    gmi: 3.31 + 0.02392 * mean,
    estimatedA1c: (mean + 46.7) / 28.7,
    gri: Math.min(100, 3 * bands.veryLow + 2.4 * bands.low + 1.6 * bands.veryHigh + 0.8 * bands.high),
    lbgi: sum(f.map((x) => (x < 0 ? 10 * x * x : 0))) / n,
    hbgi: sum(f.map((x) => (x > 0 ? 10 * x * x : 0))) / n,
    jIndex: 0.001 * (mean + sd) ** 2,
    ...bands,
  };
}

describe('figures', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  afterAll(async () => {
    await t.close();
  });

  async function upload(by: TestActor, { unit, values }: Series, start: number): Promise<void> {
    for (let from = 0; from < values.length; from += 1_000) {
      const readings = values.slice(from, from + 1_000).map((value, index) => ({
        value,
        unit,
        source: 'cgm',
        intervalMinutes: 5,
        measuredAt: new Date(start + (from + index) * 5 * MINUTE).toISOString(),
      }));
      expect((await by.post('/glucose/bulk', { readings })).body.rejected).toBe(0);
    }
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('of random series %d equal those of the formulas', async (seed) => {
    const patient = await t.actors.asPatient({ timeZone: 'America/New_York' });
    const series = seriesOf(seed, 1_200 + 31 * seed);
    // over the change of clocks of 9 March 2025
    await upload(patient, series, Date.parse('2025-03-07T05:00:00Z'));
    const { body } = await patient.get('/glucose/analytics/summary?start=2025-03-07&end=2025-03-12');
    const expected = figuresOf(series);
    const { quantiles, ranges, risk, indices, gri } = body;
    const found: Record<string, number> = {
      ...body,
      p25: quantiles.p25,
      p50: quantiles.p50,
      p95: quantiles.p95,
      gri: gri.value,
      lbgi: risk.lbgi,
      hbgi: risk.hbgi,
      jIndex: indices.jIndex,
    };
    for (const band of ['veryLow', 'low', 'target', 'high', 'veryHigh']) found[band] = ranges[band].percent;
    const coarse = new Set(['mean', 'standardDeviation', 'min', 'max', 'p25', 'p50', 'p95']);
    for (const [key, value] of Object.entries(expected))
      // half of the last printed decimal
      expect(Math.abs((found[key] ?? NaN) - value), key).toBeLessThanOrEqual((coarse.has(key) ? 0.05 : 0.005) + 1e-9);
    expect(body.sufficiency).toMatchObject({ readings: series.values.length, minutes: 5 * series.values.length });
  });
});
