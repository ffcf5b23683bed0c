import { describe, expect, it } from 'vitest';
import { SettledCounts, type SettledList } from './settled-counts';
import type { TimeWindow } from './windows';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 2, 2, 12);
const at = (hours: number): Date => new Date(NOW + hours * HOUR);

/** Events by hour from now, and how many of them each count has looked at. */
function stage(hours: number[], worthwhile = 1) {
  const looked: number[] = [];
  const counts = new SettledCounts(worthwhile);
  const list = (over: Partial<SettledList> = {}): SettledList => ({
    key: 'list',
    from: null,
    to: at(24),
    keptSince: at(-1_000),
    count: ({ from, to }: TimeWindow) => {
      const found = hours.filter((hour) => (from === null || at(hour) >= from) && at(hour) < to).length;
      looked.push(found);
      return Promise.resolve(found);
    },
    ...over,
  });
  const ask = async (now = at(0), over: Partial<SettledList> = {}) => {
    looked.length = 0;
    const total = await counts.count(list(over), now);
    return { total, looked: looked.reduce((sum, n) => sum + n, 0) };
  };
  return { hours, ask };
}

describe('SettledCounts', () => {
  it('looks at what is settled once, and at what is recent each time', async () => {
    const { hours, ask } = stage([-100, -50, -2, -0.1]);
    expect(await ask()).toEqual({ total: 4, looked: 4 });
    expect(await ask()).toEqual({ total: 4, looked: 1 });
    hours.push(0);
    expect(await ask()).toEqual({ total: 5, looked: 2 });
  });

  it('remembers more once an hour has passed', async () => {
    const { hours, ask } = stage([-100, -2]);
    await ask();
    hours.push(0, 0.5);
    // Settled now: -100, -2, 0 and 0.5; the last two are counted here and never again.
    expect(await ask(at(2))).toEqual({ total: 4, looked: 2 });
    expect(await ask(at(2))).toEqual({ total: 4, looked: 0 });
  });

  it('does not remember what may be expiring', async () => {
    const { hours, ask } = stage([-2_000, -1_500, -100]);
    expect((await ask()).total).toBe(3);
    hours.shift();
    expect(await ask()).toEqual({ total: 2, looked: 1 });
  });

  it('remembers everything where nothing expires', async () => {
    const { hours, ask } = stage([-20_000, -1_500, -100, 0]);
    expect(await ask(at(0), { keptSince: null })).toEqual({ total: 4, looked: 4 });
    hours.push(0.1);
    expect(await ask(at(0.2), { keptSince: null })).toEqual({ total: 5, looked: 2 });
    expect(await ask(at(0), { key: 'later', keptSince: null, from: at(-1_500) })).toEqual({ total: 4, looked: 4 });
    expect(await ask(at(0), { key: 'later', keptSince: null, from: at(-1_500) })).toEqual({ total: 4, looked: 2 });
  });

  it('remembers only what is worth it', async () => {
    const { hours, ask } = stage([-100, -50], 3);
    expect(await ask()).toEqual({ total: 2, looked: 2 });
    hours.push(-200);
    expect(await ask()).toEqual({ total: 3, looked: 3 });
    hours.push(-300);
    expect(await ask()).toEqual({ total: 3, looked: 0 });
  });

  it('waits as long as elements of the list may change', async () => {
    const { ask } = stage([-100, -2, -1]);
    const slow = { settledAfterMs: 1.5 * HOUR };
    await ask(at(0), slow);
    expect(await ask(at(0), slow)).toEqual({ total: 3, looked: 1 });
  });

  it('keeps to the bounds of the list', async () => {
    const { ask } = stage([-2_000, -100, -50, -10, 0]);
    const bounds = { key: 'bounded', from: at(-100), to: at(-10) };
    expect(await ask(at(0), bounds)).toEqual({ total: 2, looked: 2 });
    expect(await ask(at(0), bounds)).toEqual({ total: 2, looked: 0 });
    expect((await ask(at(0), { key: 'expired', from: null, to: at(-1_500) })).total).toBe(1);
    expect((await ask(at(0), { key: 'recent', from: at(-0.1), to: at(24) })).total).toBe(1);
  });

  it('counts anew when a clock goes back behind what it remembers', async () => {
    const { hours, ask } = stage([-100]);
    await ask(at(10));
    hours.push(1);
    expect((await ask(at(0))).total).toBe(2);
  });
});
