import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks } from '../../access';
import type { Role } from '../../common/enums';
import { AppError } from '../../common/errors';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { showsVersion } from '../../platform/http';
import { AccountUpdates } from './account-updates.service';
import { type AccountView, toListView, toPrivateView } from './account.mapper';
import { AccountSearch } from './account-search.repository';
import { type AccountRecord, AccountsRepository } from './accounts.repository';
import { RunningBoosts } from './running-boosts';
import type { UserPatch } from './dto/user-patch.dto';
import type { UsersQuery, UserStatsResponse } from './dto/users-list.dto';

/** Accounts as their owner and the ADMIN see them. */
@Injectable()
export class UsersService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly search: AccountSearch,
    private readonly updates: AccountUpdates,
    private readonly links: CareLinks,
    private readonly boosts: RunningBoosts,
    private readonly audit: AuditTrail,
  ) {}

  /** Accounts of every kind, newest first; for the ADMIN. */
  async list(query: UsersQuery): Promise<Page<AccountView>> {
    const request = pageRequest(query);
    const filter = {
      role: query.role ?? null,
      statutCompte: query.statutCompte ?? null,
      typeDiabete: null,
      search: query.search ?? null,
    };
    const { accounts, total } = await this.search.page(filter, (request.page - 1) * request.limit, request.limit);
    const boosts = await this.boosts.of(pharmaciesOf(accounts));
    return pageOf(
      accounts.map((account) => toListView(account, false, { boost: boosts.get(account._id.toHexString()) })),
      total,
      request,
    );
  }

  /** How many accounts each role has. */
  async stats(): Promise<UserStatsResponse> {
    const counts = await this.search.countByRole();
    const of = (role: Role): number => counts.get(role) ?? 0;
    return { PATIENT: of('PATIENT'), MEDECIN: of('MEDECIN'), PHARMACIEN: of('PHARMACIEN'), ADMIN: of('ADMIN') };
  }

  /** The private view of an account. @throws AppError NOT_FOUND */
  async get(actor: Actor, id: string): Promise<AccountView> {
    const account = await this.accounts.findById(id);
    if (account === null) throw new AppError('NOT_FOUND');
    if (actor.id !== id) {
      await this.audit.record({
        action: 'user.read',
        actor,
        resource: 'user',
        resourceId: id,
        ...(account.role === 'PATIENT' ? { patientId: id } : {}),
      });
    }
    return this.view(account);
  }

  /**
   * Changes an account's base fields; an ADMIN also its status.
   * @throws AppError FIELD_NOT_ALLOWED and those of `AccountUpdates.apply`
   */
  async update(
    actor: Actor,
    id: string,
    patch: UserPatch,
  ): Promise<AccountView & Partial<Record<'accessToken' | 'refreshToken' | 'expiresIn', unknown>>> {
    const { email, motDePasse, currentPassword, statutCompte, reason, ...fields } = patch;
    const { account, tokens } = await this.updates.apply(actor, id, (stored) => {
      const changesStatus = statutCompte !== undefined && statutCompte !== stored.statutCompte;
      if (actor.role !== 'ADMIN' && (changesStatus || reason !== undefined)) throw new AppError('FIELD_NOT_ALLOWED');
      return {
        fields,
        ...(email === undefined ? {} : { email }),
        ...(motDePasse === undefined ? {} : { newPassword: motDePasse }),
        ...(currentPassword === undefined ? {} : { currentPassword }),
        ...(statutCompte === undefined ? {} : { statutCompte }),
        ...(reason === undefined ? {} : { reason }),
      };
    });
    return { ...(await this.view(account)), ...tokens };
  }

  /** The private view with a doctor's patients and a pharmacy's boost; names the version for the ETag. */
  async view(account: AccountRecord): Promise<AccountView> {
    showsVersion(account.__v);
    const id = account._id.toHexString();
    if (account.role === 'PHARMACIEN') return toPrivateView(account, { boost: (await this.boosts.of([id])).get(id) });
    if (account.role !== 'MEDECIN') return toPrivateView(account);
    const links = await this.links.ofDoctor(id);
    return toPrivateView(account, { patientIds: links.map((link) => link.patientId) });
  }
}

function pharmaciesOf(accounts: readonly AccountRecord[]): string[] {
  return accounts.filter(({ role }) => role === 'PHARMACIEN').map(({ _id }) => _id.toHexString());
}
