import { describe, expect, it } from 'vitest';
import { cell, int, vectors } from '../test/vectors';
import { tideCounts, tideGroup, tideOrder, type TideCounts, type TideEntry } from './tide';
import type { Population } from './types';

const rows = vectors('tide');
const NO_PREVIOUS: TideCounts = { window: 10_080, total: 0, veryLow: 0, belowTarget: 0, target: 0 };

function current(row: Record<string, string>): TideCounts {
  return {
    window: int(row, 'window_min'),
    total: int(row, 'worn_min'),
    veryLow: int(row, 'lt54_min'),
    belowTarget: int(row, 'below_target_min'),
    target: int(row, 'in_target_min'),
  };
}

function groupOf(row: Record<string, string>) {
  const previous = {
    window: int(row, 'prev_window_min'),
    total: int(row, 'prev_worn_min'),
    veryLow: 0,
    belowTarget: 0,
    target: int(row, 'prev_in_target_min'),
  };
  return tideGroup(current(row), previous, cell(row, 'population') as Population);
}

describe('worklist', () => {
  it.each(rows)('$case', (row) => {
    expect(groupOf(row).group).toBe(int(row, 'group'));
  });

  it('names the groups', () => {
    const codes = new Map(rows.map((row) => [groupOf(row).group, groupOf(row).code]));
    expect([...codes].sort((a, b) => a[0] - b[0])).toEqual([
      [1, 'very-low'],
      [2, 'low'],
      [3, 'tir-drop'],
      [4, 'low-tir'],
      [5, 'insufficient'],
      [6, 'on-track'],
    ]);
  });

  it('ranks all in one list', () => {
    const entries = rows.map((row, index) => ({
      row,
      group: groupOf(row).group,
      target: int(row, 'in_target_min'),
      total: int(row, 'worn_min'),
      patientId: String(index).padStart(3, '0'),
      lastReading: index,
    }));
    entries.reverse().sort(tideOrder);
    expect(entries.map(({ row }) => int(row, 'rank_if_all_in_one_list'))).toEqual(rows.map((_, index) => index + 1));
  });

  it('puts those who never measured first in group 5, ties by patient id', () => {
    const entry = (patientId: string, lastReading: number | null): TideEntry => ({
      group: 5,
      target: 0,
      total: 0,
      patientId,
      lastReading,
    });
    const list = [entry('b', 7), entry('c', null), entry('a', 7), entry('d', 3), entry('a', null)];
    expect(list.sort(tideOrder).map(({ patientId, lastReading }) => [patientId, lastReading])).toEqual([
      ['a', null],
      ['c', null],
      ['d', 3],
      ['a', 7],
      ['b', 7],
    ]);
  });

  it('wants a capillary reading a day, in both periods', () => {
    const smbg = (total: number, target: number): TideCounts => ({
      window: 7,
      total,
      veryLow: 0,
      belowTarget: 0,
      target,
      basis: 'smbg',
    });
    const none = smbg(0, 0);
    expect(tideGroup(smbg(6, 6), none, 'standard').code).toBe('insufficient');
    expect(tideGroup(smbg(7, 7), none, 'standard').code).toBe('on-track');
    // 70 % after 100 %
    expect(tideGroup(smbg(10, 7), smbg(7, 7), 'standard').code).toBe('tir-drop');
    expect(tideGroup(smbg(10, 7), smbg(6, 6), 'standard').code).toBe('on-track');
  });

  it('refuses unknown populations and counts that are not whole', () => {
    const counts = { ...NO_PREVIOUS, total: 10_000 };
    expect(() => tideGroup(counts, NO_PREVIOUS, 'all' as Population)).toThrow(RangeError);
    expect(() => tideGroup({ ...counts, target: 0.5 }, NO_PREVIOUS, 'standard')).toThrow(RangeError);
    expect(() => tideGroup(counts, { ...NO_PREVIOUS, window: -1 }, 'standard')).toThrow(RangeError);
  });

  it('counts day documents of which only the bands were read', () => {
    const bands = {
      std: { n: [1, 2, 3, 4, 5], w: [5, 10, 15, 20, 25], tight: [2, 10] },
      preg: { n: [1, 1, 2, 11], w: [5, 5, 10, 55] },
    };
    const days = [
      { date: '2025-01-01', cgm: { bands } },
      { date: '2025-01-02', cgm: { bands } },
      { date: '2025-01-03' },
    ];
    expect(tideCounts(days, 'standard', 'cgm', 4320)).toEqual({
      window: 4320,
      total: 150,
      veryLow: 10,
      belowTarget: 30,
      target: 30,
      basis: 'cgm',
    });
    expect(tideCounts(days, 'gestational', 'cgm', 4320)).toMatchObject({ total: 150, belowTarget: 20, target: 20 });
    expect(tideCounts(days, 'standard', 'smbg', 3).total).toBe(0);
  });
});
