import fc from 'fast-check';
import { DateTime } from 'luxon';
import { afterEach, describe, expect, it } from 'vitest';
import {
  canonicalZone,
  completedYears,
  dayBounds,
  isInFuture,
  localDay,
  parseInstant,
  utcDaysTouched,
  wallClockOf,
} from '.';

const HOUR = 3_600_000;

describe.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('dates in a process of %s', (zone) => {
  const before = process.env['TZ'];

  afterEach(() => {
    process.env['TZ'] = before;
  });

  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-02-25T10:00:00Z', '2024-02-25T10:00:00.000Z'],
    ['2024-02-25T10:00', '2024-02-25T10:00:00.000Z'],
    ['2024-02-25T10:00:00.123999', '2024-02-25T10:00:00.123Z'],
    ['2024-02-25T10:00:00+05:30', '2024-02-25T04:30:00.000Z'],
    ['2024-02-25 10:00:00-0330', '2024-02-25T13:30:00.000Z'],
    ['2024-02-25T24:00:00Z', '2024-02-26T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    process.env['TZ'] = zone;
    expect(parseInstant(text)?.date.toISOString()).toBe(expected);
  });

  it.each([
    '',
    '2023-02-29',
    '2024-13-01',
    '2024-02-25T25:00',
    '2024-02-25T24:01',
    '1899-12-31',
    '2201-01-01',
    '2024-02-25T10:00:00+16:00',
    'yesterday',
    '1708855200000',
    '2024-2-5',
  ])('refuses %s', (text) => {
    process.env['TZ'] = zone;
    expect(parseInstant(text)).toBeNull();
  });

  it('reads back every instant it is given', () => {
    process.env['TZ'] = zone;
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2200-12-31T23:59:59Z'), noInvalidDate: true }),
        (date) => {
          expect(parseInstant(date.toISOString())?.date.getTime()).toBe(date.getTime());
        },
      ),
    );
  });

  it('puts every instant inside the day it names, of 23 to 25 hours', () => {
    process.env['TZ'] = zone;
    const zones = fc.constantFrom(
      'Europe/Paris',
      'America/Montreal',
      'Africa/Tunis',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/Sao_Paulo',
    );
    const instants = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2040-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, zones, (instant, where) => {
        const { start, end } = dayBounds(localDay(instant, where), where);
        expect(start.getTime()).toBeLessThanOrEqual(instant.getTime());
        expect(end.getTime()).toBeGreaterThan(instant.getTime());
        const hours = (end.getTime() - start.getTime()) / HOUR;
        expect(hours).toBeGreaterThanOrEqual(23);
        expect(hours).toBeLessThanOrEqual(25);
      }),
    );
  });
});

describe('zones, days and ages', () => {
  it('knows the days on which clocks change', () => {
    const hours = (day: string, zone: string): number =>
      (dayBounds(day, zone).end.getTime() - dayBounds(day, zone).start.getTime()) / HOUR;
    expect(hours('2026-03-29', 'Europe/Paris')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Paris')).toBe(25);
    // No midnight in São Paulo on 2018-11-04: the day begins at 01:00.
    expect(dayBounds('2018-11-04', 'America/Sao_Paulo').start.toISOString()).toBe('2018-11-04T03:00:00.000Z');
  });

  it('touches each UTC day of a half-open interval once', () => {
    const at = (text: string) => new Date(`2026-01-0${text}Z`);
    expect(utcDaysTouched(at('1T23:30:00'), at('2T00:00:00'))).toEqual(['2026-01-01']);
    expect(utcDaysTouched(at('1T23:30:00'), at('2T00:30:00'))).toEqual(['2026-01-01', '2026-01-02']);
  });

  it('counts completed years by the patient’s calendar', () => {
    const birth = new Date('2000-06-15T00:00:00Z');
    const eve = new Date('2026-06-14T23:30:00Z');
    // 01:30 of the birthday in Paris, still the day before in UTC.
    expect([completedYears(birth, eve, 'UTC'), completedYears(birth, eve, 'Europe/Paris')]).toEqual([25, 26]);
  });

  it('tolerates ten minutes of future with an offset, fourteen hours without', () => {
    const now = new Date('2026-01-01T12:00:00Z');
    const future = (text: string) => isInFuture(parseInstant(text) ?? { date: now, zoned: true, dayOnly: false }, now);
    expect([
      future('2026-01-01T12:10:00Z'),
      future('2026-01-01T12:10:01Z'),
      future('2026-01-02T02:00:00'),
      future('2026-01-02T02:00:01'),
    ]).toEqual([false, true, false, true]);
  });

  it.each([
    ['Europe/Paris', 'Europe/Paris'],
    ['utc', 'UTC'],
    ['europe/paris', 'Europe/Paris'],
    ['AMERICA/PORT-AU-PRINCE', 'America/Port-au-Prince'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Mars/Base', null],
    ['', null],
    ['../etc/passwd', null],
    ['+05:30', null],
    ['x'.repeat(70), null],
  ])('takes the zone %s as %s', (name, zone) => {
    expect(canonicalZone(name)).toBe(zone);
  });
});

describe('the clock on the wall', () => {
  const at = (day: string, zone: string, minutes: number): [string, boolean] => {
    const { instant, exists } = wallClockOf(day, zone)(minutes);
    return [instant.toISOString().slice(0, 16), exists];
  };

  it.each([
    // An ordinary day at +01, with its end.
    ['2027-02-22', 'Europe/Paris', 0, '2027-02-21T23:00', true],
    ['2027-02-22', 'Europe/Paris', 1_440, '2027-02-22T23:00', true],
    // 02:00 +01 becomes 03:00 +02, at 01:00Z.
    ['2027-03-28', 'Europe/Paris', 119, '2027-03-28T00:59', true],
    ['2027-03-28', 'Europe/Paris', 120, '2027-03-28T01:00', false],
    ['2027-03-28', 'Europe/Paris', 179, '2027-03-28T01:00', false],
    ['2027-03-28', 'Europe/Paris', 180, '2027-03-28T01:00', true],
    ['2027-03-28', 'Europe/Paris', 1_440, '2027-03-28T22:00', true],
    // 03:00 +02 becomes 02:00 +01, at 01:00Z: 02:30 is 00:30Z, and again 01:30Z.
    ['2027-10-31', 'Europe/Paris', 150, '2027-10-31T00:30', true],
    ['2027-10-31', 'Europe/Paris', 180, '2027-10-31T02:00', true],
    // Half an hour: 02:00 +10:30 becomes 02:30 +11, at 15:30Z of the day before.
    ['2027-10-03', 'Australia/Lord_Howe', 135, '2027-10-02T15:30', false],
    // The 30th was left out: 24:00 of the 29th -10 is 00:00 of the 31st +14.
    ['2011-12-29', 'Pacific/Apia', 1_440, '2011-12-30T10:00', false],
  ] as const)('%s in %s after %i minutes', (day, zone, minutes, expected, exists) => {
    expect(at(day, zone, minutes)).toEqual([expected, exists]);
  });

  it('shows the time that was asked for, the first time that it does', () => {
    const zones = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC'];
    const days = fc
      .integer({ min: 0, max: 364 })
      .map((n) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), fc.integer({ min: 0, max: 1_439 }), (day, zone, minutes) => {
        const { instant, exists } = wallClockOf(day, zone)(minutes);
        const shown = (ms: number): string => DateTime.fromMillis(ms, { zone }).toFormat('yyyy-MM-dd HH:mm');
        const asked = DateTime.fromISO(day, { zone: 'UTC' }).plus({ minutes }).toFormat('yyyy-MM-dd HH:mm');
        expect(shown(instant.getTime()) === asked).toBe(exists);
        for (const earlier of [30, 60]) expect(shown(instant.getTime() - earlier * 60_000)).not.toBe(asked);
      }),
      { numRuns: 500 },
    );
  });
});
