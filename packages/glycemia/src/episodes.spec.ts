import { describe, expect, it } from 'vitest';
import { cell, cgm14, expectClose, int, ORIGIN, vectors } from '../test/vectors';
import { dominantUnit, episodes, episodeTotals } from './episodes';
import { grid } from './grid';
import type { Reading, Unit } from './types';

const MINUTE = 60_000;
const yes = (flag: boolean | null): string => (flag === null ? '' : flag ? 'yes' : 'no');

/** Readings five minutes apart from 12:00 UTC on. */
const every5 = (values: number[], unit: Unit = 'mg/dL'): Reading[] =>
  values.map((value, index) => ({ t: ORIGIN + (720 + 5 * index) * MINUTE, value, unit }));
const times = (value: number, count: number): number[] => Array.from({ length: count }, () => value);

describe('episodes', () => {
  const expected = vectors('episodes_expected');

  it.each(vectors('episodes_input'))('$case', (row) => {
    const [step, first] = [int(row, 'step_min'), int(row, 'first_minute')];
    const readings = cell(row, 'values_mgdl')
      .split(' ')
      .flatMap((text, index) =>
        text === '-' ? [] : [{ t: ORIGIN + (first + step * index) * MINUTE, value: Number(text) }],
      );
    const { episodes: found } = episodes(grid(readings, 'UTC'), 'UTC');
    const own = expected.filter((line) => line['case'] === row['case'] && line['type'] !== 'none');
    expect(found.map(({ type, level }) => `${type} ${level}`).sort()).toEqual(
      own.map((line) => `${cell(line, 'type')} ${cell(line, 'level')}`).sort(),
    );
    for (const line of own) {
      const start = ORIGIN + int(line, 'start_minute') * MINUTE;
      const episode = found.find(
        ({ type, level, start: from }) => type === line['type'] && level === line['level'] && from === start,
      );
      expect(episode?.durationMinutes).toBe(int(line, 'duration_min'));
      expect(episode?.end).toBe(start + int(line, 'duration_min') * MINUTE);
      expectClose(episode?.extreme, int(line, 'extreme_mgdl'));
      expectClose(episode?.mean, int(line, 'mean_mgdl'));
      expect(yes(episode?.nocturnal ?? null)).toBe(cell(line, 'nocturnal'));
      expect(yes(episode?.open ?? null)).toBe(cell(line, 'open'));
      expect(yes(episode?.exclusive ?? null)).toBe(cell(line, 'exclusive'));
    }
  });

  it('finds those of two weeks, in order of their start', () => {
    const rows = vectors('cgm14_episodes');
    for (const zone of ['UTC', 'Europe/Paris']) {
      const report = episodes(grid(cgm14(), zone), zone);
      const lines = report.episodes.map((episode) =>
        [
          episode.type,
          episode.level,
          new Date(episode.start).toISOString().replace('.000Z', 'Z'),
          episode.durationMinutes,
          yes(episode.nocturnal),
          yes(episode.open),
          yes(episode.exclusive),
        ].join(),
      );
      const column = zone === 'UTC' ? 'nocturnal_utc' : 'nocturnal_paris';
      const wanted = rows.map((row) =>
        [
          row['type'],
          row['level'],
          row['start'],
          row['duration_min'],
          row[column],
          row['open'],
          row['exclusive'],
        ].join(),
      );
      expect([...lines].sort()).toEqual([...wanted].sort());
      expect(report.episodes.map(({ start }) => start)).toEqual(
        report.episodes.map(({ start }) => start).sort((a, b) => a - b),
      );
      for (const row of rows) {
        const start = Date.parse(cell(row, 'start'));
        const episode = report.episodes.find(
          (e) => e.start === start && e.type === row['type'] && e.level === row['level'],
        );
        expectClose(episode?.extreme, int(row, 'extreme_mgdl'));
        expectClose(episode?.mean, int(row, 'mean_mgdl'));
      }
    }
  });

  it('uses the limits of pregnancy and knows no extended high there', () => {
    // 65 is low in general but not in pregnancy; 150 is high there, 190 very high
    const readings = every5([
      ...times(100, 4),
      ...times(65, 4),
      ...times(100, 4),
      ...times(150, 4),
      ...times(190, 30),
      100,
      100,
      100,
      100,
    ]);
    const found = episodes(grid(readings, 'UTC'), 'UTC', { population: 'gestational' });
    expect(found.episodes.map(({ type, level }) => `${type} ${level}`)).toEqual(['hyper 1', 'hyper 2']);
    expect(found.totals).toHaveLength(5);
    // each value lasts until the next point: 34 points of 5 min above 140
    expect(found.episodes[0]?.durationMinutes).toBe(170);
  });

  it('keeps 3.9 and 10.0 mmol/L in range when the readings were entered so', () => {
    // 3.9 mmol/L is 70.27, 10.0 is 180.18 mg/dL: high by the mg/dL limits, not by its own
    const readings = every5([...times(5.5, 4), ...times(3.9, 4), ...times(10, 4), ...times(5.5, 4)], 'mmol/L');
    const points = grid(readings, 'UTC');
    expect(episodes(points, 'UTC', { unit: 'mmol/L' }).episodes).toEqual([]);
    expect(episodes(points, 'UTC').episodes.map(({ type }) => type)).toEqual(['hyper']);
    const low = grid(every5([...times(5.5, 4), ...times(3.89, 4), ...times(5.5, 4)], 'mmol/L'), 'UTC');
    expect(episodes(low, 'UTC', { unit: 'mmol/L' }).episodes.map(({ type }) => type)).toEqual(['hypo']);
    expect(dominantUnit(['mg/dL', 'mmol/L'])).toBe('mg/dL');
    expect(dominantUnit(['mg/dL', 'mmol/L', 'mmol/L'])).toBe('mmol/L');
  });

  it('ends level 2 lows at 54, or at 70 when asked to', () => {
    // 50 50 50 | 60 60 60 | 50 50 50: two by the first rule, one by the second
    const points = grid(
      every5([...times(100, 4), ...times(50, 3), ...times(60, 3), ...times(50, 3), ...times(100, 4)]),
      'UTC',
    );
    const level2 = (l2End: 54 | 70) => episodes(points, 'UTC', { l2End }).totals.find((t) => t.level === '2')?.count;
    expect([level2(54), level2(70)]).toEqual([2, 1]);
  });

  it('has nothing to say without a grid', () => {
    const report = episodes(null, 'UTC');
    expect(report).toMatchObject({ episodes: [], recordedMinutes: 0 });
    expect(report.totals).toHaveLength(6);
    expect(report.totals[0]).toEqual({
      type: 'hypo',
      level: '1',
      count: 0,
      perDay: null,
      perWeek: null,
      meanDurationMinutes: null,
      nocturnal: 0,
    });
    expect(() => episodes(null, 'Nowhere/Land')).toThrow(RangeError);
  });

  it('totals a filtered list by the minutes it refers to', () => {
    const { episodes: list } = episodes(grid(cgm14(), 'UTC'), 'UTC');
    // 6 level 1 lows in 2 days of data: 3 per day, 21 per week
    const total = episodeTotals(list, 2 * 1440)[0];
    expect(total).toMatchObject({
      type: 'hypo',
      level: '1',
      count: 6,
      perDay: 3,
      perWeek: 21,
      meanDurationMinutes: 85,
    });
  });
});
