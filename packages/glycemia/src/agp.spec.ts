import { describe, expect, it } from 'vitest';
import { daysOf } from '../test/series';
import { cell, cgm14, expectClose, int, num, ORIGIN, vectors } from '../test/vectors';
import { agpFiveMinute, agpHourly, agpReport, type AgpHour } from './agp';
import { grid } from './grid';
import { mergeDays } from './merge';
import type { Reading } from './types';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Readings of a number of days, some minutes of each covered from midnight on. */
function covered(minutes: number[]): Reading[] {
  return minutes.flatMap((length, day) =>
    Array.from({ length: length / 5 }, (_, k) => ({ t: ORIGIN + day * DAY + k * 5 * MINUTE, value: 100 })),
  );
}

const report = (minutes: number[]) => agpReport(mergeDays(daysOf(covered(minutes), 'UTC')), 'standard');

describe('hourly profile', () => {
  const profiles = new Map<string, AgpHour[]>();
  for (const zone of ['UTC', 'Europe/Paris']) {
    profiles.set(`readings ${zone}`, agpHourly(cgm14(), zone));
    // hist projected away, as the server reads the documents
    const days = daysOf(cgm14(), zone).map(({ cgm, ...day }) => {
      const { hist: _hist, ...block } = cgm ?? {};
      return { ...day, cgm: block };
    });
    profiles.set(`days ${zone}`, [...(agpReport(mergeDays(days), 'standard').bins ?? [])]);
  }

  it.each(['readings', 'days'])('equals the vectors, from %s', (from) => {
    for (const row of vectors('cgm14_agp_hourly')) {
      const bin = profiles.get(`${from} ${cell(row, 'zone')}`)?.[int(row, 'hour')];
      expect(bin?.hour).toBe(int(row, 'hour'));
      expect(bin?.n).toBe(int(row, 'n'));
      for (const p of ['05', '25', '50', '75', '95'] as const) {
        expectClose(bin?.[`p${p}`], num(row, `p${p}`));
        expectClose(bin?.smoothed[`p${p}`], num(row, `s${p}`));
      }
    }
  });

  it('smooths over midnight and around empty hours', () => {
    const hours = { 23: 60, 0: 120, 2: 90, 10: 200 };
    const readings = Object.entries(hours).map(([hour, value]) => ({ t: ORIGIN + Number(hour) * 60 * MINUTE, value }));
    const bins = agpHourly(readings, 'UTC');
    const smoothed = (hour: number) => bins[hour]?.smoothed.p50 ?? null;
    // 0 has 23 but not 1: (4 * 120 + 60) / 5 = 108; 23 has 0 but not 22: (4 * 60 + 120) / 5 = 72
    expect([smoothed(0), smoothed(23), smoothed(2), smoothed(10), smoothed(1)]).toEqual([108, 72, 90, 200, null]);
    expect(bins[1]).toMatchObject({ hour: 1, n: 0, p05: null, p50: null });
    expect(bins).toHaveLength(24);
  });

  it('puts both passes of a repeated hour into one bin', () => {
    const readings = ['2025-10-26T00:30:00Z', '2025-10-26T01:30:00Z'].map((text) => ({
      t: Date.parse(text),
      value: 100,
    }));
    expect(agpHourly(readings, 'Europe/Paris')[2]?.n).toBe(2);
  });
});

describe('profile by minute', () => {
  it('equals the vectors at full hours and has 288 positions', () => {
    const bins = agpFiveMinute(grid(cgm14(), 'UTC', { stepMinutes: 5 }), 'UTC');
    expect(bins).toHaveLength(288);
    for (const row of vectors('cgm14_agp_5min_sample')) {
      const bin = bins.find(({ minute }) => minute === int(row, 'minute_of_day'));
      expect(bin?.n).toBe(int(row, 'n'));
      for (const p of ['05', '25', '50', '75', '95'] as const) expectClose(bin?.[`p${p}`], num(row, `p${p}`));
    }
    expect(agpFiveMinute(null, 'UTC')).toEqual([]);
  });
});

describe('sufficiency of the graph', () => {
  it.each([
    [[], 'NO_DATA'],
    [[1435], 'LESS_THAN_24H'],
    [[1440, 1440, 1440, 1440, 1440, 1440], 'FEWER_THAN_7_DAYS'],
    // a day of less than 60 minutes does not count
    [[1440, 1440, 1440, 1440, 1440, 1440, 55], 'FEWER_THAN_7_DAYS'],
    // 70 % of 1440 is 1008: six whole days carry a poor one, (6 * 1440 + 60) / 7 = 1243
    [[1440, 1440, 1440, 1440, 1440, 1440, 60], null],
    [[1005, 1005, 1005, 1005, 1005, 1005, 1005], 'LOW_COVERAGE'],
    // the seven best of eight count
    [[60, 1010, 1010, 1010, 1010, 1010, 1010, 1010], null],
  ])('%j covered minutes a day: %s', (minutes, reason) => {
    const result = report(minutes);
    expect(result.reason).toBe(reason);
    expect(result.sufficient).toBe(reason === null);
    expect(result.bins === null).toBe(reason === 'NO_DATA' || reason === 'LESS_THAN_24H');
  });

  it('counts the elapsed part of a day that is not over', () => {
    // 600 of 1440 minutes are 42 %, of the 600 elapsed ones 100 %; six days of 65 % and that one: 70 %
    const days = daysOf(covered([935, 935, 935, 935, 935, 935, 600]), 'UTC');
    const now = ORIGIN + 6 * DAY + 600 * MINUTE;
    expect(agpReport(mergeDays(days), 'standard').reason).toBe('LOW_COVERAGE');
    // (6 * 64.93 + 100) / 7 = 69.94 is still too little, (6 * 65.28 + 100) / 7 = 70.24 is not
    expect(agpReport(mergeDays(days), 'standard', { now }).reason).toBe('LOW_COVERAGE');
    const better = daysOf(covered([940, 940, 940, 940, 940, 940, 600]), 'UTC');
    expect(agpReport(mergeDays(better), 'standard', { now }).reason).toBeNull();
  });

  it('says when the period also fulfils the consensus', () => {
    const whole = report(Array.from({ length: 14 }, () => 1440));
    expect(whole).toMatchObject({ sufficient: true, consensus: true, binMinutes: 60 });
    expect(report(Array.from({ length: 13 }, () => 1440)).consensus).toBe(false);
  });

  it('splits night and day at 06:00', () => {
    const { blocks } = report([1440]);
    expect(blocks.night.target).toMatchObject({ minutes: 360, percent: 100 });
    expect(blocks.day.target).toMatchObject({ minutes: 1080, percent: 100 });
  });
});

describe('modal day of capillary readings', () => {
  const readings = (count: number): Reading[] =>
    Array.from({ length: count }, (_, k) => ({ t: ORIGIN + k * DAY, value: 100 + k, source: 'manual' as const }));

  it('needs 30 readings and is not smoothed', () => {
    const few = agpReport(mergeDays(daysOf(readings(29), 'UTC')), 'standard');
    expect(few).toMatchObject({ sufficient: false, reason: 'INSUFFICIENT_READINGS', bins: null });
    const enough = agpReport(mergeDays(daysOf(readings(30), 'UTC')), 'standard');
    expect(enough.bins?.[0]).toMatchObject({ n: 30, p50: 114.5, smoothed: { p50: null } });
    expect(enough.blocks.night.target).toMatchObject({ readings: 30, minutes: null });
  });

  it('shows in an hour only the quantiles its readings carry', () => {
    // 32 at 00:00, 2 at 01:00, 3 at 02:00, 5 at 03:00
    const spread = [...readings(32)];
    for (const [hour, count] of [
      [1, 2],
      [2, 3],
      [3, 5],
    ] as const) {
      for (let k = 0; k < count; k += 1) {
        spread.push({ t: ORIGIN + k * DAY + hour * 60 * MINUTE, value: 100, source: 'manual' });
      }
    }
    const bins = agpReport(mergeDays(daysOf(spread, 'UTC')), 'standard').bins ?? [];
    const shown = [0, 1, 2, 3].map((hour) =>
      [bins[hour]?.p05, bins[hour]?.p25, bins[hour]?.p50].map((x) => x !== null),
    );
    expect(shown).toEqual([
      [true, true, true],
      [false, false, false],
      [false, false, true],
      [false, true, true],
    ]);
  });
});
