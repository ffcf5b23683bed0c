import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, LoginThrottle, Sessions, type TokenSubject } from '../../access';
import { AppError } from '../../common/errors';
import { Passwords } from '../../platform/crypto';
import { UnitOfWork } from '../../platform/database';
import { type AccountRecord, AccountsRepository, AccountUpdates, type AccountView, UsersService } from '../users';
import type { AuthResponse, ChangePasswordBody, LoginBody, PasswordChangedResponse } from './dto/auth.dto';

interface Subject extends TokenSubject {
  readonly account: AccountRecord;
}

/** Signing in and staying signed in. */
@Injectable()
export class AuthService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly users: UsersService,
    private readonly updates: AccountUpdates,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Signs in. Unknown e-mail, wrong password and an account without password are one answer in comparable time.
   * @throws AppError LOGIN_LOCKED, INVALID_CREDENTIALS, ACCOUNT_INACTIVE
   */
  async login(body: LoginBody): Promise<AuthResponse> {
    const proven = await this.throttle.attempt(body.email, () => this.prove(body));
    if (proven === null) throw new AppError('INVALID_CREDENTIALS');
    const { account, outdated } = proven;
    if (account.statutCompte !== 'ACTIF') throw new AppError('ACCOUNT_INACTIVE');
    await this.throttle.succeeded(body.email);
    if (outdated && account.motDePasse !== undefined) {
      await this.accounts.replacePasswordHash(
        account._id.toHexString(),
        account.motDePasse,
        await this.passwords.hash(body.motDePasse),
      );
    }
    return this.open(account, 'password');
  }

  /** The account of a right pair of e-mail and password, or null; whether its hash is of an older kind. */
  private async prove(body: LoginBody): Promise<{ account: AccountRecord; outdated: boolean } | null> {
    const account = await this.accounts.findByEmail(body.email);
    const { ok, outdated } = await this.passwords.verify(body.motDePasse, account?.motDePasse);
    if (account !== null && ok) return { account, outdated };
    await this.audit.record({
      action: 'auth.login_failed',
      actor: account === null ? null : { id: account._id.toHexString(), role: account.role },
      resource: 'session',
      outcome: 'denied',
    });
    return null;
  }

  /** Opens a session for an account whose identity was just proven. */
  async open(account: AccountRecord, method: 'password' | 'google'): Promise<AuthResponse> {
    const subject = { id: account._id.toHexString(), email: account.email, role: account.role };
    const tokens = await this.work.run(
      async (tx) => {
        const pair = await this.sessions.open(tx, subject, method);
        await this.audit.record({ action: 'auth.login', actor: subject, resource: 'session' }, tx);
        return pair;
      },
      { lanes: [`sessions:${subject.id}`] },
    );
    return { user: (await this.users.view(account)) as unknown as AuthResponse['user'], ...tokens };
  }

  /** @throws AppError REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED */
  async refresh(refreshToken: string): Promise<AuthResponse> {
    const { subject, pair } = await this.sessions.refresh<Subject>(refreshToken, async (userId) => {
      const account = await this.accounts.findById(userId);
      if (account === null || account.statutCompte !== 'ACTIF') return null;
      return { id: userId, email: account.email, role: account.role, account };
    });
    return { user: (await this.users.view(subject.account)) as unknown as AuthResponse['user'], ...pair };
  }

  /** The caller's own account. */
  async profile(actor: Actor): Promise<AccountView> {
    const account = await this.accounts.findById(actor.id);
    if (account === null) throw new AppError('SESSION_REVOKED');
    return this.users.view(account);
  }

  /**
   * Changes the password: every session ends, one new one opens.
   * @throws AppError CURRENT_PASSWORD_WRONG, WEAK_PASSWORD, LOGIN_LOCKED
   */
  async changePassword(actor: Actor, body: ChangePasswordBody): Promise<PasswordChangedResponse> {
    const { tokens } = await this.updates.apply(actor, actor.id, () => ({
      fields: {},
      newPassword: body.newPassword,
      currentPassword: body.currentPassword,
    }));
    if (tokens === null) throw new AppError('INTERNAL');
    return { message: 'Password changed', ...tokens };
  }
}
