import { Injectable } from '@nestjs/common';
import { AppError } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { currentContext, type RateLimitState } from '../../context/request-context';
import { RateLimitRepository } from './rate-limit.repository';

/** One limit: `max` calls of a subject in a fixed window; 0 switches it off. */
export interface RateLimit {
  readonly name: string;
  readonly max: number;
  readonly windowSeconds: number;
}

const SWEEP_AT_KEYS = 10_000;

/**
 * Counts calls against limits: per-minute ones in this process, hourly and daily ones in the database, where all
 * instances meet. The tightest limit of a request goes out in the `RateLimit-*` headers.
 */
@Injectable()
export class RateLimits {
  private readonly windows = new Map<string, { count: number; endsAt: number }>();

  constructor(
    private readonly counters: RateLimitRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts in this process. @throws AppError RATE_LIMITED */
  hitLocal(limit: RateLimit, subject: string): void {
    if (limit.max === 0) return;
    const now = this.clock.now().getTime();
    const key = `${limit.name}:${subject}`;
    let window = this.windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      if (this.windows.size >= SWEEP_AT_KEYS) this.sweep(now);
      window = { count: 0, endsAt: now + limit.windowSeconds * 1_000 };
      this.windows.set(key, window);
    }
    window.count += 1;
    judge(limit, window.count, (window.endsAt - now) / 1_000);
  }

  /** Counts over all instances. @throws AppError RATE_LIMITED */
  async hitShared(limit: RateLimit, subject: string): Promise<void> {
    if (limit.max === 0) return;
    const { count, secondsLeft } = await this.countShared(limit, subject);
    judge(limit, count, secondsLeft);
  }

  /** Counts over all instances without refusing: true while inside the limit. For limits that act silently. */
  async allowsShared(limit: RateLimit, subject: string): Promise<boolean> {
    if (limit.max === 0) return true;
    return (await this.countShared(limit, subject)).count <= limit.max;
  }

  private async countShared(limit: RateLimit, subject: string): Promise<{ count: number; secondsLeft: number }> {
    const now = this.clock.now().getTime();
    const windowMs = limit.windowSeconds * 1_000;
    const start = now - (now % windowMs);
    const count = await this.counters.increment(`${limit.name}:${subject}:${start}`, new Date(start + 2 * windowMs));
    return { count, secondsLeft: (start + windowMs - now) / 1_000 };
  }

  private sweep(now: number): void {
    for (const [key, window] of this.windows) if (window.endsAt <= now) this.windows.delete(key);
  }
}

function judge(limit: RateLimit, count: number, secondsLeft: number): void {
  const state: RateLimitState = {
    limit: limit.max,
    remaining: Math.max(0, limit.max - count),
    resetSeconds: Math.max(1, Math.ceil(secondsLeft)),
  };
  const context = currentContext();
  if (context !== undefined && (context.rateLimit === null || state.remaining <= context.rateLimit.remaining))
    context.rateLimit = state;
  if (count > limit.max) throw new AppError('RATE_LIMITED', { retryAfterSeconds: state.resetSeconds });
}
