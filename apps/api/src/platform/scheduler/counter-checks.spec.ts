import { describe, expect, it, vi } from 'vitest';
import { type CounterDifference, foundTwice } from './counter-checks';

const off = (owner: string, stored: number, counted: number): CounterDifference => ({
  counter: 'unread',
  owner,
  stored,
  counted,
});

/** A check that finds `readings[0]` first, `readings[1]` when it looks again. */
async function found(...readings: CounterDifference[][]) {
  const check = vi.fn(async () => readings.shift() ?? []);
  return { differences: await foundTwice(check)(), readings: check.mock.calls.length };
}

describe('a check of counters that looks twice', () => {
  it('reads once where everything agrees', async () => {
    expect(await found([])).toEqual({ differences: [], readings: 1 });
  });

  it('reports what is found twice, also where both numbers have grown meanwhile', async () => {
    expect((await found([off('a', 3, 2)], [off('a', 5, 4)])).differences).toEqual([off('a', 5, 4)]);
  });

  it('takes a write between its two readings for no difference', async () => {
    expect((await found([off('a', 3, 2)], [])).differences).toEqual([]);
    expect((await found([off('a', 3, 2)], [off('b', 3, 2)])).differences).toEqual([]);
    expect((await found([off('a', 3, 2)], [off('a', 6, 4)])).differences).toEqual([]);
  });
});
