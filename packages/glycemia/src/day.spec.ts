import { describe, expect, it } from 'vitest';
import { daysOf } from '../test/series';
import { cell, cgm14, expectClose, int, num, vectors } from '../test/vectors';
import { adrr, buildDay, cv, hbgi, lbgi, mean, mergeDays, quantile, ranges, sd, summarize } from './index';
import type { Reading, Unit } from './types';

const PARIS = 'Europe/Paris';
const at = (text: string): number => Date.parse(text);

describe('buildDay', () => {
  it('has exactly the stored shape', () => {
    // 07:00 and 07:05 in Paris: 100 and 54.04 (540 quanta) mg/dL; a meter at 08:00, 5.6 mmol/L (560 quanta)
    const day = buildDay(
      [
        { t: at('2025-01-15T06:05:20Z'), value: 54.04, interval: 5, source: 'cgm', id: 'b' },
        { t: at('2025-01-15T06:00:00Z'), value: 100, interval: 5, source: 'cgm', id: 'a' },
        { t: at('2025-01-15T07:00:00Z'), value: 5.6, unit: 'mmol/L', source: 'glucometer', period: 'fasting', id: 'c' },
        { t: at('2025-01-15T23:00:00Z'), value: 100, source: 'cgm', id: 'tomorrow' },
        { t: at('2025-01-15T07:30:00Z'), value: NaN, source: 'cgm', id: 'missing' },
      ],
      '2025-01-15',
      PARIS,
    );
    expect(day).toEqual({
      date: '2025-01-15',
      tz: PARIS,
      from: at('2025-01-14T23:00:00Z'),
      to: at('2025-01-15T23:00:00Z'),
      minutes: 1440,
      cgm: {
        n: 2,
        w: 10,
        sums: [1540, 0],
        first: at('2025-01-15T06:00:00Z'),
        last: at('2025-01-15T06:05:20Z'),
        steps: [[5, 1, 320_000]],
        hist: [
          [0, 540, 1, 5],
          [0, 1000, 1, 5],
        ],
        hours: [
          [
            7,
            [
              [0, 540, 1, 5],
              [0, 1000, 1, 5],
            ],
          ],
        ],
        bands: {
          std: { n: [0, 1, 1, 0, 0], w: [0, 5, 5, 0, 0], tight: [1, 5] },
          preg: { n: [0, 1, 1, 0], w: [0, 5, 5, 0] },
        },
      },
      smbg: {
        n: 1,
        w: 0,
        sums: [0, 560],
        first: at('2025-01-15T07:00:00Z'),
        last: at('2025-01-15T07:00:00Z'),
        steps: [],
        hist: [[1, 560, 1, 0]],
        hours: [[8, [[1, 560, 1, 0]]]],
        bands: {
          std: { n: [0, 0, 1, 0, 0], w: [0, 0, 0, 0, 0], tight: [1, 0] },
          preg: { n: [0, 0, 1, 0], w: [0, 0, 0, 0] },
        },
        periods: [['fasting', [[1, 560, 1]]]],
      },
      latest: { glucoseId: 'c', value: 5.6, unit: 'mmol/L', measuredAt: at('2025-01-15T07:00:00Z') },
      counts: [
        ['cgm', '', 2],
        ['glucometer', 'fasting', 1],
      ],
    });
  });

  it('is null for a day without readings and for one that does not exist', () => {
    expect(buildDay([], '2025-01-15', PARIS)).toBeNull();
    const readings = [{ t: at('2011-12-30T12:00:00Z'), value: 100 }];
    expect(buildDay(readings, '2011-12-30', 'Pacific/Apia')).toBeNull();
    expect(buildDay(readings, '2011-12-31', 'Pacific/Apia')?.cgm?.n).toBe(1);
  });

  it('counts one sensor reading per instant: cgm before import, then the latest stored', () => {
    const t = at('2025-01-15T06:00:00Z');
    const twins: Reading[] = [
      { t, value: 100, source: 'cgm', createdAt: 1, id: 'a' },
      { t, value: 110, source: 'cgm', createdAt: 2, id: 'b' },
      { t, value: 120, source: 'import', kind: 'cgm', createdAt: 3, id: 'c' },
    ];
    for (const order of [twins, [...twins].reverse()]) {
      const day = buildDay(order, '2025-01-15', 'UTC');
      expect(day?.cgm?.sums).toEqual([1100, 0]);
      expect(day?.counts).toEqual([
        ['cgm', '', 2],
        ['import', '', 1],
      ]);
    }
  });

  it('counts all capillary readings of an instant', () => {
    const t = at('2025-01-15T06:00:00Z');
    const day = buildDay(
      [100, 110].map((value) => ({ t, value, source: 'manual' as const })),
      '2025-01-15',
      'UTC',
    );
    expect(day?.smbg?.n).toBe(2);
  });

  it('skips a second sensor until its interval less ten seconds has passed', () => {
    const t = at('2025-01-15T06:00:00Z');
    const reading = (seconds: number, deviceId: string | undefined, value: number): Reading => ({
      t: t + seconds * 1000,
      value,
      interval: 5,
      source: 'cgm',
      deviceId,
    });
    const accepted = (readings: Reading[]) => buildDay(readings, '2025-01-15', 'UTC')?.cgm?.sums[0];
    // 5 min less 10 s: 289 s after the last accepted one is too early, 290 s is not
    expect(accepted([reading(0, 'A', 100), reading(289, 'B', 200)])).toBe(1000);
    expect(accepted([reading(0, 'A', 100), reading(290, 'B', 200)])).toBe(3000);
    // the same device and one without a name are never skipped
    expect(accepted([reading(0, 'A', 100), reading(60, 'A', 200)])).toBe(3000);
    expect(accepted([reading(0, 'A', 100), reading(60, undefined, 200)])).toBe(3000);
    // B at 100 s is skipped, so A at 300 s is measured against A at 0 s
    expect(accepted([reading(0, 'A', 100), reading(100, 'B', 200), reading(300, 'A', 300)])).toBe(4000);
  });

  it('remembers the newest critical reading, whatever its source', () => {
    const day = (values: number[]) =>
      buildDay(
        values.map((value, index) => ({ t: at('2025-01-15T06:00:00Z') + index, value, source: 'manual' as const })),
        '2025-01-15',
        'UTC',
      );
    expect(day([54, 250])).not.toHaveProperty('lastCriticalAt');
    expect(day([53, 251, 100])?.lastCriticalAt).toBe(at('2025-01-15T06:00:00.001Z'));
  });

  it('does not change what it is given', () => {
    const readings = Object.freeze([Object.freeze({ t: 2, value: 100 }), Object.freeze({ t: 1, value: 90 })]);
    expect(buildDay(readings, '1970-01-01', 'UTC')?.cgm?.first).toBe(1);
  });
});

describe('a patient whose readings come, change and go', () => {
  it('agrees with the computation on readings after every step', () => {
    const stored = new Map<string, Reading>();
    for (const row of vectors('rollup_ops')) {
      const id = cell(row, 'reading');
      if (cell(row, 'op') === 'delete') stored.delete(id);
      else {
        const [value, unit] = [int(row, 'value'), cell(row, 'unit') as Unit];
        stored.set(id, { t: at(cell(row, 'measured_at')), value, unit, id, source: 'cgm' });
      }
      const readings = [...stored.values()];
      const days = daysOf(readings, PARIS);
      expect(days.map((day) => `${day.date}:${day.cgm?.n ?? 0}`).join(' ')).toBe(cell(row, 'readings_per_day_after'));
      const summary = summarize(mergeDays(days), 'standard');
      const xs = readings.map(({ value, unit }) => (unit === 'mg/dL' ? (value ?? NaN) : (value ?? NaN) * 18.0182));
      const both: [string, number | null, number | null][] = [
        ['mean', summary.mean, mean(xs)],
        ['sd', summary.standardDeviation, sd(xs)],
        ['q50', summary.quantiles.p50, quantile(xs, 0.5)],
        ['lbgi', summary.risk.lbgi, lbgi(xs)],
        ['hbgi', summary.risk.hbgi, hbgi(xs)],
      ];
      for (const [key, merged, direct] of both) {
        expectClose(merged, num(row, key));
        expectClose(direct, num(row, key));
      }
      const bands = ranges(readings, 'standard');
      for (const [key, column] of Object.entries({
        veryLow: 'n_very_low',
        low: 'n_low',
        target: 'n_target',
        high: 'n_high',
        veryHigh: 'n_very_high',
      } as const)) {
        const name = key as 'veryLow' | 'low' | 'target' | 'high' | 'veryHigh';
        expect(summary.ranges[name]?.readings).toBe(int(row, column));
        expect(bands[name]?.count).toBe(int(row, column));
      }
    }
  });
});

describe('two weeks from merged days', () => {
  it.each(['all', 'third'])('equals the computation on readings (%s)', (series) => {
    const readings = cgm14(series);
    const expected = new Map(
      vectors('cgm14_expected')
        .filter((row) => row['series'] === series && (row['zone'] === '-' || row['zone'] === PARIS))
        .map((row) => [cell(row, 'metric'), num(row, 'value')]),
    );
    const merged = mergeDays(daysOf(readings, PARIS).reverse());
    const summary = summarize(merged, 'standard', { windowMinutes: 20_160, periodDays: 14 });
    const actual: Record<string, number | null> = {
      n: summary.sufficiency.readings,
      mean: summary.mean,
      sd: summary.standardDeviation,
      cv: summary.coefficientOfVariation,
      min: summary.min,
      max: summary.max,
      q05: summary.quantiles.p05,
      q50: summary.quantiles.p50,
      q95: summary.quantiles.p95,
      iqr: summary.iqr,
      gmi: summary.gmi,
      gmi_mmolmol: summary.gmiMmolMol,
      ea1c: summary.estimatedA1c,
      tir: summary.ranges.target?.percent ?? null,
      titr: summary.ranges.tight?.percent ?? null,
      tbr70: summary.ranges.belowTarget?.percent ?? null,
      tar180: summary.ranges.aboveTarget?.percent ?? null,
      gri: summary.gri?.value ?? null,
      lbgi: summary.risk.lbgi,
      hbgi: summary.risk.hbgi,
      adrr: summary.risk.adrr,
      grade: summary.indices.grade,
      grade_hypo: summary.indices.gradeHypoPercent,
      j: summary.indices.jIndex,
      m90: summary.indices.mValue,
      igc: summary.indices.igc,
      active_percent_worn: summary.sufficiency.wornPercent,
    };
    for (const [key, value] of Object.entries(actual)) expectClose(value, expected.get(key) ?? NaN);
    expectClose(adrr(readings, PARIS), expected.get('adrr') ?? NaN);
    expect(summary.sufficiency).toMatchObject({ sufficient: true, reason: null, daysWithData: 15 });
    expect(summary.sufficiency.intervalMinutes).toBe(series === 'all' ? 5 : 15);
  });

  it('lists the local days', () => {
    const readings = cgm14();
    for (const row of vectors('cgm14_daily_paris')) {
      const day = buildDay(readings, cell(row, 'local_date'), PARIS);
      expect(day?.minutes).toBe(int(row, 'minutes_in_day'));
      expect(day?.cgm?.n).toBe(int(row, 'n'));
      expect(day?.cgm?.w).toBe(int(row, 'covered_min'));
      const xs = readings.filter(({ t }) => day && t >= day.from && t < day.to).map(({ value }) => value ?? NaN);
      expectClose(cv(xs), num(row, 'cv'));
    }
  });
});
