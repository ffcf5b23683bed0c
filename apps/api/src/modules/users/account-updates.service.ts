import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, type EndReason, Sessions, type TokenPair } from '../../access';
import type { AccountStatus } from '../../common/enums';
import { AppError } from '../../common/errors';
import { searchTextOf } from '../../common/text';
import { Clock } from '../../common/time';
import { Passwords } from '../../platform/crypto';
import { LimitLocks, type Tx, UnitOfWork } from '../../platform/database';
import { demandedVersion } from '../../platform/http';
import type { AccountChanged } from './account.events';
import { ACCOUNT_MACHINE } from './account.machine';
import { AccountPolicy } from './account.policy';
import { type AccountChange, type AccountRecord, AccountsRepository } from './accounts.repository';

/** A change of an account, as some PATCH route accepted it. */
export interface AccountPatch {
  /** Profile fields; null clears. Never holds the three below. */
  readonly fields: AccountChange;
  readonly email?: string;
  readonly newPassword?: string;
  readonly currentPassword?: string | null;
  readonly statutCompte?: AccountStatus;
  readonly reason?: string | null;
}

/** What came of it. */
export interface AccountUpdate {
  readonly account: AccountRecord;
  /** Tokens of the new session after a password change. */
  readonly tokens: TokenPair | null;
}

const MAX_ATTEMPTS = 12;
const MAX_PAUSE_MS = 40;

/** The one way in which an account's fields change, whichever route they arrive by. */
@Injectable()
export class AccountUpdates {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly policy: AccountPolicy,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
    private readonly locks: LimitLocks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Applies a patch, without losing a parallel one: the change is computed from the version it is applied to.
   * @param compute turns the stored account into the patch (merging, per-field rules)
   * @throws AppError NOT_FOUND, PRECONDITION_FAILED, EMAIL_TAKEN, CURRENT_PASSWORD_*, WEAK_PASSWORD, ILLEGAL_TRANSITION, LAST_ADMIN
   */
  async apply(
    actor: Actor,
    id: string,
    compute: (account: AccountRecord) => AccountPatch | Promise<AccountPatch>,
  ): Promise<AccountUpdate> {
    const demanded = demandedVersion();
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const account = await this.accounts.findById(id);
      if (account === null) throw new AppError('NOT_FOUND');
      if (demanded !== null && demanded !== account.__v) throw new AppError('PRECONDITION_FAILED');
      const patch = dropUnchanged(account, await compute(account));
      const update = await this.applyTo(actor, account, patch);
      if (update !== null) return update;
      if (demanded !== null) throw new AppError('PRECONDITION_FAILED');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_PAUSE_MS));
    }
    throw new AppError('CONCURRENT_UPDATE');
  }

  /** Null when the account changed since it was read. */
  private async applyTo(actor: Actor, account: AccountRecord, patch: AccountPatch): Promise<AccountUpdate | null> {
    const self = actor.id === account._id.toHexString();
    if (patch.email !== undefined || patch.newPassword !== undefined) {
      if (self) await this.policy.provePassword(account, patch.currentPassword);
      else if (patch.newPassword !== undefined) throw new AppError('FIELD_NOT_ALLOWED');
    }
    if (patch.newPassword !== undefined)
      await this.policy.assertStrong(patch.newPassword, {
        email: patch.email ?? account.email,
        motDePasse: account.motDePasse,
      });
    if (patch.statutCompte !== undefined && !ACCOUNT_MACHINE.can(account.statutCompte, patch.statutCompte)) {
      throw new AppError('ILLEGAL_TRANSITION', { details: { from: account.statutCompte, to: patch.statutCompte } });
    }
    const change = await this.changeOf(account, patch);
    if (Object.keys(change).length === 0) return { account, tokens: null };
    const id = account._id.toHexString();
    const update = await this.work.run((tx) => this.write(tx, actor, account, patch, change), {
      lanes: [`account:${id}`],
    });
    return update;
  }

  private async changeOf(account: AccountRecord, patch: AccountPatch): Promise<AccountChange> {
    const change: Record<string, unknown> = { ...patch.fields };
    if (patch.email !== undefined) {
      change['email'] = patch.email;
      // A new address is not proven until somebody answers from it.
      change['emailVerifiedAt'] = null;
    }
    if (patch.newPassword !== undefined) change['motDePasse'] = await this.passwords.hash(patch.newPassword);
    if (patch.statutCompte !== undefined) change['statutCompte'] = patch.statutCompte;
    if (['nom', 'prenom', 'email', 'nomPharmacie'].some((key) => key in change)) {
      const merged = { ...account, ...change };
      change['searchText'] = searchTextOf(merged);
    }
    // The patient's glucose days follow the zone; until they do, readers know by this mark.
    if (account.role === 'PATIENT' && patch.fields.timeZone !== undefined && patch.fields.timeZone !== account.timeZone)
      change['rezoneAt'] = this.clock.now();
    return change;
  }

  private async write(
    tx: Tx,
    actor: Actor,
    account: AccountRecord,
    patch: AccountPatch,
    change: AccountChange,
  ): Promise<AccountUpdate | null> {
    const id = account._id.toHexString();
    const leavesActive =
      account.statutCompte === 'ACTIF' && patch.statutCompte !== undefined && patch.statutCompte !== 'ACTIF';
    if (leavesActive && account.role === 'ADMIN') await this.assertNotLastAdmin(tx);
    const updated = await this.accounts.update(id, account.__v, change, this.clock.now(), tx);
    if (updated === null) return null;
    const tokens = await this.endSessions(tx, updated, patch, leavesActive);
    await this.record(tx, actor, account, patch, change);
    const payload: AccountChanged = {
      userId: id,
      changes: namesOf(change),
      oldEmail: patch.email === undefined ? null : account.email,
      status: patch.statutCompte ?? null,
      reason: patch.reason ?? null,
    };
    tx.emit({ topic: 'account.changed', key: `user:${id}`, payload: { ...payload } });
    return { account: updated, tokens };
  }

  private async endSessions(
    tx: Tx,
    account: AccountRecord,
    patch: AccountPatch,
    leavesActive: boolean,
  ): Promise<TokenPair | null> {
    const id = account._id.toHexString();
    const reason: EndReason | null = leavesActive ? 'status' : patch.newPassword !== undefined ? 'password' : null;
    if (reason === null) return null;
    await this.sessions.endAll(tx, id, reason);
    return reason === 'password'
      ? this.sessions.open(tx, { id, email: account.email, role: account.role }, 'password')
      : null;
  }

  /** Two ADMINs who deactivate each other at once conflict on the lock: one of them is refused. */
  async assertNotLastAdmin(tx: Tx): Promise<void> {
    await this.locks.take(tx, 'last-admin');
    if ((await this.accounts.count('ADMIN', 'ACTIF', tx)) <= 1) throw new AppError('LAST_ADMIN');
  }

  private async record(
    tx: Tx,
    actor: Actor,
    account: AccountRecord,
    patch: AccountPatch,
    change: AccountChange,
  ): Promise<void> {
    const resourceId = account._id.toHexString();
    const base = {
      actor,
      resource: 'user',
      resourceId,
      ...(account.role === 'PATIENT' ? { patientId: resourceId } : {}),
    };
    if (patch.newPassword !== undefined) await this.audit.record({ ...base, action: 'auth.password_changed' }, tx);
    if (patch.email !== undefined) await this.audit.record({ ...base, action: 'user.email_changed' }, tx);
    if (patch.statutCompte !== undefined) {
      await this.audit.record(
        { ...base, action: 'user.status_changed', ...(patch.reason ? { reason: patch.reason } : {}) },
        tx,
      );
    }
    const fields = namesOf(change).filter(
      (name) => !['motDePasse', 'email', 'statutCompte', 'emailVerifiedAt'].includes(name),
    );
    if (fields.length > 0)
      await this.audit.record(
        { ...base, action: account.role === 'PATIENT' ? 'patient.updated' : 'user.updated', changes: fields },
        tx,
      );
  }
}

function namesOf(change: AccountChange): string[] {
  return Object.keys(change).filter((name) => !['searchText', 'rezoneAt', 'medicamentsFolded'].includes(name));
}

/** Are two values of a stored field the same? Absent and null are. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null)
    return JSON.stringify(a) === JSON.stringify(b);
  return (a ?? null) === (b ?? null);
}

/** A value equal to the stored one counts as absent (contract 00 section 3). */
function dropUnchanged(account: AccountRecord, patch: AccountPatch): AccountPatch {
  const stored = account as unknown as Record<string, unknown>;
  const fields = Object.fromEntries(
    Object.entries(patch.fields).filter(([key, value]) => value !== undefined && !sameValue(stored[key], value)),
  );
  const { email, statutCompte, ...rest } = patch;
  return {
    ...rest,
    fields: fields,
    ...(email === undefined || email === account.email ? {} : { email }),
    ...(statutCompte === undefined || statutCompte === account.statutCompte ? {} : { statutCompte }),
  };
}
