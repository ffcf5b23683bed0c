import { describe, expect, it } from 'vitest';
import { DAY, daysOf, meter, MINUTE, sensor } from '../test/series';
import { expectClose, ORIGIN } from '../test/vectors';
import { mergeDays } from './merge';
import { bandLimits, GOALS, isPopulation } from './populations';
import { defaultBasis, summarize } from './summary';
import type { Population, Reading, StoredBlock, Unit } from './types';

const POPULATIONS: Population[] = ['standard', 'older', 'pregnancy-t1', 'gestational'];

describe('summary of sensor data', () => {
  // 1000 minutes: 5 below 54 (0.5 %), 30 at 54-69 (3 %), 705 in range, 210 above 180 (21 %), 50 above 250 (5 %)
  const readings = sensor(0, [50, 1], [60, 6], [100, 100], [150, 41], [200, 42], [300, 10]);
  const merged = mergeDays(daysOf(readings));

  it('states ranges with limits, goals and minutes', () => {
    const { ranges, gri } = summarize(merged, 'standard', { windowMinutes: 1440, periodDays: 1 });
    expectClose(ranges.target?.minutesPerDay, 1015.2);
    expect({ ...ranges.target, minutesPerDay: null }).toEqual({
      percent: 70.5,
      minutes: 705,
      minutesPerDay: null,
      readings: 141,
      limits: { min: 70, max: 180 },
      goal: { op: '>', percent: 70 },
      met: true,
    });
    expect(ranges.belowTarget).toMatchObject({ percent: 3.5, goal: { op: '<', percent: 4 }, met: true });
    expect(ranges.veryLow).toMatchObject({ percent: 0.5, met: true, limits: { min: null, max: 54 } });
    // 5 % is not below 5 %, 26 % not below 25 %
    expect(ranges.veryHigh).toMatchObject({ percent: 5, met: false, limits: { min: 250, max: null } });
    expect(ranges.aboveTarget).toMatchObject({ percent: 26, met: false });
    expect(ranges.tight).toMatchObject({ percent: 50, goal: null, met: null, limits: { min: 70, max: 140 } });
    expect([ranges.low?.goal, ranges.high?.goal]).toEqual([null, null]);
    // 3.0 * 0.5 + 2.4 * 3 + 1.6 * 5 + 0.8 * 21 = 33.5
    expect(gri).toMatchObject({ zone: 'B' });
    expectClose(gri?.value, 33.5);
  });

  it('weights sensor percentages by minutes', () => {
    const mixed: Reading[] = [
      { t: ORIGIN, value: 100, interval: 15, source: 'cgm' },
      { t: ORIGIN + 15 * MINUTE, value: 200, interval: 5, source: 'cgm' },
    ];
    const { ranges, sufficiency } = summarize(mergeDays(daysOf(mixed)), 'standard');
    expect(ranges.target).toMatchObject({ percent: 75, minutes: 15, readings: 1 });
    expect(sufficiency.intervalMinutes).toBe(5);
  });

  it('has four ranges and refuses GMI, A1c and GRI in pregnancy', () => {
    for (const population of ['pregnancy-t1', 'gestational'] as const) {
      const summary = summarize(merged, population);
      expect([summary.gmi, summary.gmiMmolMol, summary.estimatedA1c, summary.gri]).toEqual([null, null, null, null]);
      expect(summary.refused).toEqual({
        gmi: 'NOT_FOR_PREGNANCY',
        gmiMmolMol: 'NOT_FOR_PREGNANCY',
        estimatedA1c: 'NOT_FOR_PREGNANCY',
        gri: 'NOT_FOR_PREGNANCY',
      });
      expect([summary.ranges.veryHigh, summary.ranges.tight]).toEqual([null, null]);
      expect(summary.ranges.aboveTarget?.percent).toBe(46.5);
      expect(summary.ranges.high?.percent).toBe(46.5);
      expect(summary.mean).not.toBeNull();
    }
    expect(summarize(merged, 'pregnancy-t1').ranges.aboveTarget).toMatchObject({ met: false });
    expect(summarize(merged, 'gestational').ranges.aboveTarget).toMatchObject({ goal: null, met: null });
  });

  it.each([
    [20_160, 14, 14_112, true, null],
    [20_160, 14, 14_111, false, 'LOW_COVERAGE'],
    [18_720, 13, 18_720, false, 'PERIOD_TOO_SHORT'],
    [20_160, 14, 0, false, 'NO_DATA'],
  ])('a window of %d minutes in %d days with %d covered: sufficient %s', (window, days, w, sufficient, reason) => {
    const block: StoredBlock = { n: w, w, hist: w === 0 ? [] : [[0, 1000, w, w]] };
    const summary = summarize(mergeDays([{ date: '2025-01-01', cgm: block }]), 'standard', {
      windowMinutes: window,
      periodDays: days,
    });
    expect(summary.sufficiency).toMatchObject({ sufficient, reason });
    expect(summary.gmiReliable).toBe(sufficient);
  });

  it('caps the covered minutes at the window', () => {
    const { sufficiency } = summarize(merged, 'standard', { windowMinutes: 500, periodDays: 1 });
    expect(sufficiency).toMatchObject({ minutes: 500, activePercent: 100 });
  });

  it('is all nulls without data', () => {
    const summary = summarize(mergeDays([]), 'standard', { windowMinutes: 1440, periodDays: 1 });
    expect(summary).toMatchObject({ basis: 'cgm', mean: null, min: null, gmi: null, gri: null, refused: {} });
    expect(summary.sufficiency).toEqual({
      readings: 0,
      daysWithData: 0,
      minutes: 0,
      activePercent: 0,
      wornPercent: null,
      intervalMinutes: null,
      firstReading: null,
      lastReading: null,
      sufficient: false,
      reason: 'NO_DATA',
    });
    expect(summary.risk).toEqual({
      lbgi: null,
      lbgiBand: null,
      hbgi: null,
      hbgiBand: null,
      adrr: null,
      adrrBand: null,
    });
    expect(summary.ranges.target).toMatchObject({ percent: null, minutes: 0, readings: 0, met: null });
  });

  it('names the bands of the risk indices', () => {
    // of a constant series LBGI or HBGI is the risk of its value, and so is ADRR
    const bands = (value: number) => summarize(mergeDays(daysOf(sensor(0, [value, 288]))), 'standard').risk;
    expect(bands(100)).toMatchObject({ lbgiBand: 'minimal', hbgiBand: 'low', adrrBand: 'low' });
    expect(bands(80)).toMatchObject({ lbgiBand: 'moderate' });
    expect(bands(90)).toMatchObject({ lbgiBand: 'low' });
    expect(bands(55)).toMatchObject({ lbgiBand: 'high', adrrBand: 'low' });
    expect(bands(45)).toMatchObject({ lbgiBand: 'high', adrrBand: 'moderate' });
    expect(bands(180)).toMatchObject({ hbgiBand: 'moderate' });
    expect(bands(300)).toMatchObject({ hbgiBand: 'high', adrrBand: 'moderate' });
    expect(bands(450)).toMatchObject({ adrrBand: 'high' });
  });

  it('rests on sensors unless there is less than a day of them beside capillary readings', () => {
    const basis = (minutes: number, capillary: number) =>
      defaultBasis(mergeDays(daysOf([...sensor(0, [100, minutes / 5]), ...meter(1, capillary)])));
    expect([basis(1435, 0), basis(1435, 1), basis(1440, 1), basis(0, 0)]).toEqual(['cgm', 'smbg', 'cgm', 'cgm']);
  });
});

describe('summary of capillary readings', () => {
  const of = (readings: Reading[], population: Population = 'standard', insulin = false) =>
    summarize(mergeDays(daysOf(readings)), population, { basis: 'smbg', periodDays: 10, insulin });

  it('refuses what needs a sensor', () => {
    const summary = of(meter(10, 3));
    expect(summary.refused).toEqual({
      activePercent: 'CGM_REQUIRED',
      wornPercent: 'CGM_REQUIRED',
      minutes: 'CGM_REQUIRED',
      minutesPerDay: 'CGM_REQUIRED',
      gmi: 'CGM_REQUIRED',
      gmiMmolMol: 'CGM_REQUIRED',
      gri: 'CGM_REQUIRED',
      // 10 days with three readings are fewer than 14
      adrr: 'INSUFFICIENT_READINGS',
    });
    expect(summary.ranges.target).toMatchObject({ percent: 100, minutes: null, minutesPerDay: null, readings: 30 });
    expect([summary.gmi, summary.gri, summary.sufficiency.minutes]).toEqual([null, null, null]);
    expect(summary.sufficiency).toMatchObject({ sufficient: true, reason: null });
    expect(summary.estimatedA1c).toBeCloseTo((100 + 46.7) / 28.7, 9);
    expect(summary.smbg?.readingsPerDay).toBe(3);
  });

  it('refuses dispersion and risk below 30 readings, quartiles below 5, the median below 3', () => {
    const many = of(meter(1, 29));
    expect(many.sufficiency).toMatchObject({ sufficient: false, reason: 'INSUFFICIENT_READINGS' });
    expect([many.mean, many.standardDeviation, many.risk.lbgi, many.indices.grade]).toEqual([100, null, null, null]);
    expect([many.quantiles.p05, many.quantiles.p25, many.iqr]).toEqual([null, 100, 0]);
    expect(many.refused).toMatchObject({ p05: 'INSUFFICIENT_READINGS', igc: 'INSUFFICIENT_READINGS' });
    expect(of(meter(1, 4)).quantiles).toMatchObject({ p25: null, p50: 100, p75: null });
    expect(of(meter(1, 2)).quantiles.p50).toBeNull();
    expect(of(meter(1, 2))).toMatchObject({ min: 100, max: 100, mean: 100 });
  });

  it('counts ADRR over the days with three readings, of which it needs fourteen', () => {
    const fourteen = [...meter(14, 3), { t: ORIGIN + 20 * DAY, value: 400, source: 'manual' as const }];
    // the single reading of 400 is on a day that does not count: ADRR of constant 100 is its low risk
    expectClose(of(fourteen).risk.adrr, 0.48205112540885015);
    expect(of(meter(13, 3)).risk.adrr).toBeNull();
  });

  it('sums up by meal context against the capillary targets', () => {
    const at = (period: string, ...values: number[]): Reading[] =>
      values.map((value, index) => ({ t: ORIGIN + index * MINUTE, value, source: 'manual', period }));
    const readings = [
      ...at('after_meal', 100, 179, 180),
      ...at('fasting', 79, 80, 130, 131),
      ...at('bedtime', 100),
      ...at('before_meal', 100),
    ];
    expect(of(readings).smbg?.byContext).toEqual([
      { period: 'fasting', n: 4, mean: 105, inTargetPercent: 50, target: { min: 80, max: 130, maxOpen: false } },
      { period: 'before_meal', n: 1, mean: 100, inTargetPercent: 100, target: { min: 80, max: 130, maxOpen: false } },
      // the upper limit after a meal is open: 180 is outside
      {
        period: 'after_meal',
        n: 3,
        mean: 153,
        inTargetPercent: 200 / 3,
        target: { min: null, max: 180, maxOpen: true },
      },
      { period: 'bedtime', n: 1, mean: 100, inTargetPercent: null, target: null },
    ]);
    const pregnant = (insulin: boolean) =>
      of([...at('fasting', 69, 70, 95, 96), ...at('before_meal', 90)], 'gestational', insulin);
    expect(pregnant(false).smbg?.byContext.map((context) => context.inTargetPercent)).toEqual([75, null]);
    expect(pregnant(true).smbg?.byContext[0]).toMatchObject({ inTargetPercent: 50, target: { min: 70, max: 95 } });
  });

  it('compares a reading with the target in its own unit', () => {
    // 4.4 mmol/L is 79.3 mg/dL: below 80 when converted, inside its own limits
    const readings = meter(1, 1, 4.4, 'mmol/L').map((reading) => ({ ...reading, period: 'fasting' }));
    const merged = mergeDays(daysOf(readings));
    const summary = summarize(merged, 'standard', { unit: 'mmol/L' });
    expect(summary.smbg?.byContext[0]).toMatchObject({ inTargetPercent: 100, target: { min: 4.4, max: 7.2 } });
    expect(summary.ranges.target?.limits).toEqual({ min: 3.9, max: 10 });
  });
});

describe('goals and limits', () => {
  it('are those of the consensus', () => {
    const target = (population: Population) => GOALS[population].target?.percent ?? null;
    expect(POPULATIONS.map(target)).toEqual([70, 50, 70, null]);
    const below = (population: Population) => GOALS[population].belowTarget?.percent ?? null;
    expect(POPULATIONS.map(below)).toEqual([4, 1, 4, null]);
    const veryHigh = (population: Population) => GOALS[population].veryHigh?.percent ?? null;
    expect(POPULATIONS.map(veryHigh)).toEqual([5, 10, null, null]);
    expect(GOALS.standard.coefficientOfVariation).toEqual({ op: '<=', percent: 36 });
  });

  it('are printed in either unit', () => {
    expect(bandLimits('pregnancy-t1', 'mmol/L')).toMatchObject({
      target: { min: 3.5, max: 7.8 },
      high: { min: 7.8, max: null },
      veryHigh: null,
      tight: null,
    });
    expect(bandLimits('standard', 'mg/dL').high).toEqual({ min: 180, max: 250 });
    expect(() => bandLimits('standard', 'g/L' as Unit)).toThrow(RangeError);
    expect([isPopulation('older'), isPopulation('young'), isPopulation(undefined)]).toEqual([true, false, false]);
  });
});
