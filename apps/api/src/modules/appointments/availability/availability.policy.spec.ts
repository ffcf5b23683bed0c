import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../../common/time';
import { judgeAvailability, minutesOf } from './availability.policy';
import { searchedRange } from './slot-range.policy';

const problemsOf = (judge: () => unknown): unknown => {
  try {
    judge();
    return null;
  } catch (error) {
    const { code, options } = error as { code: string; options: { details?: unknown } };
    return options.details ?? code;
  }
};

describe('what a doctor may set', () => {
  it('reads times', () => {
    expect(['00:00', '09:05', '24:00'].map(minutesOf)).toEqual([0, 545, 1_440]);
  });

  it('accepts touching hours and completes exceptions', () => {
    expect(
      judgeAvailability(
        [
          { weekday: 1, start: '12:00', end: '24:00' },
          { weekday: 1, start: '00:00', end: '12:00' },
          { weekday: 2, start: '09:00', end: '15:00' },
        ],
        [
          { date: '2027-12-24', closed: true },
          { date: '2027-12-25', intervals: [{ start: '10:00', end: '11:00' }] },
        ],
      ),
    ).toEqual([
      { date: '2027-12-24', closed: true, intervals: [] },
      { date: '2027-12-25', closed: false, intervals: [{ start: '10:00', end: '11:00' }] },
    ]);
  });

  it('refuses overlaps of one day, whatever the types', () => {
    const clash = [
      { start: '09:00', end: '12:00', type: 'Online' as const },
      { start: '11:59', end: '13:00', type: 'Physical' as const },
    ];
    const rules = clash.map((hours) => ({ weekday: 3, ...hours }));
    expect(problemsOf(() => judgeAvailability(rules, []))).toBe('OVERLAPPING_RULES');
    expect(problemsOf(() => judgeAvailability([], [{ date: '2027-12-24', intervals: clash }]))).toBe(
      'OVERLAPPING_RULES',
    );
  });

  it('names what is wrong with its path', () => {
    const intervals = [{ start: '10:00', end: '09:00' }];
    expect(
      problemsOf(() =>
        judgeAvailability(
          [{ weekday: 1, start: '09:00', end: '09:00' }],
          [
            { date: '2027-12-24' },
            { date: '2027-12-24', closed: true, intervals: [{ start: '09:00', end: '10:00' }] },
            { date: '2027-12-26', intervals },
          ],
        ),
      ),
    ).toEqual([
      { field: 'rules[0].end', rule: 'afterStart' },
      { field: 'exceptions[0]', rule: 'closedOrIntervals' },
      { field: 'exceptions[1]', rule: 'closedOrIntervals' },
      { field: 'exceptions[2].intervals[0].end', rule: 'afterStart' },
      { field: 'exceptions[1].date', rule: 'unique' },
    ]);
  });
});

describe('the range of a search', () => {
  const range = (from: string, to: string, zone = 'Europe/Paris'): unknown => {
    const [start, end] = [parseInstant(from), parseInstant(to)];
    if (start === null || end === null) throw new Error('no instant');
    return problemsOf(() => searchedRange(start, end, zone)) ?? searchedRange(start, end, zone);
  };

  it('includes both days, in the zone', () => {
    // 2027-03-28 has 23 hours in Paris.
    expect(range('2027-03-28', '2027-03-28')).toEqual({
      from: new Date('2027-03-27T23:00:00Z'),
      to: new Date('2027-03-28T22:00:00Z'),
    });
  });

  it('has at most 31 days, clock changes included', () => {
    expect(range('2027-10-15', '2027-11-14')).toEqual({
      from: new Date('2027-10-14T22:00:00Z'),
      to: new Date('2027-11-14T23:00:00Z'),
    });
    expect(range('2027-10-15', '2027-11-15')).toEqual([{ field: 'to', rule: 'range' }]);
    expect(range('2027-03-15T00:00:00Z', '2027-04-15T00:00:00Z')).toHaveProperty('to');
    expect(range('2027-03-15T00:00:00Z', '2027-04-15T00:00:01Z')).toEqual([{ field: 'to', rule: 'range' }]);
  });

  it('does not run backwards', () => {
    for (const [from, to] of [
      ['2027-03-02', '2027-03-01'],
      ['2027-03-01T10:00:00Z', '2027-03-01T09:59:59Z'],
      ['2027-03-02T10:00:00Z', '2027-03-01'],
    ] as const)
      expect(range(from, to)).toEqual([{ field: 'from', rule: 'order' }]);
    expect(range('2027-03-01T10:00:00Z', '2027-03-01T10:00:00Z')).toHaveProperty('to');
  });
});
