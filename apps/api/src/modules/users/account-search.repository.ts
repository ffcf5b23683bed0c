import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Role, ROLES } from '../../common/enums';
import { containsPatterns } from '../../common/text';
import { matchesAll } from '../../platform/database';
import { type AccountFilter, AccountOutlines } from './account-outlines';
import { Account } from './account.schema';
import { type AccountRecord, AccountsRepository } from './accounts.repository';

type Order = Record<string, 1 | -1>;
const NEWEST: Order = { createdAt: -1, _id: -1 };
const BY_NAME: Order = { searchText: 1, _id: 1 };
// What a list never shows and need not load: hashes, internals.
const LISTED = { motDePasse: 0, medicamentsFolded: 0 } as const;

function toFilter(filter: AccountFilter): Record<string, unknown> {
  return {
    ...(filter.role === null ? {} : { role: filter.role }),
    ...(filter.statutCompte === null ? {} : { statutCompte: filter.statutCompte }),
    ...(filter.typeDiabete === null ? {} : { typeDiabete: filter.typeDiabete }),
    deletedAt: null,
    ...(filter.search === null ? {} : matchesAll('searchText', containsPatterns(filter.search))),
  };
}

/** Accounts as populations, for the ADMIN. */
@Injectable()
export class AccountSearch {
  constructor(
    @InjectModel(Account.name) private readonly accounts: Model<Account>,
    private readonly repository: AccountsRepository,
    private readonly outlines: AccountOutlines,
  ) {}

  private get raw() {
    return this.accounts.collection;
  }

  /** Newest first, with the number of all that match. */
  async page(
    filter: AccountFilter,
    skip: number,
    limit: number,
  ): Promise<{ accounts: AccountRecord[]; total: number }> {
    if (await this.outlines.hold()) {
      const { ids, total } = await this.outlines.page(filter, skip, limit);
      return { accounts: await this.inOrder(ids), total };
    }
    const where = toFilter(filter);
    const accounts = await this.find(where, NEWEST, skip, limit);
    const known = accounts.length < limit && (accounts.length > 0 || skip === 0);
    return { accounts, total: known ? skip + accounts.length : await this.raw.countDocuments(where) };
  }

  /** The first `limit` by name. */
  async byName(filter: AccountFilter, limit: number): Promise<AccountRecord[]> {
    if (await this.outlines.hold()) return this.inOrder(await this.outlines.byName(filter, limit));
    return this.find(toFilter(filter), BY_NAME, 0, limit);
  }

  /** Live accounts by role. */
  async countByRole(): Promise<ReadonlyMap<Role, number>> {
    if (await this.outlines.hold()) return this.outlines.countByRole();
    return new Map(await Promise.all(ROLES.map(async (role) => [role, await this.repository.count(role)] as const)));
  }

  private async inOrder(ids: readonly string[]): Promise<AccountRecord[]> {
    const found = new Map((await this.repository.findMany(ids)).map((account) => [account._id.toHexString(), account]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  private async find(where: Record<string, unknown>, order: Order, skip: number, limit: number) {
    return this.raw.find<AccountRecord>(where, { projection: LISTED }).sort(order).skip(skip).limit(limit).toArray();
  }
}
