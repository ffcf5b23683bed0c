import { describe, expect, it } from 'vitest';
import { isAlertStillRelevant, isLate, isStillRelevant } from './push-relevance.policy';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UNREAD = { isRead: false, count: 1, hoursBefore: null, isResolved: false };

describe('a push that was held up', () => {
  it('is judged from a minute on', () => {
    expect([isLate(0), isLate(MINUTE), isLate(MINUTE + 1)]).toEqual([false, false, true]);
  });

  it('leaves while its notification is unread and it is the newest of it', () => {
    const push = { ageMs: HOUR, occurrence: 3 };
    expect(isStillRelevant(push, { ...UNREAD, count: 3 })).toBe(true);
    expect(isStillRelevant(push, { ...UNREAD, count: 4 })).toBe(false);
    expect(isStillRelevant(push, { ...UNREAD, count: 3, isRead: true })).toBe(false);
    expect(isStillRelevant(push, null)).toBe(true);
  });

  it('does not leave after four hours, and a reminder not once its appointment has begun', () => {
    const at = (ageMs: number) => ({ ageMs, occurrence: 1 });
    expect([isStillRelevant(at(4 * HOUR - 1), UNREAD), isStillRelevant(at(4 * HOUR), UNREAD)]).toEqual([true, false]);
    expect(isStillRelevant(at(4 * HOUR), null)).toBe(false);
    const hourAhead = { ...UNREAD, hoursBefore: 1 };
    expect([isStillRelevant(at(HOUR - 1), hourAhead), isStillRelevant(at(HOUR), hourAhead)]).toEqual([true, false]);
    expect(isStillRelevant(at(5 * HOUR), { ...UNREAD, hoursBefore: 24 })).toBe(true);
  });

  it('of an alert leaves for a quarter of an hour, while the alert is open and unread', () => {
    expect(isAlertStillRelevant(15 * MINUTE, UNREAD)).toBe(true);
    expect(isAlertStillRelevant(15 * MINUTE + 1, UNREAD)).toBe(false);
    expect(isAlertStillRelevant(0, { ...UNREAD, isRead: true })).toBe(false);
    expect(isAlertStillRelevant(0, { ...UNREAD, isResolved: true })).toBe(false);
    expect(isAlertStillRelevant(0, null)).toBe(false);
  });
});
