import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { AppError } from '../common/errors';
import { Clock } from '../common/time';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { currentContext } from '../platform/context/request-context';
import { isDuplicateKey, KeyedMutex } from '../platform/database';
import { LoginAttempt } from './login-attempt.schema';

const WINDOW_MS = 15 * 60_000;
/** Length of the first lock and of each further one, seconds (contract 10 section 4). */
const LOCK_SECONDS = [60, 120, 240, 480, 900] as const;

/** Slows down guessing of passwords: per account address (existing or not) and per client address. */
@Injectable()
export class LoginThrottle {
  private readonly mutex = new KeyedMutex();

  constructor(
    @InjectModel(LoginAttempt.name) private readonly attempts: Model<LoginAttempt>,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Judges one guess, null being a wrong one, which is counted. Guesses for one address wait for each other in this
   * process: in parallel all of them would be judged before the first is counted.
   * @throws AppError LOGIN_LOCKED while the account's or the client's key is locked
   */
  async attempt<T>(email: string, judge: () => Promise<T | null>): Promise<T | null> {
    return this.mutex.run([accountKey(email)], async () => {
      await this.assertOpen(email);
      const proven = await judge();
      if (proven === null) await this.failed(email);
      return proven;
    });
  }

  private async assertOpen(email: string): Promise<void> {
    const now = this.clock.now();
    const locked = await this.attempts
      .find({ key: { $in: this.keys(email).map(({ key }) => key) }, lockedUntil: { $gt: now } }, { lockedUntil: 1 })
      .lean();
    const until = Math.max(0, ...locked.map((entry) => entry.lockedUntil?.getTime() ?? 0));
    if (until > 0) throw new AppError('LOGIN_LOCKED', { retryAfterSeconds: (until - now.getTime()) / 1_000 });
  }

  /** Counts a failure on both keys; the one that reaches a limit locks it. */
  private async failed(email: string): Promise<void> {
    const limited = this.keys(email).filter(({ max }) => max > 0);
    await Promise.all(limited.map(({ key, max }) => this.count(key, max)));
  }

  /** Forgets the failures of the account after a success. */
  async succeeded(email: string): Promise<void> {
    await this.attempts.deleteOne({ key: accountKey(email) });
  }

  private keys(email: string): { key: string; max: number }[] {
    const { loginMaxFailuresPerAccount, loginMaxFailuresPerIp } = this.config.auth;
    return [
      { key: accountKey(email), max: loginMaxFailuresPerAccount },
      { key: `ip:${currentContext()?.ip ?? 'unknown'}`, max: loginMaxFailuresPerIp },
    ];
  }

  private async count(key: string, max: number): Promise<void> {
    const update = failureUpdate(max, this.clock.now());
    const upsert = () => this.attempts.collection.updateOne({ key }, update, { upsert: true });
    try {
      await upsert();
    } catch (error) {
      if (!isDuplicateKey(error, 'loginattempts_key')) throw error;
      await upsert();
    }
  }
}

function accountKey(email: string): string {
  return `account:${createHash('sha256').update(email).digest('hex')}`;
}

/** One atomic step: a forgotten window begins anew, a reached limit or any failure after a lock locks for longer. */
function failureUpdate(max: number, now: Date): Record<string, unknown>[] {
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  const windowEnd = after(WINDOW_MS);
  // By lock level; level 0 is not locked and never looked up.
  const lockEnds = [0, ...LOCK_SECONDS].map((seconds) => after(seconds * 1_000));
  const forgottenAt = [0, ...LOCK_SECONDS].map((seconds) => after(seconds * 1_000 + WINDOW_MS));
  return [
    { $set: { fresh: { $lte: [{ $ifNull: ['$expiresAt', new Date(0)] }, now] } } },
    {
      $set: {
        failures: { $cond: ['$fresh', 1, { $add: [{ $ifNull: ['$failures', 0] }, 1] }] },
        lockLevel: { $cond: ['$fresh', 0, { $ifNull: ['$lockLevel', 0] }] },
        windowStartedAt: { $cond: ['$fresh', now, { $ifNull: ['$windowStartedAt', now] }] },
        expiresAt: { $cond: ['$fresh', windowEnd, { $ifNull: ['$expiresAt', windowEnd] }] },
      },
    },
    { $set: { locks: { $or: [{ $gte: ['$failures', max] }, { $gt: ['$lockLevel', 0] }] } } },
    {
      $set: {
        lockLevel: { $cond: ['$locks', { $min: [{ $add: ['$lockLevel', 1] }, LOCK_SECONDS.length] }, '$lockLevel'] },
      },
    },
    {
      $set: {
        lockedUntil: { $cond: ['$locks', { $arrayElemAt: [lockEnds, '$lockLevel'] }, '$$REMOVE'] },
        expiresAt: { $cond: ['$locks', { $arrayElemAt: [forgottenAt, '$lockLevel'] }, '$expiresAt'] },
      },
    },
    { $unset: ['fresh', 'locks'] },
  ];
}
