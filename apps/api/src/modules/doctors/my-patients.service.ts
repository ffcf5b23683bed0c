import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { fold } from '../../common/text';
import { Clock, completedYears } from '../../common/time';
import { type PatientOverview, PatientOverviews } from '../glucose';
import { AccountDirectory, type AccountSummary } from '../users';
import type { MyPatientItem, MyPatientsQuery, StatusCounts } from './dto/my-patients.dto';

const URGENCY = { critical: 0, attention: 1, stable: 2 } as const;

/** A patient of the list before it has a place: what decides the order, and what is shown on the page that has it. */
interface Row extends FoldedNames {
  readonly account: AccountSummary;
  /** Null with access off. */
  readonly overview: PatientOverview | null;
  readonly status: keyof StatusCounts;
  readonly riskScore: number | null;
}

/** What lists sort and search by. */
interface FoldedNames {
  readonly order: string;
  readonly text: string;
}

/** The doctor's worklist: everybody linked, the most urgent first. */
@Injectable()
export class MyPatients {
  /** For as long as the directory holds an account as it is. */
  private readonly names = new WeakMap<AccountSummary, FoldedNames>();

  constructor(
    private readonly links: CareLinks,
    private readonly directory: AccountDirectory,
    private readonly overviews: PatientOverviews,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, query: MyPatientsQuery): Promise<Page<MyPatientItem> & { statusCounts: StatusCounts }> {
    const links = await this.links.accessOfDoctor(actor.id);
    const accounts = await this.directory.find(links.keys());
    const now = this.clock.now();
    const text = query.search === undefined ? null : fold(query.search);
    const visible = [...links].flatMap(([id, { accessEnabled }]) => (accessEnabled ? [id] : []));
    const overviews = await this.overviews.of(visible);
    const rows = [...links]
      .flatMap(([id]) => {
        const account = accounts.get(id);
        if (account === undefined || account.deletedAt !== null) return [];
        const overview = overviews.get(id) ?? null;
        const { status, riskScore } = overview ?? NOTHING_SEEN;
        return [{ account, overview, status, riskScore, ...this.folded(account) }];
      })
      .filter((row) => text === null || row.text.includes(text));
    const statusCounts = countByStatus(rows);
    const wanted = rows
      .filter(({ status }) => (query.status ?? 'all') === 'all' || status === query.status)
      .sort(byUrgency);
    const request = pageRequest(query);
    const skip = (request.page - 1) * request.limit;
    const data = wanted.slice(skip, skip + request.limit).map((row) => toItem(row, now));
    return { ...pageOf(data, wanted.length, request), statusCounts };
  }

  private folded(account: AccountSummary): FoldedNames {
    const known = this.names.get(account);
    if (known !== undefined) return known;
    const { nom, prenom, email } = account;
    const names = { order: fold(nom), text: fold(`${nom} ${prenom} ${nom} ${email}`) };
    this.names.set(account, names);
    return names;
  }
}

/** With access off (no overview) the patient needs attention, as without a reading (contract 20 section 3.5). */
function toItem({ account, overview }: Row, now: Date): MyPatientItem {
  const { id, nom, prenom, email, telephone, photoUrl, dateNaissance, sexe } = account;
  return {
    _id: id,
    nom,
    prenom,
    initials: initialsOf(prenom, nom),
    email,
    ...(telephone === null ? {} : { telephone }),
    ...(photoUrl === null ? {} : { photoProfil: photoUrl }),
    ...(dateNaissance === null ? {} : { dateNaissance }),
    age: dateNaissance === null ? null : completedYears(dateNaissance, now, account.timeZone),
    ...(sexe === null ? {} : { sexe }),
    accessEnabled: overview !== null,
    ...clinicalPart(account, overview ?? NOTHING_SEEN),
  };
}

/** What a doctor without access sees. */
const NOTHING_SEEN = { status: 'attention', riskScore: null, lastReading: null, typeDiabete: null } as const;

function clinicalPart(account: AccountSummary, seen: PatientOverview | typeof NOTHING_SEEN) {
  const { status, riskScore, lastReading } = seen;
  return {
    typeDiabete: 'typeDiabete' in seen ? seen.typeDiabete : account.typeDiabete,
    status,
    riskScore,
    lastReading,
    lastGlucoseReading: lastReading?.value ?? null,
    lastReadingDate: lastReading?.measuredAt ?? null,
  };
}

/** First letters of given and family name. */
function initialsOf(prenom: string, nom: string): string {
  return [prenom, nom].map((name) => (Array.from(name)[0] ?? '').toUpperCase()).join('');
}

function countByStatus(rows: readonly Row[]): StatusCounts {
  const counts: StatusCounts = { stable: 0, attention: 0, critical: 0 };
  for (const { status } of rows) counts[status] += 1;
  return counts;
}

/** Status, then risk (none last), then name, then id. */
function byUrgency(a: Row, b: Row): number {
  return (
    URGENCY[a.status] - URGENCY[b.status] ||
    (b.riskScore ?? -1) - (a.riskScore ?? -1) ||
    (a.order < b.order ? -1 : a.order > b.order ? 1 : 0) ||
    (a.account.id < b.account.id ? -1 : 1)
  );
}
