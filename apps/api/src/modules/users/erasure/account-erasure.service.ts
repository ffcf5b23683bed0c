import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks, LoginThrottle, Sessions } from '../../../access';
import type { Role } from '../../../common/enums';
import { AppError } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { UnitOfWork } from '../../../platform/database';
import { AccountPolicy } from '../account.policy';
import { AccountUpdates } from '../account-updates.service';
import { AccountsRepository } from '../accounts.repository';
import { ErasureJob } from './erasure.job';
import { ErasuresRepository } from './erasures.repository';

/** What an erasure is asked with. */
export interface ErasureRequest {
  readonly currentPassword?: string | null;
  /** The role that the route is about; an account of another role is not found there. */
  readonly role?: Role;
}

/** Erases accounts (contract 10 section 7): effective at once, the rest by {@link ErasureJob}. */
@Injectable()
export class AccountErasure {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly policy: AccountPolicy,
    private readonly updates: AccountUpdates,
    private readonly erasures: ErasuresRepository,
    private readonly job: ErasureJob,
    private readonly sessions: Sessions,
    private readonly links: CareLinks,
    private readonly throttle: LoginThrottle,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends the account for everybody. By the account itself only after a recent check of identity.
   * @throws AppError NOT_FOUND, REAUTHENTICATION_REQUIRED, CURRENT_PASSWORD_WRONG, LOGIN_LOCKED, LAST_ADMIN
   */
  async erase(actor: Actor, id: string, request: ErasureRequest): Promise<{ message: string }> {
    const account = await this.accounts.findById(id);
    if (account === null || (request.role !== undefined && account.role !== request.role))
      throw new AppError('NOT_FOUND');
    if (actor.id === id) await this.policy.assertRecentIdentity(actor, account, request.currentPassword);
    const erased = await this.work.run(
      async (tx) => {
        const erasedAt = this.clock.now();
        const current = await this.accounts.findById(id, tx);
        if (current === null) return false;
        if (current.role === 'ADMIN' && current.statutCompte === 'ACTIF') await this.updates.assertNotLastAdmin(tx);
        await this.accounts.bury(tx, current, erasedAt);
        await this.sessions.endAll(tx, id, 'erasure');
        await this.links.endAllOf(tx, id, erasedAt);
        await this.erasures.begin(tx, { userId: id, role: current.role, erasedAt });
        await this.audit.record(
          {
            action: 'user.erased',
            actor,
            resource: 'user',
            resourceId: id,
            ...(current.role === 'PATIENT' ? { patientId: id } : {}),
          },
          tx,
        );
        return true;
      },
      { lanes: [`account:${id}`] },
    );
    if (!erased) throw new AppError('NOT_FOUND');
    await this.throttle.succeeded(account.email);
    this.job.soon();
    return { message: 'Account erased' };
  }
}
