import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { DIABETES_TYPES, type DiabetesType } from '../../common/enums';
import { invalidField } from '../../common/errors';
import { type Page, pageOf, type PageRequest, pageRequest } from '../../common/pagination';
import type { PagingQuery } from '../../common/paging.dto';
import { fold } from '../../common/text';
import { type AccountRecord, AccountSearch, AccountsRepository, type AccountView, toListView } from '../users';
import type { PatientsQuery } from './dto/patient.dto';

const MAX_FOUND = 20;

interface Wanted {
  readonly search: string | null;
  readonly typeDiabete: DiabetesType | null;
}

/** Lists of patients, each bounded by whom the caller may see (contract 20 section 3.1). */
@Injectable()
export class PatientLists {
  constructor(
    private readonly search: AccountSearch,
    private readonly accounts: AccountsRepository,
    private readonly links: CareLinks,
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
    visible.sort(
      (a, b) =>
        order.compare(a.nom, b.nom) ||
        order.compare(a.prenom, b.prenom) ||
        (a._id.toHexString() < b._id.toHexString() ? -1 : 1),
    );
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
    const visible = await this.visible(actor, wanted);
    visible.sort(
      (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a._id.toHexString() < b._id.toHexString() ? 1 : -1),
    );
    const shown = await this.views(actor, visible.slice(skip, skip + request.limit));
    return pageOf(shown, visible.length, request);
  }

  /** Outlines of the patients whom a doctor may see and who match; bounded by the doctor's links. */
  private async visible(actor: Actor, wanted: Wanted): Promise<AccountRecord[]> {
    // A pharmacy sees patients of requests addressed to it; there are none before medication requests exist.
    if (actor.role !== 'MEDECIN') return [];
    const links = await this.links.accessOfDoctor(actor.id);
    const ids = [...links].filter(([, link]) => link.accessEnabled).map(([patientId]) => patientId);
    const text = wanted.search === null ? null : fold(wanted.search);
    return (await this.search.outline(ids)).filter(
      (patient) =>
        (text === null || patient.searchText.includes(text)) &&
        (wanted.typeDiabete === null || patient.typeDiabete === wanted.typeDiabete),
    );
  }

  private async views(actor: Actor, outlines: readonly AccountRecord[]): Promise<AccountView[]> {
    const ids = outlines.map((patient) => patient._id.toHexString());
    const found = new Map((await this.accounts.findMany(ids)).map((patient) => [patient._id.toHexString(), patient]));
    return ids.flatMap((id) => {
      const patient = found.get(id);
      return patient === undefined ? [] : [toListView(patient, actor.role === 'MEDECIN')];
    });
  }
}

/** A type of diabetes as a path names it, in any case. @throws AppError VALIDATION_FAILED */
export function diabetesTypeOf(text: string): DiabetesType {
  const wanted = text.trim().toUpperCase();
  const known = DIABETES_TYPES.find((type) => type === wanted);
  if (known !== undefined) return known;
  const values = DIABETES_TYPES.join(', ');
  throw invalidField('typeDiabete', 'enum', `must be one of ${values}`, `doit être parmi ${values}`);
}
