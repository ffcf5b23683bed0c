import { describe, expect, it } from 'vitest';
import { judgeReminder, REMINDERS, remindersAt } from './appointment-reminders.policy';

const START = new Date('2027-02-25T10:00:00.000Z');
const before = (ms: number): Date => new Date(START.getTime() - ms);
const HOUR = 3_600_000;
const [DAY_BEFORE, HOUR_BEFORE] = REMINDERS;

describe('reminders of an appointment that is confirmed', () => {
  it.each([
    [48 * HOUR, { due24h: before(24 * HOUR), due1h: before(HOUR) }],
    [24 * HOUR, { due24h: before(24 * HOUR), due1h: before(HOUR) }],
    [24 * HOUR - 1, { due1h: before(HOUR) }],
    [HOUR, { due1h: before(HOUR) }],
    [HOUR - 1, null],
    [0, null],
  ])('%i ms ahead', (ms, expected) => {
    expect(remindersAt(START, before(ms))).toEqual(expected);
  });
});

describe('a reminder', () => {
  const confirmed = {
    status: 'Confirmed' as const,
    dateTime: START,
    reminders: remindersAt(START, before(48 * HOUR)) ?? {},
  };

  it('is told from when it is due until the start, and then dropped', () => {
    expect(judgeReminder(confirmed, DAY_BEFORE, before(24 * HOUR + 1))).toBe('none');
    expect(judgeReminder(confirmed, DAY_BEFORE, before(24 * HOUR))).toBe('tell');
    expect(judgeReminder(confirmed, HOUR_BEFORE, before(24 * HOUR))).toBe('none');
    expect(judgeReminder(confirmed, HOUR_BEFORE, before(1))).toBe('tell');
    expect(judgeReminder(confirmed, HOUR_BEFORE, START)).toBe('drop');
  });

  it('is nobody’s who told it already, or of one that is not confirmed or hidden', () => {
    const now = before(HOUR);
    expect(judgeReminder({ ...confirmed, reminders: { sent24hAt: now } }, DAY_BEFORE, now)).toBe('none');
    for (const status of ['Pending', 'Cancelled', 'Completed'] as const)
      expect(judgeReminder({ ...confirmed, status }, DAY_BEFORE, now)).toBe('none');
    expect(judgeReminder({ ...confirmed, deletedAt: now }, DAY_BEFORE, now)).toBe('drop');
  });
});
