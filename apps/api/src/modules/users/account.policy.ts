import { Inject, Injectable } from '@nestjs/common';
import { type Actor, LoginThrottle } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Passwords } from '../../platform/crypto';
import type { AccountRecord } from './accounts.repository';

/** Rules about proving one's identity with the current password (contract 10 section 5). */
@Injectable()
export class AccountPolicy {
  constructor(
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Checks a `currentPassword`; wrong ones count like failed sign-ins and are locked likewise.
   * @throws AppError CURRENT_PASSWORD_REQUIRED, CURRENT_PASSWORD_WRONG, LOGIN_LOCKED
   */
  async provePassword(account: AccountRecord, currentPassword: string | null | undefined): Promise<void> {
    if (currentPassword === undefined || currentPassword === null) throw new AppError('CURRENT_PASSWORD_REQUIRED');
    const proven = await this.throttle.attempt(account.email, async () => {
      const check = await this.passwords.verify(currentPassword, account.motDePasse);
      return check.ok ? check : null;
    });
    if (proven === null) throw new AppError('CURRENT_PASSWORD_WRONG');
    await this.throttle.succeeded(account.email);
  }

  /**
   * Irreversible actions need a session that began with a check of identity not long ago, or the right password now.
   * @throws AppError REAUTHENTICATION_REQUIRED, CURRENT_PASSWORD_WRONG, LOGIN_LOCKED
   */
  async assertRecentIdentity(
    actor: Actor,
    account: AccountRecord,
    currentPassword: string | null | undefined,
  ): Promise<void> {
    if (currentPassword !== undefined && currentPassword !== null) {
      await this.provePassword(account, currentPassword);
      return;
    }
    const age = this.clock.now().getTime() - actor.authenticatedAt.getTime();
    if (age > this.config.auth.reauthMaxAgeMinutes * 60_000) throw new AppError('REAUTHENTICATION_REQUIRED');
  }

  /** @throws AppError WEAK_PASSWORD when the new password is the e-mail or the current password */
  async assertStrong(
    newPassword: string,
    account: { readonly email: string; readonly motDePasse?: string | undefined },
  ): Promise<void> {
    if (newPassword.trim().toLowerCase() === account.email) throw new AppError('WEAK_PASSWORD');
    if (account.motDePasse !== undefined && (await this.passwords.verify(newPassword, account.motDePasse)).ok)
      throw new AppError('WEAK_PASSWORD');
  }
}
