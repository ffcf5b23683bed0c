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
  nom: 1,
  prenom: 1,
  clinique: 1,
  specialite: 1,
  disponible: 1,
  noteMoyenne: 1,
} as const;
const BATCH = 1_000;

/** The facts of a doctor that lists filter and sort by; texts are folded. */
export interface DoctorOutline {
  readonly id: string;
  readonly statutCompte: AccountStatus;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What a search looks in: family name, given name, practice. */
  readonly texts: readonly string[];
  readonly specialite: string;
  /** Null where it was never said. */
  readonly disponible: boolean | null;
  /** Null sorts behind 0, as an absent field does. */
  readonly noteMoyenne: number | null;
}

/** Doctors as stored. */
@Injectable()
export class DoctorsRepository {
  constructor(@InjectModel(Account.name) private readonly accounts: Model<Account>) {}

  /** Outlines of every live doctor, or of those among some accounts, one at a time. */
  async *outlines(ids?: readonly string[]): AsyncGenerator<DoctorOutline> {
    const where = ids === undefined ? { role: 'MEDECIN' } : { _id: { $in: ids.map(oid) } };
    const cursor = this.accounts.collection.find<AccountRecord>(where, { projection: OUTLINE, batchSize: BATCH });
    for await (const row of cursor) if (isLiveDoctor(row)) yield toOutline(row);
  }

  /** Doctors by id, in the order of the ids; the erased are left out. */
  async inOrder(ids: readonly string[]): Promise<AccountRecord[]> {
    if (ids.length === 0) return [];
    const rows = await this.accounts.collection
      .find<AccountRecord>(
        { _id: { $in: ids.map(oid) } },
        { projection: { motDePasse: 0, searchText: 0 }, batchSize: ids.length },
      )
      .toArray();
    const found = new Map(rows.filter(isLiveDoctor).map((row) => [row._id.toHexString(), row]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }
}

function isLiveDoctor(row: AccountRecord): boolean {
  return row.role === 'MEDECIN' && (row.deletedAt ?? null) === null;
}

function toOutline(row: AccountRecord): DoctorOutline {
  return {
    id: row._id.toHexString(),
    statutCompte: row.statutCompte,
    createdAt: row.createdAt.getTime(),
    texts: [row.nom, row.prenom, row.clinique ?? ''].map(fold),
    specialite: fold(row.specialite ?? ''),
    disponible: row.disponible ?? null,
    noteMoyenne: row.noteMoyenne ?? null,
  };
}
