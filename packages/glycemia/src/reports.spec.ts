import { describe, expect, it } from 'vitest';
import { DAY, daysOf, meter, sensor } from '../test/series';
import { cell, cgm14, expectClose, int, num, ORIGIN, vectors } from '../test/vectors';
import { compare } from './compare';
import { dailySummaries } from './daily';
import { emptyDay } from './day';
import { mergeDays } from './merge';
import { meanOfSums, summarize } from './summary';
import type { Reading, StoredBlock, StoredDay } from './types';

describe('merging documents of which parts were read', () => {
  const days = daysOf(cgm14());
  const without = (...keys: (keyof StoredBlock)[]): StoredDay[] =>
    days.map((day) => ({
      ...day,
      cgm: Object.fromEntries(
        Object.entries(day.cgm ?? {}).filter(([key]) => !keys.includes(key as keyof StoredBlock)),
      ),
    }));

  it('makes the same summary without the hours, and without the histogram', () => {
    const whole = summarize(mergeDays(days), 'standard');
    expect(summarize(mergeDays(without('hours')), 'standard')).toEqual(whole);
    expect(summarize(mergeDays(without('hist')), 'standard')).toEqual(whole);
    expect(summarize(mergeDays(without('bands')), 'standard')).toEqual(whole);
  });

  it('keeps counts, sums and bands of documents without histograms', () => {
    const merged = mergeDays(without('hours', 'hist', 'steps', 'first', 'last', 'periods'));
    expect(merged.cgm).toMatchObject({ n: 3812, hist: null, hours: null, first: null, last: null });
    const summary = summarize(merged, 'standard');
    expectClose(summary.mean, 132.68415529905562);
    expectClose(summary.ranges.target?.percent, 88.53620146904512);
    expect([summary.risk.adrr, summary.standardDeviation, summary.sufficiency.wornPercent]).toEqual([null, null, null]);
    expectClose(meanOfSums({ n: 2, sums: [1000, 1000] }), (100 + 180.182) / 2);
    expect(meanOfSums({ n: 0, sums: [0, 0] })).toBeNull();
  });

  it('takes instants as a database returns them', () => {
    const dated = days.map((day) => ({
      ...day,
      from: new Date(day.from),
      cgm: day.cgm && { ...day.cgm, first: new Date(day.cgm.first), last: new Date(day.cgm.last) },
    }));
    expect(mergeDays(dated)).toEqual(mergeDays(days));
  });
});

describe('daily figures', () => {
  it('equal the vectors', () => {
    const readings = cgm14();
    const zone = 'Europe/Paris';
    const figures = dailySummaries(daysOf(readings, zone).reverse(), 'standard');
    const rows = vectors('cgm14_daily_paris');
    expect(figures.map(({ date }) => date)).toEqual(rows.map((row) => cell(row, 'local_date')));
    rows.forEach((row, index) => {
      const day = figures[index];
      expect(day?.minutesInDay).toBe(int(row, 'minutes_in_day'));
      expect(day?.readings).toBe(int(row, 'n'));
      expect(day?.minutes).toBe(int(row, 'covered_min'));
      expectClose(day?.activePercent, num(row, 'active_percent'));
      expectClose(day?.mean, num(row, 'mean'));
      expectClose(day?.standardDeviation, num(row, 'sd'));
      expectClose(day?.coefficientOfVariation, num(row, 'cv'));
      expectClose(day?.min, num(row, 'min'));
      expectClose(day?.max, num(row, 'max'));
      const { veryLow, low, target, high, veryHigh } = day?.ranges ?? {};
      expect([veryLow, low, target, high, veryHigh].map((range) => range?.readings)).toEqual(
        ['n_very_low', 'n_low', 'n_target', 'n_high', 'n_very_high'].map((key) => int(row, key)),
      );
    });
  });

  it('list an empty day with zeros and nulls', () => {
    expect(dailySummaries([emptyDay('2025-03-30', 'Europe/Paris')], 'standard')[0]).toMatchObject({
      date: '2025-03-30',
      minutesInDay: 1380,
      readings: 0,
      minutes: 0,
      activePercent: 0,
      mean: null,
      min: null,
      firstReading: null,
      partial: true,
      capillaryReadings: 0,
    });
  });

  it('measure today against its elapsed part', () => {
    // 144 readings of 5 minutes until noon: half of the day, all of its elapsed part
    const days = daysOf([...sensor(0, [100, 144]), ...meter(1, 2)]);
    const [day] = dailySummaries(days, 'standard');
    expect(day).toMatchObject({ activePercent: 50, partial: true, capillaryReadings: 2 });
    expect(dailySummaries(days, 'standard', { now: ORIGIN + DAY / 2 })[0]).toMatchObject({
      activePercent: 100,
      partial: false,
    });
    expect(dailySummaries(days, 'standard', { basis: 'smbg' })[0]).toMatchObject({
      readings: 2,
      minutes: null,
      activePercent: null,
      partial: null,
    });
  });
});

describe('comparison of two periods', () => {
  const week = (value: number, from: number, perDay = 288) =>
    Array.from({ length: 7 }, (_, day) => sensor(from + day, [value, perDay - 20], [200, 20])).flat();
  const of = (readings: Reading[], periodDays = 7) =>
    summarize(mergeDays(daysOf(readings)), 'standard', { windowMinutes: periodDays * 1440, periodDays });

  it('subtracts the previous from the current one', () => {
    const [current, previous] = [of(week(110, 7)), of(week(100, 0))];
    const { delta, comparable, meaningful } = compare(current, previous);
    // 268 of 288 readings are 10 mg/dL higher
    expectClose(delta.mean, (268 * 10) / 288);
    expect(delta.ranges).toMatchObject({ target: 0, veryLow: 0, tight: 0 });
    expect(delta.activePercent).toBe(0);
    expect([comparable, meaningful]).toEqual([true, false]);
  });

  it('is meaningful from 5 points of time in range on', () => {
    const low = week(60, 0);
    expect(compare(of(week(100, 7)), of(low))).toMatchObject({ comparable: true, meaningful: true });
  });

  it('is not comparable with little data, few days or capillary readings', () => {
    const good = of(week(100, 0));
    expect(compare(good, of(week(60, 7, 200))).comparable).toBe(false);
    expect(compare(of(week(100, 0), 6), good).comparable).toBe(false);
    const capillary = summarize(mergeDays(daysOf(meter(7, 3))), 'standard');
    expect(compare(capillary, good)).toMatchObject({
      comparable: false,
      meaningful: false,
      delta: { gmi: null, gri: null },
    });
  });
});
