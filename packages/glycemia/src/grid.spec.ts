import { describe, expect, it } from 'vitest';
import { cell, cgm14, expectClose, int, num, ORIGIN, toleranceOf, vectors } from '../test/vectors';
import { adrr } from './risk';
import { episodes } from './episodes';
import { grid, recordedMinutes } from './grid';
import { mage } from './mage';
import type { Reading } from './types';
import { conga, mag, modd } from './variability';

const MINUTE = 60_000;
const reading = (minute: number, value: number): Reading => ({ t: ORIGIN + minute * MINUTE, value });

describe('the regular grid', () => {
  const inputs = vectors('grid_input');
  const expected = vectors('grid_expected');

  it.each([...new Set(expected.map((row) => cell(row, 'case')))])('%s', (name) => {
    const readings = inputs
      .filter((row) => row['case'] === name)
      .map((row) => ({ t: ORIGIN + int(row, 'second') * 1000, value: int(row, 'mgdl') }));
    const result = grid(readings, 'UTC');
    for (const row of expected.filter((line) => line['case'] === name)) {
      expect(result?.stepMinutes).toBe(int(row, 'step_min'));
      const point = result?.points.find(({ t }) => t === ORIGIN + int(row, 'minute') * MINUTE);
      // points after the last reading are listed in the vectors as empty; the grid ends before them
      expectClose(point?.x ?? null, num(row, 'mgdl'));
    }
  });

  it.each([
    // lower median of the steps -> step of the grid
    [0, 1],
    [1, 1],
    [3, 3],
    [6, 6],
    [7, 5],
    [14, 15],
    [11, 10],
    [13, 15],
    [19, 20],
    [22, 20],
    [25, 20],
    [30, 30],
    [45, 45],
    [46, null],
  ])('a step of %d minutes gives a grid of %s', (minutes, step) => {
    // an option of 0 is refused, a median of 0 counts as 1
    const readings = [reading(0, 100), reading(minutes === 0 ? 0.2 : minutes, 100)];
    expect(grid(readings, 'UTC')?.stepMinutes ?? null).toBe(step);
    if (minutes > 0) {
      expect(grid([reading(0, 1), reading(5, 1)], 'UTC', { stepMinutes: minutes })?.stepMinutes ?? null).toBe(step);
    }
  });

  it('needs two sensor readings and a step above 0', () => {
    expect(grid([], 'UTC')).toBeNull();
    expect(grid([reading(0, 100)], 'UTC')).toBeNull();
    expect(grid([reading(0, 100), { ...reading(5, 100), kind: 'capillary' }], 'UTC')).toBeNull();
    for (const stepMinutes of [0, -5, NaN]) expect(() => grid([], 'UTC', { stepMinutes })).toThrow(RangeError);
    expect(() => grid([], 'Nowhere/Land')).toThrow(RangeError);
  });

  it('starts at local midnight, also of a day that starts at 01:00', () => {
    // 2025-04-25 in Cairo starts at 22:00Z; the first point is one step later
    const t = Date.parse('2025-04-24T22:07:00Z');
    const points = grid(
      [
        { t, value: 100 },
        { t: t + 5 * MINUTE, value: 110 },
      ],
      'Africa/Cairo',
    )?.points;
    expect(points).toEqual([
      { t: Date.parse('2025-04-24T22:05:00Z'), x: null },
      { t: Date.parse('2025-04-24T22:10:00Z'), x: 106 },
    ]);
    expect(recordedMinutes(grid([reading(0, 100), reading(10, 100)], 'UTC', { stepMinutes: 5 }))).toBe(10);
    expect(recordedMinutes(null)).toBe(0);
  });
});

describe('two weeks in both zones', () => {
  const rows = vectors('cgm14_expected').filter((row) => row['zone'] !== '-');
  const names = [...new Set(rows.map((row) => `${cell(row, 'series')} ${cell(row, 'zone')}`))];

  it.each(names)('%s', (name) => {
    const [series = '', zone = ''] = name.split(' ');
    const readings = cgm14(series);
    const regular = grid(readings, zone);
    const amplitude = mage(readings, zone);
    const report = episodes(regular, zone);
    const actual: Record<string, number | null | undefined> = {
      grid_points_with_value: regular?.points.filter(({ x }) => x !== null).length,
      adrr: adrr(readings, zone),
      conga1: conga(regular, 1),
      conga2: conga(regular, 2),
      conga4: conga(regular, 4),
      conga24: conga(regular, 24),
      modd: modd(regular, zone),
      modd_lag2: modd(regular, zone, 2),
      mag: mag(regular),
      mage_ma_5_32_avg: amplitude.avg,
      mage_ma_5_32_plus: amplitude.plus,
      mage_ma_5_32_minus: amplitude.minus,
    };
    for (const total of report.totals) {
      const key = `episodes_${total.type}_${total.level}`;
      actual[`${key}_count`] = total.count;
      actual[`${key}_mean_minutes`] = total.meanDurationMinutes;
      actual[`${key}_per_day`] = total.perDay;
      actual[`${key}_nocturnal_count`] = total.nocturnal;
      actual[`${key}_exclusive_count`] = report.episodes.filter(
        ({ type, level, exclusive }) => type === total.type && level === total.level && exclusive === true,
      ).length;
    }
    const own = rows.filter((row) => `${cell(row, 'series')} ${cell(row, 'zone')}` === name);
    for (const row of own) expectClose(actual[cell(row, 'metric')], num(row, 'value'), toleranceOf(row));
    expect(own.length).toBeGreaterThan(20);
  });
});

describe('metrics on the grid', () => {
  const flat = grid(
    Array.from({ length: 600 }, (_, index) => reading(5 * index, 100)),
    'UTC',
  );

  it('are 0 for a constant series, MAGE is null', () => {
    expect([conga(flat, 1), conga(flat, 24), modd(flat, 'UTC'), mag(flat)]).toEqual([0, 0, 0, 0]);
    const constant = Array.from({ length: 600 }, (_, index) => reading(5 * index, 100));
    expect(mage(constant, 'UTC')).toEqual({ avg: null, plus: null, minus: null, algorithm: 'ma-5-32' });
  });

  it('are null without a grid or a pair', () => {
    expect([conga(null, 1), modd(null, 'UTC'), mag(null)]).toEqual([null, null, null]);
    const short = grid([reading(0, 100), reading(5, 110)], 'UTC');
    expect([conga(short, 1), modd(short, 'UTC'), mag(short)]).toEqual([null, null, null]);
    expect(mage([], 'UTC').avg).toBeNull();
  });

  it('refuse senseless lags', () => {
    for (const hours of [0, -1, NaN]) expect(() => conga(flat, hours)).toThrow(RangeError);
    for (const days of [0, 1.5, -1]) expect(() => modd(flat, 'UTC', days)).toThrow(RangeError);
    expect(() => modd(null, 'Nowhere/Land')).toThrow(RangeError);
  });

  it('pair days by the wall clock over a change of clocks', () => {
    // Paris loses 02:00-03:00 on 2025-03-30: 08:00 is 07:00Z the day before and 06:00Z that day
    const points = ['2025-03-29T07:00:00Z', '2025-03-30T06:00:00Z', '2025-03-30T07:00:00Z'];
    const [a, b, c] = points.map((text) => Date.parse(text));
    const own = {
      stepMinutes: 60,
      points: [
        { t: a ?? 0, x: 100 },
        { t: b ?? 0, x: 130 },
        { t: c ?? 0, x: 500 },
      ],
    };
    expect(modd(own, 'Europe/Paris')).toBe(30);
    expect(modd(own, 'UTC')).toBe(400);
  });

  it('take the earlier pass of a repeated clock time', () => {
    // Paris repeats 02:00 on 2025-10-26 (00:00Z and 01:00Z); 02:00 the day after is 01:00Z
    const own = {
      stepMinutes: 60,
      points: [
        { t: Date.parse('2025-10-26T00:00:00Z'), x: 100 },
        { t: Date.parse('2025-10-26T01:00:00Z'), x: 200 },
        { t: Date.parse('2025-10-27T01:00:00Z'), x: 110 },
      ],
    };
    expect(modd(own, 'Europe/Paris')).toBe(10);
  });
});
