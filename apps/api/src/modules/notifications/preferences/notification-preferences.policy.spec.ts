import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTIFICATION_TYPES, SEVERITIES } from '../notification.schema';
import { channelsFor, completePreferences, isQuiet, type QuietHours } from './notification-preferences.policy';

const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'America/Santiago', // clocks change at midnight
  'Asia/Kolkata', // half an hour off
  'Australia/Lord_Howe', // changes by half an hour
  'Pacific/Kiritimati', // UTC+14
];
const night: QuietHours = { enabled: true, start: '22:00', end: '07:00' };
const MINUTE = 60_000;

const clockTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
const zone = fc.constantFrom(...ZONES);

/** The wall clock as the platform's own formatter shows it: a second source beside luxon. */
function wallClock(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    at,
  );
}

/** Minutes of quiet from `from` up to `to`, counted one by one. */
function quietMinutes(hours: QuietHours, timeZone: string, from: string, to: string): number {
  let count = 0;
  for (let at = Date.parse(from); at < Date.parse(to); at += MINUTE)
    if (isQuiet(hours, timeZone, new Date(at))) count += 1;
  return count;
}

describe('quiet hours', () => {
  it.each([
    // Paris in winter is UTC+1
    ['Europe/Paris', '2026-01-10T20:59:59.999Z', false],
    ['Europe/Paris', '2026-01-10T21:00:00.000Z', true],
    ['Europe/Paris', '2026-01-10T23:30:00.000Z', true],
    ['Europe/Paris', '2026-01-11T05:59:59.999Z', true],
    ['Europe/Paris', '2026-01-11T06:00:00.000Z', false],
    // on 29 March the clocks go from 02:00 to 03:00: 22:00 is 21:00Z, 07:00 is 05:00Z
    ['Europe/Paris', '2026-03-28T21:00:00.000Z', true],
    ['Europe/Paris', '2026-03-29T04:59:59.999Z', true],
    ['Europe/Paris', '2026-03-29T05:00:00.000Z', false],
    // on 25 October from 03:00 back to 02:00: 22:00 is 20:00Z, 07:00 is 06:00Z
    ['Europe/Paris', '2026-10-24T20:00:00.000Z', true],
    ['Europe/Paris', '2026-10-25T05:59:59.999Z', true],
    ['Europe/Paris', '2026-10-25T06:00:00.000Z', false],
    // UTC-4 and UTC+5:30
    ['America/New_York', '2026-07-01T01:59:00.000Z', false],
    ['America/New_York', '2026-07-01T02:00:00.000Z', true],
    ['Asia/Kolkata', '2026-07-01T16:29:00.000Z', false],
    ['Asia/Kolkata', '2026-07-01T16:30:00.000Z', true],
    ['Asia/Kolkata', '2026-07-02T01:30:00.000Z', false],
  ])('in %s at %s: %s', (timeZone, at, expected) => {
    expect(isQuiet(night, timeZone, new Date(at))).toBe(expected);
  });

  it('last as long as the clock says on the nights of a change', () => {
    // 22:00 to 07:00 is 9 h; one hour is skipped in March and one comes twice in October.
    expect(quietMinutes(night, 'Europe/Paris', '2026-01-10T12:00Z', '2026-01-11T12:00Z')).toBe(9 * 60);
    expect(quietMinutes(night, 'Europe/Paris', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toBe(8 * 60);
    expect(quietMinutes(night, 'Europe/Paris', '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toBe(10 * 60);
    // Lord Howe changes by half an hour.
    expect(quietMinutes(night, 'Australia/Lord_Howe', '2026-04-04T02:00Z', '2026-04-05T02:00Z')).toBe(9 * 60 + 30);
    // Santiago goes from 24:00 to 01:00 on 6 September: midnight does not exist.
    expect(quietMinutes(night, 'America/Santiago', '2026-09-05T16:00Z', '2026-09-06T16:00Z')).toBe(8 * 60);
  });

  it('may lie where the clock jumps', () => {
    const gap: QuietHours = { enabled: true, start: '02:10', end: '02:50' };
    // In March 02:10 never comes; in October it comes twice: 2 x 40 minutes.
    expect(quietMinutes(gap, 'Europe/Paris', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toBe(0);
    expect(quietMinutes(gap, 'Europe/Paris', '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toBe(80);
    // Begun in the gap and ended behind it: 03:00 to 03:30 remain.
    const across: QuietHours = { enabled: true, start: '02:30', end: '03:30' };
    expect(quietMinutes(across, 'Europe/Paris', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toBe(30);
  });

  it('follow the wall clock in every zone, across midnight or not', () => {
    fc.assert(
      fc.property(clockTime, clockTime, instant, zone, (start, end, at, timeZone) => {
        fc.pre(start !== end);
        const clock = wallClock(at, timeZone);
        const expected = start < end ? start <= clock && clock < end : start <= clock || clock < end;
        expect(isQuiet({ enabled: true, start, end }, timeZone, at)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('and the other hours make up the whole day', () => {
    fc.assert(
      fc.property(clockTime, clockTime, instant, zone, (start, end, at, timeZone) => {
        fc.pre(start !== end);
        const quiet = isQuiet({ enabled: true, start, end }, timeZone, at);
        expect(isQuiet({ enabled: true, start: end, end: start }, timeZone, at)).toBe(!quiet);
        expect(isQuiet({ enabled: false, start, end }, timeZone, at)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('preferences', () => {
  it('are complete whatever is given', () => {
    expect(completePreferences({}, 'Europe/Paris')).toEqual({
      timeZone: 'Europe/Paris',
      quietHours: { enabled: false, start: '22:00', end: '07:00' },
      types: Object.fromEntries(NOTIFICATION_TYPES.map((type) => [type, { inApp: true, push: true, email: false }])),
    });
    const some = completePreferences(
      {
        timeZone: 'UTC',
        quietHours: { end: '06:30' },
        types: { patient_alert: { inApp: false, push: false }, message: { inApp: false, email: true } },
      },
      'Europe/Paris',
    );
    expect(some.timeZone).toBe('UTC');
    expect(some.quietHours).toEqual({ enabled: false, start: '22:00', end: '06:30' });
    expect(some.types.patient_alert).toEqual({ inApp: true, push: false, email: false });
    expect(some.types.message).toEqual({ inApp: false, push: true, email: true });
  });

  const all = { push: true, email: true };
  const quiet = completePreferences(
    { timeZone: 'Europe/Paris', quietHours: night, types: { message: { email: true } } },
    'UTC',
  );
  const [evening, asleep, morning] = ['2026-01-10T20:59Z', '2026-01-10T23:00Z', '2026-01-11T06:00Z'].map(
    (at) => new Date(at),
  ) as [Date, Date, Date];
  const message = { type: 'message', severity: 'info', passesQuietHours: false } as const;

  it.each([
    ['awake', [evening, evening], true],
    ['asleep', [asleep, asleep], false],
    ['handled only after the quiet hours in which it happened', [asleep, morning], false],
    ['handled only when the quiet hours have begun', [evening, asleep], false],
  ])('when the owner is %s', (_name, instants, leaves) => {
    expect(channelsFor(quiet, all, { ...message, instants })).toEqual({ inApp: true, push: leaves, email: leaves });
  });

  it('let pass what is critical or is to pass, and nothing that is switched off', () => {
    for (const severity of SEVERITIES)
      expect(channelsFor(quiet, all, { ...message, severity, instants: [asleep] }).push).toBe(severity === 'critical');
    expect(channelsFor(quiet, all, { ...message, passesQuietHours: true, instants: [asleep] }).push).toBe(true);
    const critical = { ...message, severity: 'critical', instants: [asleep] } as const;
    expect(channelsFor(quiet, { push: false, email: true }, critical)).toEqual({
      inApp: true,
      push: false,
      email: true,
    });
    expect(channelsFor(quiet, { push: true, email: false }, critical).email).toBe(false);
    expect(channelsFor(quiet, all, { ...critical, type: 'appointment' }).email).toBe(false);
  });
});
