import { describe, expect, it } from 'vitest';
import { pageSpan, type ReadingSegment } from './reading-segments.service';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 20) + hour * 3_600_000);
/** Stretches of 24 hours, newest first; the first one begins at `at(0)`. */
const days = (...counts: readonly number[]): ReadingSegment[] =>
  counts.map((n, index) => ({ span: () => ({ from: at(-24 * index), to: at(24 - 24 * index) }), n }));

describe('where a page of readings lies', () => {
  const noon = at(12);

  it('is found in the end of a day with many readings, by how close they are', () => {
    // 144 in the twelve hours until now: 20 of them take 100 minutes, half as much more is looked through.
    const span = pageSpan(days(144, 288), 0, 20, noon);
    expect(span).toMatchObject({ from: at(0), to: at(24), skip: 0 });
    expect(span?.likelyFrom.getTime()).toBe(noon.getTime() - 150 * 60_000);
    // The third page of the day before: 60 of 288 are five hours, from midnight.
    const older = pageSpan(days(144, 288), 184, 20, noon);
    expect(older).toMatchObject({ from: at(-24), to: at(0), skip: 40, likelyFrom: at(-7.5) });
  });

  it('counts only what the older of two days has to give', () => {
    // 14 are left of today, 6 of 288 are half an hour.
    const span = pageSpan(days(24, 288), 10, 20, noon);
    expect(span).toMatchObject({ from: at(-24), to: at(24), skip: 10, likelyFrom: at(-0.75) });
  });

  it('is the whole stretch where little would be saved or the clock has not come to it', () => {
    expect(pageSpan(days(30), 0, 20, noon)?.likelyFrom).toEqual(at(0));
    expect(pageSpan(days(288), 200, 20, noon)?.likelyFrom).toEqual(at(0));
    expect(pageSpan(days(200), 0, 20, at(-3))?.likelyFrom).toEqual(at(0));
    expect(pageSpan(days(10), 10, 20, noon)).toBeNull();
  });
});
