import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Account, type AccountRecord } from '../users';

const ROLES = ['MEDECIN', 'PHARMACIEN'] as const;
const FIELDS = { nombreNotes: 1, noteMoyenne: 1, deletedAt: 1 } as const;

/** What accounts store of their notes. */
@Injectable()
export class NotedAccountsRepository {
  constructor(@InjectModel(Account.name) private readonly accounts: Model<Account>) {}

  /** Number and mean of every live professional; for the check of counters. */
  async counters(): Promise<{ id: string; count: number; mean: number }[]> {
    const found: { id: string; count: number; mean: number }[] = [];
    for (const role of ROLES)
      for await (const account of this.accounts.collection.find<AccountRecord>({ role }, { projection: FIELDS }))
        if (account.deletedAt === undefined)
          found.push({
            id: account._id.toHexString(),
            count: account.nombreNotes ?? 0,
            mean: account.noteMoyenne ?? 0,
          });
    return found;
  }
}
