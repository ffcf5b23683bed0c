import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../access';
import { searchTextOf } from '../../common/text';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Passwords } from '../../platform/crypto';
import { LimitLocks, UnitOfWork } from '../../platform/database';
import { AccountsRepository } from './accounts.repository';

/** Makes the first ADMIN; there is no way to register one over HTTP. */
@Injectable()
export class AdminSeeder {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly locks: LimitLocks,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** At start: creates the ADMIN of the settings when no ADMIN exists. Returns whether one was made. */
  async seed(): Promise<boolean> {
    const { adminEmail, adminPassword } = this.config.auth;
    if (adminEmail === null || adminPassword === null) return false;
    if ((await this.accounts.count('ADMIN')) > 0) return false;
    return this.create(adminEmail, adminPassword, { onlyFirst: true });
  }

  /** Creates an ADMIN. @throws AppError EMAIL_TAKEN */
  async create(email: string, password: string, options: { onlyFirst: boolean }): Promise<boolean> {
    const motDePasse = await this.passwords.hash(password);
    const address = email.trim().toLowerCase();
    return this.work.run(async (tx) => {
      await this.locks.take(tx, 'last-admin');
      if (options.onlyFirst && (await this.accounts.count('ADMIN', undefined, tx)) > 0) return false;
      const account = await this.accounts.insert(
        tx,
        {
          role: 'ADMIN',
          nom: 'Administrator',
          prenom: 'DiabCare',
          email: address,
          motDePasse,
          statutCompte: 'ACTIF',
          timeZone: 'UTC',
          locale: 'en',
          searchText: searchTextOf({ nom: 'Administrator', prenom: 'DiabCare', email: address }),
        },
        this.clock.now(),
      );
      await this.audit.record(
        { action: 'user.created', actor: null, resource: 'user', resourceId: account._id.toHexString() },
        tx,
      );
      return true;
    });
  }
}
