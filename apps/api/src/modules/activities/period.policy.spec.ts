import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastMonths } from './month.policy';
import { nextUtcDay, periodStart } from './period.policy';

const ZONES = [
  'UTC',
  'Europe/Paris',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/St_Johns',
  'Pacific/Chatham',
];
const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('stretches of time', () => {
  it('are days, and quarters of an hour around the turn of a month', () => {
    const start = (text: string): string => periodStart(new Date(text)).toISOString();
    expect(start('2026-03-10T13:47:11.123Z')).toBe('2026-03-10T00:00:00.000Z');
    expect(start('2026-03-01T13:47:11.123Z')).toBe('2026-03-01T13:45:00.000Z');
    expect(start('2026-03-31T23:59:59.999Z')).toBe('2026-03-31T23:45:00.000Z');
    expect(start('2028-02-28T23:59:59.999Z')).toBe('2028-02-28T00:00:00.000Z');
    expect(start('2028-02-29T00:14:59.999Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(nextUtcDay(new Date('2026-02-28T23:00:00Z')).toISOString()).toBe('2026-03-01T00:00:00.000Z');
  });

  it('never lie across the beginning of a month, in any zone', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (at, zone) => {
        const [month] = lastMonths(at, zone, 1);
        const from = periodStart(at);
        expect(month !== undefined && from >= month.start && at < month.end).toBe(true);
        // The last instant before the month belongs to a stretch that began before it, and ends before it.
        const before = new Date((month?.start.getTime() ?? 0) - 1);
        expect(periodStart(before).getTime()).toBeLessThan(month?.start.getTime() ?? 0);
        expect(periodStart(month?.start ?? at)).toEqual(month?.start);
      }),
      { numRuns: 500 },
    );
  });

  it('six months end with the current one', () => {
    const months = lastMonths(new Date('2026-01-31T23:30:00Z'), 'Europe/Paris', 6);
    expect(months.map(({ name }) => name)).toEqual(['2025-09', '2025-10', '2025-11', '2025-12', '2026-01', '2026-02']);
  });
});
