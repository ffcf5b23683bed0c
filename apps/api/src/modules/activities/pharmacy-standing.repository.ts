import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { Locale } from '../../common/enums';
import { findByIdIf, oid, type Tx } from '../../platform/database';
import { Account, AccountsRepository } from '../users';

/** The figures of a pharmacy's account that its own events move. */
export interface Standing {
  readonly id: string;
  readonly points: number;
  readonly badgeLevel: string;
  readonly unlockedBadges: readonly string[];
  readonly responseTimeSum: number;
  readonly responseCount: number;
  /** Whole minutes. */
  readonly averageResponseTime: number;
  readonly locale: Locale;
}

const FIELDS = {
  role: 1,
  deletedAt: 1,
  points: 1,
  badgeLevel: 1,
  unlockedBadges: 1,
  responseTimeSum: 1,
  responseCount: 1,
  averageResponseTime: 1,
  locale: 1,
} as const;

/** Figures to set, and figures to add to. */
export interface StandingChange {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number>>;
}

/**
 * The figures of pharmacies in `users`. They lie below `modules/pharmacists`, which shows them, so that whatever moves
 * them (requests, reviews, boosts) needs this module alone.
 */
@Injectable()
export class PharmacyStandings {
  constructor(
    @InjectModel(Account.name) private readonly model: Model<Account>,
    private readonly accounts: AccountsRepository,
  ) {}

  /** Null for an erased account, and for one that is no pharmacy. */
  async find(tx: Tx, pharmacyId: string): Promise<Standing | null> {
    const account = await findByIdIf<Account>(this.model.collection, oid(pharmacyId), isPharmacy, {
      session: tx.session,
      projection: FIELDS,
    });
    return account === null ? null : toStanding(account);
  }

  /** Every pharmacy, one at a time; for the check of counters. */
  async *all(): AsyncGenerator<Standing> {
    const where = { role: 'PHARMACIEN' };
    for await (const row of this.model.collection.find<Account>(where, { projection: FIELDS, batchSize: 1_000 }))
      if (isPharmacy(row)) yield toStanding(row);
  }

  /** The ids that name a pharmacy that is not erased. */
  async live(tx: Tx, pharmacyIds: readonly string[]): Promise<string[]> {
    const rows = await this.model.collection
      .find<Account>(
        { _id: { $in: pharmacyIds.map(oid) } },
        { projection: { role: 1, deletedAt: 1 }, session: tx.session },
      )
      .toArray();
    return rows.filter(isPharmacy).map((row) => row._id.toHexString());
  }

  /** Changes the same figures of pharmacies that were found in this transaction. */
  async change(
    tx: Tx,
    pharmacyIds: readonly string[],
    { set = {}, add = {} }: StandingChange,
    now: Date,
  ): Promise<void> {
    const ids = pharmacyIds.map(oid);
    await this.model.collection.updateMany(
      ids.length === 1 ? { _id: ids[0] as (typeof ids)[0] } : { _id: { $in: ids } },
      { $set: { ...set, updatedAt: now }, $inc: { ...add, __v: 1 } },
      { session: tx.session },
    );
    for (const id of pharmacyIds) this.accounts.announceChange(tx, id);
  }
}

function isPharmacy(account: Account): boolean {
  return account.role === 'PHARMACIEN' && account.deletedAt === undefined;
}

function toStanding(account: Account): Standing {
  return {
    id: account._id.toHexString(),
    points: account.points ?? 0,
    badgeLevel: account.badgeLevel ?? 'bronze',
    unlockedBadges: account.unlockedBadges ?? [],
    responseTimeSum: account.responseTimeSum ?? 0,
    responseCount: account.responseCount ?? 0,
    averageResponseTime: account.averageResponseTime ?? 0,
    locale: account.locale,
  };
}
