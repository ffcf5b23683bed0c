import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks, type DoctorAccess } from '../../access';
import { DIABETES_TYPES, type DiabetesType } from '../../common/enums';
import { invalidField } from '../../common/errors';
import { type Page, pageOf, type PageRequest, pageRequest } from '../../common/pagination';
import type { PagingQuery } from '../../common/paging.dto';
import { fold, searchTextOf } from '../../common/text';
import { PharmacyRelations } from '../medication-requests';
import {
  AccountDirectory,
  AccountSearch,
  AccountsRepository,
  type AccountSummary,
  type AccountView,
  toListView,
  toSummaryView,
} from '../users';
import type { PatientsQuery } from './dto/patient.dto';

const MAX_FOUND = 20;

interface Wanted {
  readonly search: string | null;
  readonly typeDiabete: DiabetesType | null;
}

/** Lists of patients, each bounded by whom the caller may see (contract 20 section 3.1). */
@Injectable()
export class PatientLists {
  /** For as long as the links of a doctor are held as they are. */
  private readonly orders = new WeakMap<DoctorAccess, readonly string[]>();

  constructor(
    private readonly search: AccountSearch,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly links: CareLinks,
    private readonly pharmacies: PharmacyRelations,
  ) {}

  /** Newest first. */
  async list(actor: Actor, query: PatientsQuery): Promise<Page<AccountView>> {
    // A pharmacy's list knows no type of diabetes: that is clinical.
    const typeDiabete = actor.role === 'PHARMACIEN' ? null : (query.typeDiabete ?? null);
    return this.page(actor, { search: query.search ?? null, typeDiabete }, pageRequest(query));
  }

  /** Those with one type of diabetes, newest first. */
  async byType(actor: Actor, typeDiabete: DiabetesType, query: PagingQuery): Promise<Page<AccountView>> {
    return this.page(actor, { search: null, typeDiabete }, pageRequest(query));
  }

  /** The first twenty by name. */
  async find(actor: Actor, query: string): Promise<AccountView[]> {
    if (actor.role === 'ADMIN') {
      const filter = { role: 'PATIENT', statutCompte: null, typeDiabete: null, search: query } as const;
      return (await this.search.byName(filter, MAX_FOUND)).map((patient) => toListView(patient));
    }
    const visible = await this.visible(actor, { search: query, typeDiabete: null });
    const order = new Intl.Collator('fr', { sensitivity: 'base' });
    visible.sort((a, b) => order.compare(a.nom, b.nom) || order.compare(a.prenom, b.prenom) || (a.id < b.id ? -1 : 1));
    return this.views(actor, visible.slice(0, MAX_FOUND));
  }

  private async page(actor: Actor, wanted: Wanted, request: PageRequest): Promise<Page<AccountView>> {
    const skip = (request.page - 1) * request.limit;
    if (actor.role === 'ADMIN') {
      const filter = { role: 'PATIENT', statutCompte: null, ...wanted } as const;
      const { accounts, total } = await this.search.page(filter, skip, request.limit);
      return pageOf(
        accounts.map((patient) => toListView(patient)),
        total,
        request,
      );
    }
    const visible = (await this.visible(actor, wanted)).sort(byNewest);
    const shown = await this.views(actor, visible.slice(skip, skip + request.limit));
    return pageOf(shown, visible.length, request);
  }

  /** The patients whom a doctor or a pharmacy may see and who match; bounded by their relations, and by now in memory. */
  private async visible(actor: Actor, wanted: Wanted): Promise<AccountSummary[]> {
    const isDoctor = actor.role === 'MEDECIN';
    const ids = isDoctor ? await this.inCareOf(actor.id) : await this.pharmacies.patientsOf(actor.id);
    const text = wanted.search === null ? null : fold(wanted.search);
    // A pharmacy searches in what it sees: names.
    const textOf = (patient: AccountSummary) =>
      isDoctor ? patient.searchText : searchTextOf({ ...patient, email: '' });
    return [...(await this.directory.find(ids)).values()].filter(
      (patient) =>
        patient.deletedAt === null &&
        (text === null || textOf(patient).includes(text)) &&
        (wanted.typeDiabete === null || patient.typeDiabete === wanted.typeDiabete),
    );
  }

  /** Ids of the patients who let the doctor see their data, newest first: accounts do not change their age. */
  private async inCareOf(doctorId: string): Promise<readonly string[]> {
    const access = await this.links.accessOfDoctor(doctorId);
    const known = this.orders.get(access);
    if (known !== undefined) return known;
    const ids = [...access].filter(([, link]) => link.accessEnabled).map(([patientId]) => patientId);
    const order = [...(await this.directory.find(ids)).values()].sort(byNewest).map(({ id }) => id);
    this.orders.set(access, order);
    return order;
  }

  private async views(actor: Actor, patients: readonly AccountSummary[]): Promise<AccountView[]> {
    if (actor.role !== 'MEDECIN') return patients.map((patient) => toSummaryView(patient, patient.id) as AccountView);
    const found = new Map(
      (await this.accounts.findMany(patients.map(({ id }) => id))).map((patient) => [
        patient._id.toHexString(),
        patient,
      ]),
    );
    return patients.flatMap(({ id }) => {
      const patient = found.get(id);
      return patient === undefined ? [] : [toListView(patient, true)];
    });
  }
}

function byNewest(a: AccountSummary, b: AccountSummary): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}

/** A type of diabetes as a path names it, in any case. @throws AppError VALIDATION_FAILED */
export function diabetesTypeOf(text: string): DiabetesType {
  const wanted = text.trim().toUpperCase();
  const known = DIABETES_TYPES.find((type) => type === wanted);
  if (known !== undefined) return known;
  const values = DIABETES_TYPES.join(', ');
  throw invalidField('typeDiabete', 'enum', `must be one of ${values}`, `doit être parmi ${values}`);
}
