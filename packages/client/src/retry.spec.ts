import { describe, expect, it } from 'vitest';
import { retryAfterSeconds } from './errors.js';
import { type Failure, pauseBefore, retryPolicy } from './retry.js';

const policy = retryPolicy();
const failed = (status: number, code: string, more: Partial<Failure> & { after?: number } = {}): Failure => ({
  error: { status, code, retryAfterSeconds: more.after },
  repeatable: more.repeatable ?? true,
  repeats: more.repeats ?? 0,
});

describe('the pause before a repeat', () => {
  it('doubles, between a half and the whole', () => {
    // 300 * 2^n, times 0.5 at random 0 and times 1 at random 1
    const pauses = (random: number) =>
      [0, 1, 2, 3].map((repeats) => pauseBefore(failed(503, 'UNAVAILABLE', { repeats }), policy, random));
    expect(pauses(0)).toEqual([150, 300, 600, null]);
    expect(pauses(1)).toEqual([300, 600, 1200, null]);
  });

  it('is what Retry-After says, up to the longest allowed', () => {
    expect(pauseBefore(failed(503, 'UNAVAILABLE', { after: 2 }), policy, 0)).toBe(2_000);
    expect(pauseBefore(failed(429, 'RATE_LIMITED', { after: 10 }), policy, 0)).toBe(10_000);
    expect(pauseBefore(failed(429, 'RATE_LIMITED', { after: 11 }), policy, 0)).toBeNull();
  });

  it('outlives the claim of a crashed first call, which lasts 10 s', () => {
    const inProgress = (repeats: number) =>
      pauseBefore(failed(409, 'IDEMPOTENCY_IN_PROGRESS', { after: 1, repeats }), policy, 0);
    expect([0, 13, 14].map(inProgress)).toEqual([1_000, 1_000, null]);
  });

  it('is never for a call that is wrong, or that may have been done and must not be done twice', () => {
    expect(pauseBefore(failed(400, 'VALIDATION_FAILED'), policy, 0)).toBeNull();
    expect(pauseBefore(failed(500, 'INTERNAL'), policy, 0)).toBeNull();
    expect(pauseBefore(failed(0, 'NETWORK_ERROR', { repeatable: false }), policy, 0)).toBeNull();
    expect(pauseBefore(failed(0, 'NETWORK_ERROR'), retryPolicy({ retries: 0 }), 0)).toBeNull();
  });
});

describe('Retry-After', () => {
  it('has two forms', () => {
    const now = Date.parse('2026-03-02T09:00:00Z');
    const seconds = (text?: string) =>
      retryAfterSeconds(new Headers(text === undefined ? {} : { 'Retry-After': text }), now);
    expect(seconds('7')).toBe(7);
    expect(seconds('Mon, 02 Mar 2026 09:00:05 GMT')).toBe(5);
    expect(seconds('Mon, 02 Mar 2026 08:00:00 GMT')).toBe(0);
    expect(seconds('soon')).toBeUndefined();
    expect(seconds()).toBeUndefined();
  });
});
