import type { DiabcareError } from './errors.js';

/** How failed calls are repeated. */
export interface RetryOptions {
  /** Repeats of a call that met a broken network, an unavailable server or a rate limit. Default 3; 0 switches them off. */
  readonly retries?: number;
  /** First pause where the server names none; it doubles each time. Default 300 ms. */
  readonly baseDelayMs?: number;
  /** A longer wait asked for by `Retry-After` is left to the caller: the call fails at once. Default 10,000 ms. */
  readonly maxWaitMs?: number;
}

/** The same with all values. */
export type RetryPolicy = Required<RetryOptions>;

/** What is asked of {@link pauseBefore}. */
export interface Failure {
  readonly error: Pick<DiabcareError, 'status' | 'code' | 'retryAfterSeconds'>;
  /** Would a second arrival at the server do no harm? */
  readonly repeatable: boolean;
  /** Repeats so far, for this reason. */
  readonly repeats: number;
}

/** A claim of a crashed first call is free after 10 s; asked every second, as the server says. */
const IN_PROGRESS_REPEATS = 14;
const IN_PROGRESS_DELAY_MS = 1_000;

/** Nobody knows whether the call was done: no answer, or one from something in front of the server. */
const UNKNOWN_OUTCOME = new Set([0, 502, 503, 504]);

/** The policy with the defaults filled in. */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  return { retries: 3, baseDelayMs: 300, maxWaitMs: 10_000, ...options };
}

/**
 * How long to wait before the next try, in ms; null when there is none. `random` is 0..1.
 *
 * What was refused before anything was done (429, CONCURRENT_UPDATE) may always be repeated; what may have been done
 * only if that does no harm.
 */
export function pauseBefore(failure: Failure, policy: RetryPolicy, random: number): number | null {
  const { error, repeats } = failure;
  const asked = error.retryAfterSeconds === undefined ? null : error.retryAfterSeconds * 1000;
  if (error.code === 'IDEMPOTENCY_IN_PROGRESS')
    return policy.retries > 0 && repeats < IN_PROGRESS_REPEATS ? (asked ?? IN_PROGRESS_DELAY_MS) : null;
  if (repeats >= policy.retries || !mayRepeat(failure)) return null;
  // between a half and the whole, so that many clients do not come back at the same moment
  const pause = asked ?? policy.baseDelayMs * 2 ** repeats * (0.5 + random / 2);
  return pause > policy.maxWaitMs ? null : pause;
}

function mayRepeat({ error, repeatable }: Failure): boolean {
  if (error.code === 'RATE_LIMITED' || error.code === 'CONCURRENT_UPDATE') return true;
  return repeatable && UNKNOWN_OUTCOME.has(error.status);
}
