import { describe, expect, it } from 'vitest';
import { countMonths, splitWindow } from './counted-months';

const at = (text: string): Date => new Date(text);

describe('splitWindow', () => {
  const months = { '2025-12': 5, '2026-01': 7, '2026-02': 11 };

  it('sums whole months and names the parts at the ends', () => {
    expect(splitWindow(months, { from: null, to: null })).toEqual({ whole: 23, parts: [] });
    expect(splitWindow(months, { from: at('2026-01-01'), to: at('2026-02-01') })).toEqual({ whole: 7, parts: [] });
    expect(splitWindow(months, { from: at('2025-12-31'), to: at('2026-02-03') })).toEqual({
      whole: 7,
      parts: [
        { from: at('2025-12-31'), to: at('2026-01-01') },
        { from: at('2026-02-01'), to: at('2026-02-03') },
      ],
    });
    expect(splitWindow(months, { from: at('2026-01-15'), to: null })).toEqual({
      whole: 11,
      parts: [{ from: at('2026-01-15'), to: at('2026-02-01') }],
    });
  });

  it('counts a window within a month as one part, and an empty one not at all', () => {
    const within = { from: at('2026-01-10'), to: at('2026-01-20') };
    expect(splitWindow(months, within)).toEqual({ whole: 0, parts: [within] });
    expect(splitWindow(months, { from: at('2026-01-20'), to: at('2026-01-10') })).toEqual({ whole: 0, parts: [] });
    expect(splitWindow(months, { from: at('2026-01-10'), to: at('2026-01-10') })).toEqual({ whole: 0, parts: [] });
  });

  it('agrees with counting one by one, whatever the window', () => {
    const instants = Array.from({ length: 400 }, (_, n) => new Date(Date.UTC(2025, 0, 1) + n * 37 * 3_600_000));
    const counts = countMonths(instants);
    const between = (from: Date | null, to: Date | null): number =>
      instants.filter((instant) => (from === null || instant >= from) && (to === null || instant < to)).length;
    for (let n = 0; n < 300; n += 1) {
      const from = n % 7 === 0 ? null : new Date(Date.UTC(2024, 11, 20) + ((n * 7_919) % 700) * 86_400_000);
      const to = n % 5 === 0 ? null : new Date(Date.UTC(2024, 11, 20) + ((n * 104_729) % 700) * 86_400_000);
      const { whole, parts } = splitWindow(counts, { from, to });
      expect(parts.reduce((sum, part) => sum + between(part.from, part.to), whole)).toBe(between(from, to));
    }
  });
});
