import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AccountStatus } from '../../common/enums';
import { fold } from '../../common/text';
import { oid } from '../../platform/database';
import { Account, type AccountRecord } from '../users';

const OUTLINE = {
  role: 1,
  statutCompte: 1,
  deletedAt: 1,
  createdAt: 1,
  nomPharmacie: 1,
  latitude: 1,
  longitude: 1,
  isOnDuty: 1,
  noteMoyenne: 1,
  points: 1,
  responseCount: 1,
  averageResponseTime: 1,
  totalReviews: 1,
  averageRating: 1,
  medicamentsFolded: 1,
} as const;
const BATCH = 1_000;
// What no view shows and nobody need load.
const SHOWN = { motDePasse: 0, searchText: 0, medicamentsFolded: 0 } as const;

/** The facts of a pharmacy that searches, orders and comparisons ask for. */
export interface PharmacyOutline {
  readonly id: string;
  readonly statutCompte: AccountStatus;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Folded. */
  readonly name: string;
  /** Both null without coordinates. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly isOnDuty: boolean;
  readonly noteMoyenne: number;
  readonly points: number;
  /** Whole minutes; null before the first response. */
  readonly averageResponseTime: number | null;
  /** 1 decimal; null before the first review or rating. */
  readonly averageRating: number | null;
  /** Folded. */
  readonly medicines: readonly string[];
}

/** Pharmacies as stored. */
@Injectable()
export class PharmaciesRepository {
  constructor(@InjectModel(Account.name) private readonly accounts: Model<Account>) {}

  /** Outlines of every live pharmacy, or of those among some accounts, one at a time. */
  async *outlines(ids?: readonly string[]): AsyncGenerator<PharmacyOutline> {
    const where = ids === undefined ? { role: 'PHARMACIEN' } : { _id: { $in: ids.map(oid) } };
    const cursor = this.accounts.collection.find<AccountRecord>(where, { projection: OUTLINE, batchSize: BATCH });
    for await (const row of cursor) if (row.role === 'PHARMACIEN' && row.deletedAt === undefined) yield toOutline(row);
  }

  /** Pharmacies by id, in the order of the ids, without what no view shows; the missing and the erased are left out. */
  async inOrder(ids: readonly string[], withInventory: boolean): Promise<AccountRecord[]> {
    if (ids.length === 0) return [];
    const projection = withInventory ? SHOWN : { ...SHOWN, listeMedicamentsDisponibles: 0 };
    const rows = await this.accounts.collection
      .find<AccountRecord>({ _id: { $in: ids.map(oid) } }, { projection, batchSize: ids.length })
      .toArray();
    const found = new Map(
      rows
        .filter((row) => row.role === 'PHARMACIEN' && row.deletedAt === undefined)
        .map((row) => [row._id.toHexString(), row]),
    );
    return ids.flatMap((id) => found.get(id) ?? []);
  }
}

function toOutline(row: AccountRecord): PharmacyOutline {
  return {
    id: row._id.toHexString(),
    statutCompte: row.statutCompte,
    createdAt: row.createdAt.getTime(),
    name: fold(row.nomPharmacie ?? ''),
    latitude: row.latitude ?? null,
    longitude: row.longitude ?? null,
    isOnDuty: row.isOnDuty ?? false,
    noteMoyenne: row.noteMoyenne ?? 0,
    points: row.points ?? 0,
    averageResponseTime: (row.responseCount ?? 0) > 0 ? (row.averageResponseTime ?? 0) : null,
    averageRating: (row.totalReviews ?? 0) > 0 ? (row.averageRating ?? 0) : null,
    medicines: row.medicamentsFolded ?? [],
  };
}
