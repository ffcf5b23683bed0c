import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AccountStatus, DiabetesType, GlycemicPopulation, Locale, Role } from '../../common/enums';
import { ERASED_NAME } from '../../common/names';
import { ChangeWatch, findByIdIf, newId, oid, rewriteOne, type Tx, updateByIdIf } from '../../platform/database';
import type { Logger } from '../../platform/logging';
import { Account } from './account.schema';

/** An account as stored. */
export type AccountRecord = Account;

/** What is stored of a new account. */
export type NewAccount = Omit<Account, '_id' | '__v' | 'createdAt' | 'updatedAt'>;

/** Fields to change; null removes one. */
export type AccountChange = { readonly [K in keyof NewAccount]?: NewAccount[K] | null | undefined };

const LIVE = { deletedAt: null } as const;

function isLive(account: AccountRecord): boolean {
  return account.deletedAt === undefined;
}

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

  private readonly listeners = new Set<(id: string) => void>();

  /** Calls back with the id of every account that this process has changed or made, right after the commit. */
  onChanged(listener: (id: string) => void): void {
    this.listeners.add(listener);
  }

  /** Says that another module changes figures of an account in this transaction. */
  announceChange(tx: Tx, id: string): void {
    this.announce(tx, id);
  }

  private announce(tx: Tx, id: string): void {
    tx.afterCommit(() => {
      for (const listener of this.listeners) listener(id);
    });
  }

  /** Stores a new account. @throws duplicate key: EMAIL_TAKEN, NUMERO_ORDRE_TAKEN */
  async insert(tx: Tx, account: NewAccount, now: Date): Promise<AccountRecord> {
    const record = { ...account, _id: newId(), __v: 0, createdAt: now, updatedAt: now };
    await this.raw.insertOne(record, sessionOf(tx));
    this.announce(tx, record._id.toHexString());
    return record;
  }

  /** The account, unless it is erased. */
  async findById(id: string, tx?: Tx): Promise<AccountRecord | null> {
    return findByIdIf<AccountRecord>(this.raw, oid(id), isLive, sessionOf(tx));
  }

  /** The account if it has the role and is not erased. */
  async findByRole(id: string, role: Role, tx?: Tx): Promise<AccountRecord | null> {
    return findByIdIf<AccountRecord>(
      this.raw,
      oid(id),
      (account) => isLive(account) && account.role === role,
      sessionOf(tx),
    );
  }

  /** Is there an ACTIF account of that role? */
  async isActive(id: string, role: Role): Promise<boolean> {
    const projection = { role: 1, statutCompte: 1, deletedAt: 1 };
    const active = (account: AccountRecord): boolean =>
      isLive(account) && account.role === role && account.statutCompte === 'ACTIF';
    return (await findByIdIf<AccountRecord>(this.raw, oid(id), active, { projection })) !== null;
  }

  /** By normalised e-mail. */
  async findByEmail(email: string): Promise<AccountRecord | null> {
    const account = await this.raw.findOne<AccountRecord>({ email });
    return account !== null && isLive(account) ? account : null;
  }

  /** By Google's id of the person. */
  async findByGoogleSubject(googleSubject: string): Promise<AccountRecord | null> {
    const account = await this.raw.findOne<AccountRecord>({ googleSubject });
    return account !== null && isLive(account) ? account : null;
  }

  async findMany(ids: readonly string[]): Promise<AccountRecord[]> {
    if (ids.length === 0) return [];
    return (await this.raw.find<AccountRecord>({ _id: { $in: ids.map(oid) } }).toArray()).filter(isLive);
  }

  /**
   * Applies a change if the account still has `version`; null when it changed meanwhile or is gone.
   * @throws duplicate key: EMAIL_TAKEN, NUMERO_ORDRE_TAKEN
   */
  async update(id: string, version: number, change: AccountChange, now: Date, tx: Tx): Promise<AccountRecord | null> {
    const current = (account: AccountRecord): boolean => isLive(account) && account.__v === version;
    this.announce(tx, id);
    if (!UNIQUE_FIELDS.some((field) => field in change))
      return updateByIdIf<AccountRecord>(this.raw, oid(id), current, toUpdate(change, now), tx.session);
    const account = await findByIdIf<AccountRecord>(this.raw, oid(id), current, { session: tx.session });
    // The old address must become free for others (see rewriteOne).
    return account === null
      ? null
      : rewriteOne(this.raw, account, (stored) => changed(stored, change, now), tx.session);
  }

  /** Turns an account, as read in the transaction, into the tombstone of contract 10 section 7. */
  async bury(tx: Tx, account: AccountRecord, now: Date): Promise<void> {
    const id = account._id.toHexString();
    const tombstone = {
      _id: account._id,
      role: account.role,
      statutCompte: 'INACTIF',
      nom: ERASED_NAME,
      prenom: '',
      email: `erased-${id}@erased.invalid`,
      deletedAt: now,
      createdAt: account.createdAt,
      updatedAt: now,
      __v: account.__v + 1,
    } as unknown as AccountRecord;
    await rewriteOne(this.raw, account, () => tombstone, tx.session);
    this.announce(tx, id);
  }

  /** Replaces a hash of an older kind after a successful sign-in. */
  async replacePasswordHash(id: string, oldHash: string, newHash: string): Promise<void> {
    const account = await this.findById(id);
    // Changed meanwhile: the new password is hashed as it should be.
    if (account?.motDePasse === oldHash) await this.raw.updateOne({ _id: oid(id) }, { $set: { motDePasse: newHash } });
  }

  /** How many live accounts a role has, with a status if given. */
  async count(role: Role, statutCompte?: AccountStatus, tx?: Tx): Promise<number> {
    return this.raw.countDocuments(
      { role, ...(statutCompte === undefined ? {} : { statutCompte }), ...LIVE },
      sessionOf(tx),
    );
  }

  /** Ids of accounts that change, wherever that happens. @param missed changes may have been missed */
  watch(changed: (id: string) => void, missed: () => void, logger: Logger): ChangeWatch {
    const pipeline = [
      { $match: { operationType: { $in: ['insert', 'update', 'replace', 'delete'] } } },
      { $project: { documentKey: 1 } },
    ];
    return new ChangeWatch({ collection: this.raw, pipeline, changed, missed }, logger);
  }

  /** What lists of all accounts need, of every live account or of some, one at a time. */
  async *outlines(ids?: readonly string[]): AsyncGenerator<AccountOutline> {
    const projection = { role: 1, statutCompte: 1, typeDiabete: 1, createdAt: 1, searchText: 1, deletedAt: 1 };
    const where = ids === undefined ? {} : { _id: { $in: ids.map(oid) } };
    for await (const row of this.raw.find<AccountRecord>(where, { projection, batchSize: OUTLINE_BATCH })) {
      if (!isLive(row)) continue;
      yield {
        id: row._id.toHexString(),
        role: row.role,
        statutCompte: row.statutCompte,
        typeDiabete: row.typeDiabete ?? null,
        createdAt: row.createdAt.getTime(),
        searchText: row.searchText,
      };
    }
  }

  /** Patients whose days are being moved to another zone, at most `limit`. */
  async rezoning(limit: number): Promise<{ readonly id: string; readonly rezoneAt: Date }[]> {
    const found = await this.raw
      .find<AccountRecord>({ rezoneAt: { $gt: new Date(0) } }, { projection: { rezoneAt: 1 } })
      .limit(limit)
      .toArray();
    return found.flatMap(({ _id, rezoneAt }) => (rezoneAt === undefined ? [] : [{ id: _id.toHexString(), rezoneAt }]));
  }

  /** Ends the move to another zone, unless another one has begun. */
  async endRezoning(tx: Tx, id: string, rezoneAt: Date): Promise<void> {
    const same = (account: AccountRecord): boolean => account.rezoneAt?.getTime() === rezoneAt.getTime();
    await updateByIdIf(this.raw, oid(id), same, { $unset: { rezoneAt: 1 } }, tx.session);
    this.announce(tx, id);
  }

  /** Zone of a patient as it is in the transaction, or now. */
  async zoneOf(id: string, tx?: Tx): Promise<{ readonly timeZone: string; readonly rezoneAt: Date | null } | null> {
    const found = await this.raw.findOne<AccountRecord>(
      { _id: oid(id) },
      { ...sessionOf(tx), projection: { timeZone: 1, rezoneAt: 1 } },
    );
    return found === null ? null : { timeZone: found.timeZone, rezoneAt: found.rezoneAt ?? null };
  }

  /** The public and naming fields of accounts, erased ones included. */
  async summaries(ids: readonly string[]): Promise<AccountSummary[]> {
    const rows = await this.raw.find<SummaryRow>({ _id: { $in: ids.map(oid) } }, { projection: SUMMARY }).toArray();
    return rows.map(toSummary);
  }
}

const OUTLINE_BATCH = 5_000;

/** What lists of all accounts filter and sort by. */
export interface AccountOutline {
  readonly id: string;
  readonly role: Role;
  readonly statutCompte: AccountStatus;
  readonly typeDiabete: DiabetesType | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly searchText: string;
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
  sexe: 1,
  specialite: 1,
  adresseCabinet: 1,
  nomPharmacie: 1,
  glycemicPopulation: 1,
  rezoneAt: 1,
  'profilMedical.prendInsuline': 1,
  adressePharmacie: 1,
  telephonePharmacie: 1,
  createdAt: 1,
  searchText: 1,
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
  readonly locale: Locale;
  readonly deletedAt: Date | null;
  readonly typeDiabete: string | null;
  readonly dateNaissance: Date | null;
  readonly sexe: string | null;
  readonly specialite: string | null;
  readonly adresseCabinet: string | null;
  readonly nomPharmacie: string | null;
  readonly glycemicPopulation: GlycemicPopulation | null;
  /** The patient's days are being moved to the zone that was chosen then. */
  readonly rezoneAt: Date | null;
  readonly takesInsulin: boolean;
  readonly adressePharmacie: string | null;
  readonly telephonePharmacie: string | null;
  readonly createdAt: Date;
  /** Folded names and e-mail. */
  readonly searchText: string;
}

/** A tombstone has neither zone nor language. */
type SummaryRow = Omit<AccountRecord, 'timeZone' | 'locale'> & Partial<Pick<AccountRecord, 'timeZone' | 'locale'>>;

function toSummary(row: SummaryRow): AccountSummary {
  return {
    id: row._id.toHexString(),
    role: row.role,
    nom: row.nom,
    prenom: row.prenom,
    email: row.email,
    telephone: row.telephone ?? null,
    photoUrl: row.photoProfil?.startsWith('data:') === false ? row.photoProfil : null,
    statutCompte: row.statutCompte,
    timeZone: row.timeZone ?? 'UTC',
    locale: row.locale ?? 'en',
    deletedAt: row.deletedAt ?? null,
    specialite: row.specialite ?? null,
    adresseCabinet: row.adresseCabinet ?? null,
    nomPharmacie: row.nomPharmacie ?? null,
    adressePharmacie: row.adressePharmacie ?? null,
    telephonePharmacie: row.telephonePharmacie ?? null,
    createdAt: row.createdAt,
    searchText: row.searchText,
    ...patientPart(row),
  };
}

function patientPart(row: SummaryRow) {
  return {
    typeDiabete: row.typeDiabete ?? null,
    dateNaissance: row.dateNaissance ?? null,
    sexe: row.sexe ?? null,
    glycemicPopulation: row.glycemicPopulation ?? null,
    rezoneAt: row.rezoneAt ?? null,
    takesInsulin: row.profilMedical?.['prendInsuline'] === true,
  };
}
