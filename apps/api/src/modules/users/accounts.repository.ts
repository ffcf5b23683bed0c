import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AccountStatus, Role } from '../../common/enums';
import { newId, oid, rewriteOne, type Tx } from '../../platform/database';
import { Account } from './account.schema';

/** An account as stored. */
export type AccountRecord = Account;

/** What is stored of a new account. */
export type NewAccount = Omit<Account, '_id' | '__v' | 'createdAt' | 'updatedAt'>;

/** Fields to change; null removes one. */
export type AccountChange = { readonly [K in keyof NewAccount]?: NewAccount[K] | null | undefined };

const LIVE = { deletedAt: { $exists: false } } as const;

function sessionOf(tx: Tx | undefined): { session?: Tx['session'] } {
  return tx === undefined ? {} : { session: tx.session };
}

/** Splits a change into `$set` and `$unset`, so that an absent field is unset and never null. */
function toUpdate(change: AccountChange, now: Date): Record<string, Record<string, unknown>> {
  const set: Record<string, unknown> = { updatedAt: now };
  const unset: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) unset[key] = 1;
    else if (value !== undefined) set[key] = value;
  }
  return { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}), $inc: { __v: 1 } };
}

const UNIQUE_FIELDS = ['email', 'numeroOrdre', 'googleSubject'] as const;

/** The account with a change applied; null removes a field. */
function changed(account: AccountRecord, change: AccountChange, now: Date): AccountRecord {
  const merged = { ...account, ...change, updatedAt: now, __v: account.__v + 1 };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as AccountRecord;
}

/** Accounts by id, e-mail and role. Erased accounts are found by nobody but the directory of names. */
@Injectable()
export class AccountsRepository {
  constructor(@InjectModel(Account.name) private readonly accounts: Model<Account>) {}

  private get raw() {
    return this.accounts.collection;
  }

  /** Stores a new account. @throws duplicate key: EMAIL_TAKEN, NUMERO_ORDRE_TAKEN */
  async insert(tx: Tx, account: NewAccount, now: Date): Promise<AccountRecord> {
    const record = { ...account, _id: newId(), __v: 0, createdAt: now, updatedAt: now };
    await this.raw.insertOne(record, sessionOf(tx));
    return record;
  }

  /** The account, unless it is erased. */
  async findById(id: string, tx?: Tx): Promise<AccountRecord | null> {
    return this.raw.findOne<AccountRecord>({ _id: oid(id), ...LIVE }, sessionOf(tx));
  }

  /** The account if it has the role and is not erased. */
  async findByRole(id: string, role: Role, tx?: Tx): Promise<AccountRecord | null> {
    return this.raw.findOne<AccountRecord>({ _id: oid(id), role, ...LIVE }, sessionOf(tx));
  }

  /** Is there an ACTIF account of that role? */
  async isActive(id: string, role: Role, tx?: Tx): Promise<boolean> {
    return (
      (await this.raw.findOne(
        { _id: oid(id), role, statutCompte: 'ACTIF', ...LIVE },
        { projection: { _id: 1 }, ...sessionOf(tx) },
      )) !== null
    );
  }

  /** By normalised e-mail. */
  async findByEmail(email: string): Promise<AccountRecord | null> {
    return this.raw.findOne<AccountRecord>({ email, ...LIVE });
  }

  async findMany(ids: readonly string[]): Promise<AccountRecord[]> {
    if (ids.length === 0) return [];
    return this.raw.find<AccountRecord>({ _id: { $in: ids.map(oid) }, ...LIVE }).toArray();
  }

  /**
   * Applies a change if the account still has `version`; null when it changed meanwhile or is gone.
   * @throws duplicate key: EMAIL_TAKEN, NUMERO_ORDRE_TAKEN
   */
  async update(id: string, version: number, change: AccountChange, now: Date, tx: Tx): Promise<AccountRecord | null> {
    const filter = { _id: oid(id), __v: version, ...LIVE };
    if (UNIQUE_FIELDS.some((field) => field in change)) {
      // The old address must become free for others (see rewriteOne).
      return rewriteOne<AccountRecord>(this.raw, filter, (account) => changed(account, change, now), tx.session);
    }
    return this.raw.findOneAndUpdate(filter, toUpdate(change, now), {
      returnDocument: 'after',
      session: tx.session,
    }) as Promise<AccountRecord | null>;
  }

  /** Changes fields whatever the version: for facts that do not depend on what was read (rehash, derived figures). */
  async set(id: string, change: AccountChange, now: Date, tx?: Tx): Promise<AccountRecord | null> {
    return this.raw.findOneAndUpdate({ _id: oid(id), ...LIVE }, toUpdate(change, now), {
      returnDocument: 'after',
      ...sessionOf(tx),
    }) as Promise<AccountRecord | null>;
  }

  /** Removes data that are no field of the schema any more; only for sign-in housekeeping. */
  async replacePasswordHash(id: string, oldHash: string, newHash: string): Promise<void> {
    await this.raw.updateOne({ _id: oid(id), motDePasse: oldHash }, { $set: { motDePasse: newHash } });
  }

  /** How many live accounts a role has, with a status if given. */
  async count(role: Role, statutCompte?: AccountStatus, tx?: Tx): Promise<number> {
    return this.raw.countDocuments(
      { role, ...(statutCompte === undefined ? {} : { statutCompte }), ...LIVE },
      sessionOf(tx),
    );
  }

  /** Calls back with the id of every account that changes, in this process or another. */
  watchChanges(onChanged: (id: string) => void): { close(): Promise<void> } & NodeJS.EventEmitter {
    const stream = this.raw.watch(
      [{ $match: { operationType: { $in: ['update', 'replace', 'delete'] } } }, { $project: { documentKey: 1 } }],
      {},
    );
    stream.on('change', (change: unknown) => {
      const key = (change as { documentKey?: { _id?: { toHexString(): string } } }).documentKey?._id;
      if (key !== undefined) onChanged(key.toHexString());
    });
    return stream;
  }

  /** The public and naming fields of accounts, erased ones included. */
  async summaries(ids: readonly string[]): Promise<AccountSummary[]> {
    const rows = await this.raw.find<AccountRecord>({ _id: { $in: ids.map(oid) } }, { projection: SUMMARY }).toArray();
    return rows.map(toSummary);
  }
}

const SUMMARY = {
  role: 1,
  nom: 1,
  prenom: 1,
  email: 1,
  telephone: 1,
  photoProfil: 1,
  statutCompte: 1,
  timeZone: 1,
  locale: 1,
  deletedAt: 1,
  typeDiabete: 1,
  dateNaissance: 1,
  specialite: 1,
  adresseCabinet: 1,
  nomPharmacie: 1,
} as const;

/** What other modules may know of an account: to name it, to reach it, to speak its language. */
export interface AccountSummary {
  readonly id: string;
  readonly role: Role;
  readonly nom: string;
  readonly prenom: string;
  readonly email: string;
  readonly telephone: string | null;
  /** Only when it is a URL: lists carry no images. */
  readonly photoUrl: string | null;
  readonly statutCompte: AccountStatus;
  readonly timeZone: string;
  readonly locale: 'en' | 'fr';
  readonly deletedAt: Date | null;
  readonly typeDiabete: string | null;
  readonly dateNaissance: Date | null;
  readonly specialite: string | null;
  readonly adresseCabinet: string | null;
  readonly nomPharmacie: string | null;
}

function toSummary(row: AccountRecord): AccountSummary {
  return {
    id: row._id.toHexString(),
    role: row.role,
    nom: row.nom,
    prenom: row.prenom,
    email: row.email,
    telephone: row.telephone ?? null,
    photoUrl: row.photoProfil?.startsWith('data:') === false ? row.photoProfil : null,
    statutCompte: row.statutCompte,
    timeZone: row.timeZone,
    locale: row.locale,
    deletedAt: row.deletedAt ?? null,
    typeDiabete: row.typeDiabete ?? null,
    dateNaissance: row.dateNaissance ?? null,
    specialite: row.specialite ?? null,
    adresseCabinet: row.adresseCabinet ?? null,
    nomPharmacie: row.nomPharmacie ?? null,
  };
}
