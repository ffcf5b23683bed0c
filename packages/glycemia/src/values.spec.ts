import { describe, expect, it } from 'vitest';
import { cell, cgm14, expectClose, int, num, toleranceOf, vectors } from '../test/vectors';
import { adrr, activePercentWorn, gri, lbgi, hbgi, ranges, stepMinutes } from './index';
import { grade, hyperIndex, hypoIndex, igc, jIndex, mValue } from './quality';
import { cv, ea1c, gmi, gmiMmolMol, iqr, mean, quantile, sd } from './values';

/** Every metric of the toy and the two-week vectors that needs only values. */
const METRICS: Record<string, (xs: number[]) => number | null> = {
  n: (xs) => xs.length,
  mean,
  sd,
  cv,
  min: (xs) => quantile(xs, 0),
  max: (xs) => quantile(xs, 1),
  iqr,
  gmi: (xs) => gmi(mean(xs)),
  gmi_mmolmol: (xs) => gmiMmolMol(mean(xs)),
  ea1c: (xs) => ea1c(mean(xs)),
  tbr54: (xs) => ranges(xs, 'standard').veryLow.percent,
  tbr54_69: (xs) => ranges(xs, 'standard').low.percent,
  tbr70: (xs) => ranges(xs, 'standard').belowTarget.percent,
  tir: (xs) => ranges(xs, 'standard').target.percent,
  titr: (xs) => ranges(xs, 'standard').tight?.percent ?? null,
  tar180: (xs) => ranges(xs, 'standard').aboveTarget.percent,
  tar181_250: (xs) => ranges(xs, 'standard').high.percent,
  tar250: (xs) => ranges(xs, 'standard').veryHigh?.percent ?? null,
  below63: (xs) => ranges(xs, 'gestational').belowTarget.percent,
  in63_140: (xs) => ranges(xs, 'gestational').target.percent,
  above140: (xs) => ranges(xs, 'pregnancy-t1').aboveTarget.percent,
  gri_hypo: (xs) => griOf(xs)?.hypo ?? null,
  gri_hyper: (xs) => griOf(xs)?.hyper ?? null,
  gri: (xs) => griOf(xs)?.value ?? null,
  lbgi,
  hbgi,
  lr_hr_one_day: (xs) =>
    adrr(
      xs.map((value, index) => ({ t: index * 300_000, value })),
      'UTC',
    ),
  grade: (xs) => grade(xs).value,
  grade_hypo: (xs) => grade(xs).hypo,
  grade_eu: (xs) => grade(xs).eu,
  grade_hyper: (xs) => grade(xs).hyper,
  j: jIndex,
  m90: (xs) => mValue(xs),
  m100: (xs) => mValue(xs, 100),
  m120: (xs) => mValue(xs, 120),
  hyper_index: hyperIndex,
  hypo_index: hypoIndex,
  igc,
};
for (const p of ['05', '10', '25', '50', '75', '90', '95']) METRICS[`q${p}`] = (xs) => quantile(xs, Number(p) / 100);

function griOf(xs: number[]) {
  const { veryLow, low, high, veryHigh } = ranges(xs, 'standard');
  return gri({
    veryLow: veryLow.percent,
    low: low.percent,
    high: high.percent,
    veryHigh: veryHigh?.percent ?? null,
  });
}

function metric(name: string): (xs: number[]) => number | null {
  const known = METRICS[name];
  if (known === undefined) throw new Error(`No test computes ${name}`);
  return known;
}

const toys = new Map(
  vectors('toy_values').map((row) => {
    const values = cell(row, 'values_mgdl').split(' ').filter(Boolean).map(Number);
    return [cell(row, 'vector'), values];
  }),
);

describe('metrics on values', () => {
  it.each(vectors('toy_expected').map((row) => ({ row, name: `${cell(row, 'vector')} ${cell(row, 'metric')}` })))(
    '$name',
    ({ row }) => {
      const values = toys.get(cell(row, 'vector')) ?? [];
      expectClose(metric(cell(row, 'metric'))(values), num(row, 'value'));
    },
  );

  it('computes the two weeks of both sensors', () => {
    const rows = vectors('cgm14_expected').filter((row) => row['zone'] === '-');
    for (const row of rows) {
      const name = cell(row, 'metric');
      const readings = cgm14(cell(row, 'series'));
      const first = readings[0]?.t ?? NaN;
      const onReadings: Record<string, () => number | null> = {
        step_min: () => stepMinutes(readings),
        active_percent_worn: () => activePercentWorn(readings),
        span_days: () => ((readings.at(-1)?.t ?? NaN) - first) / 86_400_000,
      };
      const values = readings.map(({ value }) => value ?? NaN);
      expectClose((onReadings[name] ?? (() => metric(name)(values)))(), num(row, 'value'), toleranceOf(row));
    }
    expect(rows.length).toBeGreaterThan(80);
  });

  it.each(vectors('gmi'))('GMI and estimated A1c of $mean_mgdl mg/dL', (row) => {
    const m = int(row, 'mean_mgdl');
    expectClose(gmi(m), num(row, 'gmi_percent'));
    expectClose(gmiMmolMol(m), num(row, 'gmi_mmolmol'));
    expectClose(ea1c(m), num(row, 'ea1c_percent'));
  });

  it.each(vectors('gmi_published'))('published GMI of $mean $unit', (row) => {
    const m = int(row, 'mean') * (cell(row, 'unit') === 'mmol/L' ? 18.0182 : 1);
    const value = cell(row, 'gmi_unit') === '%' ? gmi(m) : gmiMmolMol(m);
    expect(value?.toFixed(1)).toBe(int(row, 'gmi_rounded').toFixed(1));
  });

  it.each(vectors('gri'))('GRI case $case', (row) => {
    const result = gri({
      veryLow: int(row, 'percent_lt54'),
      low: int(row, 'percent_54_69'),
      high: int(row, 'percent_181_250'),
      veryHigh: int(row, 'percent_gt250'),
    });
    expectClose(result?.hypo, num(row, 'hypo_component'));
    expectClose(result?.hyper, num(row, 'hyper_component'));
    expectClose(result?.raw, num(row, 'raw'));
    expectClose(result?.value, num(row, 'gri'));
    expect(result?.zone).toBe(cell(row, 'zone'));
  });

  it('lets a missing mean through and drops missing values', () => {
    expect([gmi(null), gmiMmolMol(null), ea1c(null)]).toEqual([null, null, null]);
    expect(mean([NaN, 100, Infinity])).toBe(100);
    expect(gri({ veryLow: null, low: 0, high: 0, veryHigh: 0 })).toBeNull();
  });

  it('refuses values below 1, quantiles outside 0 to 1 and a senseless reference', () => {
    for (const index of [mean, sd, cv, iqr, lbgi, hbgi, jIndex, mValue, hyperIndex, hypoIndex, igc, grade]) {
      expect(() => index([100, 0.5])).toThrow(RangeError);
    }
    expect(() => gmi(0.5)).toThrow(RangeError);
    for (const p of [-0.01, 1.01, NaN]) expect(() => quantile([100], p)).toThrow(RangeError);
    expect(() => mValue([100], 0)).toThrow(RangeError);
    expect(() => ranges([{ t: 0, value: 100 }], 'standard', { weighting: 'days' as 'minutes' })).toThrow(RangeError);
  });
});
