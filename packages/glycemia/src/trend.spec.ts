import { describe, expect, it } from 'vitest';
import { cell, expectClose, int, num, ORIGIN, vectors } from '../test/vectors';
import { predictsLow, recentTrend } from './trend';
import type { Reading } from './types';

const at = (seconds: number, value: number): Reading => ({ t: ORIGIN - seconds * 1000, value });
const steady = [at(900, 115), at(600, 108), at(300, 100), at(0, 93)];

describe('trend of the newest readings', () => {
  it.each(vectors('trend_predict'))('$case', (row) => {
    const values = cell(row, 'values_mgdl').split(' ').map(Number);
    const seconds = cell(row, 'seconds_before_newest').split(' ').map(Number);
    const readings = seconds.map((second, index) => at(second, values[index] ?? NaN));
    const trend = recentTrend(readings, ORIGIN, int(row, 'interval_min'));
    expect(trend?.arrow).toBe(cell(row, 'arrow'));
    expect(trend?.used).toBe(int(row, 'used'));
    expect(trend?.at).toBe(ORIGIN);
    expectClose(trend?.slope, num(row, 'slope_mgdl_per_min'));
    expectClose(trend?.predicted20, num(row, 'predicted_20min'));
    expectClose(trend?.predicted30, num(row, 'predicted_30min'));
    const current = values.at(-1) ?? NaN;
    const predicted = ([20, 30] as const).map((horizon) => predictsLow(trend, current, 70, horizon));
    expect(predicted).toEqual([cell(row, 'low_predicted_20') === 'yes', cell(row, 'low_predicted_30') === 'yes']);
  });

  it('is over 15 minutes after the newest reading', () => {
    expect(recentTrend(steady, ORIGIN + 900_000, 5)?.used).toBe(4);
    expect(recentTrend(steady, ORIGIN + 900_001, 5)).toBeNull();
    expect(recentTrend([], ORIGIN, 5)).toBeNull();
  });

  it('does not depend on the order given and ignores capillary readings', () => {
    const shuffled = [steady[2], steady[0], steady[3], steady[1]].flatMap((reading) => reading ?? []);
    const mixed = [...shuffled, { ...at(150, 400), kind: 'capillary' as const }];
    expect(recentTrend(mixed, ORIGIN, 5)).toEqual(recentTrend(steady, ORIGIN, 5));
  });

  it('takes the older of two readings equally near, and a reading 150 s away but not 151 s', () => {
    // 240 s and 360 s are both 60 s from the target of 300 s
    const tie = [at(600, 120), at(360, 110), at(240, 300), at(0, 100)];
    expect(recentTrend(tie, ORIGIN, 5)).toEqual(recentTrend([at(600, 120), at(360, 110), at(0, 100)], ORIGIN, 5));
    expect(recentTrend([at(750, 120), at(300, 110), at(0, 100)], ORIGIN, 5)?.used).toBe(3);
    expect(recentTrend([at(1051, 120), at(300, 110), at(0, 100)], ORIGIN, 5)?.used).toBe(0);
    // one reading between two targets stands for both and is one member
    expect(recentTrend([at(450, 110), at(0, 100)], ORIGIN, 5)?.used).toBe(0);
  });

  it('wants the two readings of a slow sensor within its interval and 2.5 minutes', () => {
    expect(recentTrend([at(1050, 120), at(0, 100)], ORIGIN, 15)?.used).toBe(2);
    expect(recentTrend([at(1051, 120), at(0, 100)], ORIGIN, 15)?.used).toBe(0);
    expect(recentTrend([at(0, 100)], ORIGIN, 15)?.arrow).toBe('None');
  });

  it('compares the slope at three decimals', () => {
    // 15 minutes from 100 to 115.003: 1.0002 mg/dL per minute, 1.000 when compared
    const slow = recentTrend([at(900, 100), at(600, 105), at(300, 110), at(0, 115)], ORIGIN, 5);
    expect(slow?.arrow).toBe('Flat');
    expect(recentTrend([at(900, 100), at(600, 105), at(300, 110), at(0, 115.1)], ORIGIN, 5)?.arrow).toBe('FortyFiveUp');
    expect(recentTrend([at(900, 200), at(600, 180), at(300, 160), at(0, 140)], ORIGIN, 5)?.arrow).toBe('DoubleDown');
    expect(() => recentTrend(steady, ORIGIN, 0)).toThrow(RangeError);
  });
});
