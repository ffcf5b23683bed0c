import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, LoginThrottle, OneTimeTokens, Sessions } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { Passwords } from '../../platform/crypto';
import { UnitOfWork } from '../../platform/database';
import { RateLimits } from '../../platform/http';
import { type AccountChanged, AccountPolicy, AccountsRepository } from '../users';
import type { ResetPasswordBody } from './dto/auth.dto';

const HOUR_SECONDS = 3_600;
/** Contract 00 section 8: beyond this nothing is mailed and nothing is said. */
const MAILS = { name: 'forgot-mail', max: 3, windowSeconds: HOUR_SECONDS } as const;

/** Forgotten passwords, and first passwords of accounts that were made without one. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly policy: AccountPolicy,
    private readonly passwords: Passwords,
    private readonly tokens: OneTimeTokens,
    private readonly sessions: Sessions,
    private readonly throttle: LoginThrottle,
    private readonly limits: RateLimits,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Stores the wish and answers; the same work and the same words for every address. */
  async forgot(email: string): Promise<{ message: string }> {
    const key = createHash('sha256').update(email).digest('hex');
    if (await this.limits.allowsShared(MAILS, key)) {
      await this.work.run((tx) => {
        tx.emit({ topic: 'password.forgotten', key: `forgot:${key}`, payload: { email } });
        return Promise.resolve();
      });
    }
    return { message: 'If this address belongs to an account, a mail is on its way' };
  }

  /**
   * Sets a password with the token of a mail, which also proves the address. All sessions end, none begins.
   * @throws AppError RESET_TOKEN_INVALID, WEAK_PASSWORD
   */
  async reset(body: ResetPasswordBody): Promise<{ message: string }> {
    const userId = await this.tokens.ownerOf(body.token);
    const account = userId === null ? null : await this.accounts.findById(userId);
    if (userId === null || account === null) throw new AppError('RESET_TOKEN_INVALID');
    await this.policy.assertStrong(body.newPassword, account);
    const motDePasse = await this.passwords.hash(body.newPassword);
    await this.work.run(
      async (tx) => {
        const now = this.clock.now();
        const current = await this.accounts.findById(userId, tx);
        if (current === null || !(await this.tokens.redeem(tx, body.token))) throw new AppError('RESET_TOKEN_INVALID');
        const change = { motDePasse, emailVerifiedAt: now };
        await this.accounts.update(userId, current.__v, change, now, tx);
        await this.sessions.endAll(tx, userId, 'password');
        await this.audit.record(
          {
            action: 'auth.password_reset',
            actor: { id: userId, role: current.role },
            resource: 'user',
            resourceId: userId,
          },
          tx,
        );
        const payload: AccountChanged = { userId, changes: ['motDePasse'], oldEmail: null, status: null, reason: null };
        tx.emit({ topic: 'account.changed', key: `user:${userId}`, payload: { ...payload } });
      },
      { lanes: [`account:${userId}`] },
    );
    await this.throttle.succeeded(account.email);
    return { message: 'Password changed' };
  }
}
