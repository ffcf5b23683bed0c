import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { accentInsensitivePatterns } from '../../common/text';
import { matchesAll } from '../../platform/database';
import { Account, type AccountRecord } from '../users';

/** Which doctors are wanted; texts are found literally, without regard to case and accents. */
export interface DoctorFilter {
  readonly specialite: string | null;
  readonly search: string | null;
  readonly disponible: boolean | null;
  /** ADMIN sees doctors of every status. */
  readonly onlyActive: boolean;
}

/** Doctors as a population; bounded by how many there are, not by a page. */
@Injectable()
export class DoctorsRepository {
  constructor(@InjectModel(Account.name) private readonly accounts: Model<Account>) {}

  /** Best noted first, then the newest. */
  async page(filter: DoctorFilter, skip: number, limit: number): Promise<{ doctors: AccountRecord[]; total: number }> {
    const contains = (field: string, text: string) => matchesAll(field, accentInsensitivePatterns(text));
    const where = {
      role: 'MEDECIN',
      ...(filter.onlyActive ? { statutCompte: 'ACTIF' } : {}),
      deletedAt: null,
      ...(filter.specialite === null ? {} : contains('specialite', filter.specialite)),
      ...(filter.disponible === null ? {} : { disponible: filter.disponible }),
      ...(filter.search === null
        ? {}
        : { $or: ['nom', 'prenom', 'clinique'].map((field) => contains(field, filter.search ?? '')) }),
    };
    const cursor = this.accounts.collection.find<AccountRecord>(where, {
      projection: { motDePasse: 0, searchText: 0 },
    });
    const doctors = await cursor.sort({ noteMoyenne: -1, createdAt: -1, _id: -1 }).skip(skip).limit(limit).toArray();
    const known = doctors.length < limit && (doctors.length > 0 || skip === 0);
    return { doctors, total: known ? skip + doctors.length : await this.accounts.collection.countDocuments(where) };
  }
}
