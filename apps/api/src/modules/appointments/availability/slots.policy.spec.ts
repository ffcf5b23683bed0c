import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AvailabilityException, AvailabilityRule } from './availability.schema';
import { allows, applies, freeSlots, type OpeningHours, type SlotSearch } from './slots.policy';

const everyDay = (hours: Omit<AvailabilityRule, 'weekday'>): AvailabilityRule[] =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, ...hours }));

const hoursOf = (
  timeZone: string,
  rules: AvailabilityRule[],
  exceptions: AvailabilityException[] = [],
  slotMinutes = 30,
): OpeningHours => ({ timeZone, rules, exceptions, slotMinutes, published: true });

const search = (from: string, to: string, more: Partial<SlotSearch> = {}): SlotSearch => ({
  from: new Date(from),
  to: new Date(to),
  durationMinutes: 30,
  now: new Date('2020-01-01T00:00:00Z'),
  taken: [],
  isFull: () => false,
  limit: 1_000,
  ...more,
});

const starts = (hours: OpeningHours, wanted: SlotSearch): string[] =>
  freeSlots(hours, wanted).map(({ start }) => start.toISOString().slice(0, 16));

describe('free slots', () => {
  it('step through each interval and fit wholly inside', () => {
    // Monday 2027-02-22, Paris is at +01: 09:00-10:45 is 08:00-09:45 UTC; 45 minutes every 30.
    const hours = hoursOf('Europe/Paris', [{ weekday: 1, start: '09:00', end: '10:45', type: 'Online' }]);
    const found = freeSlots(hours, search('2027-02-20T00:00:00Z', '2027-02-27T00:00:00Z', { durationMinutes: 45 }));
    expect(found).toEqual(
      ['08:00', '08:30', '09:00'].map((time) => ({
        start: new Date(`2027-02-22T${time}:00.000Z`),
        end: new Date(Date.parse(`2027-02-22T${time}:00.000Z`) + 45 * 60_000),
        type: 'Online',
      })),
    );
  });

  it('lie wholly between the borders and in the future', () => {
    const hours = hoursOf('UTC', everyDay({ start: '08:00', end: '12:00' }));
    const [from, to] = ['2027-02-22T08:10:00Z', '2027-02-22T10:59:00Z'];
    expect(starts(hours, search(from, to))).toEqual(
      ['08:30', '09:00', '09:30', '10:00'].map((time) => `2027-02-22T${time}`),
    );
    const now = new Date('2027-02-22T09:30:00Z');
    expect(starts(hours, search(from, to, { now }))).toEqual(['2027-02-22T10:00']);
  });

  it('leave out what is taken, half open, and days that are full', () => {
    const hours = hoursOf('UTC', everyDay({ start: '08:00', end: '10:00' }));
    const taken = [{ start: new Date('2027-02-22T08:30:00Z'), end: new Date('2027-02-22T09:00:00Z') }];
    const isFull = (instant: Date): boolean => instant.toISOString().startsWith('2027-02-23');
    expect(starts(hours, search('2027-02-22T00:00:00Z', '2027-02-24T00:00:00Z', { taken, isFull }))).toEqual([
      '2027-02-22T08:00',
      '2027-02-22T09:00',
      '2027-02-22T09:30',
    ]);
  });

  it('follow the exception of a date instead of its rules', () => {
    const hours = hoursOf('UTC', everyDay({ start: '08:00', end: '09:00' }), [
      { date: '2027-02-22', closed: true, intervals: [] },
      { date: '2027-02-23', closed: false, intervals: [{ start: '23:00', end: '24:00', type: 'Physical' }] },
    ]);
    const found = freeSlots(hours, search('2027-02-22T00:00:00Z', '2027-02-25T00:00:00Z'));
    expect(found.map(({ start, type }) => [start.toISOString().slice(0, 16), type])).toEqual([
      ['2027-02-23T23:00', 'Physical'],
      ['2027-02-23T23:30', 'Physical'],
      ['2027-02-24T08:00', null],
      ['2027-02-24T08:30', null],
    ]);
  });

  it('are ascending, whatever the order of the rules, and end at the limit', () => {
    const hours = hoursOf('UTC', [
      ...everyDay({ start: '14:00', end: '15:00' }),
      ...everyDay({ start: '08:00', end: '09:00' }),
    ]);
    expect(starts(hours, search('2027-02-22T00:00:00Z', '2027-02-28T00:00:00Z', { limit: 3 }))).toEqual([
      '2027-02-22T08:00',
      '2027-02-22T08:30',
      '2027-02-22T14:00',
    ]);
  });
});

describe('days with a clock change', () => {
  // Paris, 2027-03-28: 02:00 +01 becomes 03:00 +02. 01:30 is 00:30Z, 03:00 is 01:00Z.
  it('skip times that do not exist', () => {
    const hours = hoursOf('Europe/Paris', everyDay({ start: '01:00', end: '04:00' }));
    expect(starts(hours, search('2027-03-28T00:00:00Z', '2027-03-28T12:00:00Z'))).toEqual(
      ['00:00', '00:30', '01:00', '01:30'].map((time) => `2027-03-28T${time}`),
    );
  });

  it('move a border in the skipped hour to its end', () => {
    const from = hoursOf('Europe/Paris', everyDay({ start: '02:40', end: '04:00' }), [], 20);
    expect(starts(from, search('2027-03-28T00:00:00Z', '2027-03-28T12:00:00Z', { durationMinutes: 20 }))).toEqual(
      ['01:00', '01:20', '01:40'].map((time) => `2027-03-28T${time}`),
    );
    // 01:00-02:30 ends at 03:00 +02 = 01:00Z: one hour from 00:00Z.
    const until = hoursOf('Europe/Paris', everyDay({ start: '01:00', end: '02:30' }));
    expect(starts(until, search('2027-03-28T00:00:00Z', '2027-03-28T12:00:00Z'))).toEqual(
      ['00:00', '00:30'].map((time) => `2027-03-28T${time}`),
    );
    const inside = hoursOf('Europe/Paris', everyDay({ start: '02:10', end: '02:50' }));
    expect(starts(inside, search('2027-03-28T00:00:00Z', '2027-03-28T12:00:00Z'))).toEqual([]);
  });

  // Paris, 2027-10-31: 03:00 +02 becomes 02:00 +01. 02:00 first is 00:00Z, again 01:00Z; 03:00 is 02:00Z.
  it('take times that occur twice as the first', () => {
    const hours = hoursOf('Europe/Paris', everyDay({ start: '01:30', end: '03:30' }));
    expect(starts(hours, search('2027-10-30T22:00:00Z', '2027-10-31T12:00:00Z'))).toEqual([
      '2027-10-30T23:30',
      '2027-10-31T00:00',
      '2027-10-31T00:30',
      '2027-10-31T02:00',
    ]);
    // 02:30 as an end is the first 02:30, 00:30Z.
    const until = hoursOf('Europe/Paris', everyDay({ start: '02:00', end: '02:30' }));
    expect(starts(until, search('2027-10-31T00:00:00Z', '2027-10-31T12:00:00Z'))).toEqual(['2027-10-31T00:00']);
  });

  // Nuuk, 2027-03-27: 23:00 -02 becomes 00:00 -01 of the 28th, at 01:00Z.
  it('know no hour before a midnight to which the clocks jump', () => {
    const late = hoursOf('America/Nuuk', [{ weekday: 6, start: '23:00', end: '24:00' }]);
    const early = hoursOf('America/Nuuk', [{ weekday: 7, start: '00:00', end: '01:00' }]);
    const wanted = search('2027-03-27T00:00:00Z', '2027-03-29T00:00:00Z');
    expect(starts(late, wanted)).toEqual([]);
    expect(starts(early, wanted)).toEqual(['2027-03-28T01:00', '2027-03-28T01:30']);
  });

  // Cairo, 2027-04-30: 00:00 +02 becomes 01:00 +03, at 22:00Z of the 29th.
  it('begin and end where midnight is skipped', () => {
    const late = hoursOf('Africa/Cairo', [{ weekday: 4, start: '23:00', end: '24:00' }]);
    const early = hoursOf('Africa/Cairo', [{ weekday: 5, start: '00:00', end: '02:00' }]);
    const wanted = search('2027-04-29T00:00:00Z', '2027-04-30T12:00:00Z');
    expect(starts(late, wanted)).toEqual(['2027-04-29T21:00', '2027-04-29T21:30']);
    expect(starts(early, wanted)).toEqual(['2027-04-29T22:00', '2027-04-29T22:30']);
  });
});

describe('allows', () => {
  const hours = hoursOf('Europe/Paris', [
    { weekday: 1, start: '09:00', end: '12:00' },
    { weekday: 1, start: '12:00', end: '13:00', type: 'Online' },
  ]);
  const at = (start: string, end: string, type: 'Online' | 'Physical' = 'Physical'): boolean =>
    allows(hours, new Date(`2027-02-22T${start}:00Z`), new Date(`2027-02-22T${end}:00Z`), type);

  it('wants one interval that holds all of it, of a type that fits', () => {
    expect(at('08:00', '11:00')).toBe(true);
    expect(at('07:59', '08:30')).toBe(false);
    expect(at('10:30', '11:01', 'Online')).toBe(false);
    expect(at('11:00', '12:00', 'Online')).toBe(true);
    expect(at('11:00', '12:00')).toBe(false);
    expect(at('10:00', '10:30', 'Online')).toBe(true);
  });

  it('counts only what is published and not empty', () => {
    expect(applies(hours)).toBe(true);
    expect(applies({ ...hours, published: false })).toBe(false);
    expect(applies({ ...hours, rules: [] })).toBe(false);
    expect(applies({ ...hours, rules: [], exceptions: [{ date: '2027-02-22', closed: true, intervals: [] }] })).toBe(
      true,
    );
    expect(applies(null)).toBe(false);
  });
});

describe('every free slot', () => {
  const time = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const hour = fc
    .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 1_440 }))
    .filter(([start, end]) => start < end)
    .map(([start, end]) => ({ start: time(start), end: time(end) }));
  // The days around the clock changes of all three zones.
  const day = fc.constantFrom('2027-03-13', '2027-03-27', '2027-10-30', '2027-11-06', '2027-06-01');

  it('can be booked: availability allows it, it is ascending and inside the search', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Tokyo'),
        hour,
        fc.integer({ min: 5, max: 240 }),
        fc.integer({ min: 5, max: 240 }),
        day,
        (zone, hours, slotMinutes, durationMinutes, from) => {
          const opening = hoursOf(zone, everyDay(hours), [], slotMinutes);
          const wanted = search(`${from}T00:00:00Z`, new Date(Date.parse(from) + 3 * 86_400_000).toISOString(), {
            durationMinutes,
          });
          const found = freeSlots(opening, wanted);
          for (const { start, end } of found) {
            expect(allows(opening, start, end, 'Physical')).toBe(true);
            expect(end.getTime() - start.getTime()).toBe(durationMinutes * 60_000);
            expect(start >= wanted.from && end <= wanted.to).toBe(true);
          }
          const times = found.map(({ start }) => start.getTime());
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves out exactly what overlaps a taken time, in whatever order and however these overlap themselves', () => {
    const from = Date.parse('2027-06-01');
    const taken = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_320 }), fc.integer({ min: 1, max: 300 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(taken, fc.integer({ min: 5, max: 120 }), (times, durationMinutes) => {
        const busy = times.map(([start, minutes]) => ({
          start: new Date(from + start * 60_000),
          end: new Date(from + (start + minutes) * 60_000),
        }));
        const hours = hoursOf('Europe/Paris', everyDay({ start: '00:00', end: '24:00' }), [], 15);
        const wanted = search('2027-06-01T00:00:00Z', '2027-06-04T00:00:00Z', { durationMinutes });
        const expected = freeSlots(hours, wanted).filter(
          (slot) => !busy.some(({ start, end }) => start < slot.end && end > slot.start),
        );
        expect(freeSlots(hours, { ...wanted, taken: busy })).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
