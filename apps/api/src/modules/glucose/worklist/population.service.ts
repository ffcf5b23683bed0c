import { tideOrder } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../../access';
import { displayName } from '../../../common/names';
import { pageOf, pageRequest } from '../../../common/pagination';
import { Clock } from '../../../common/time';
import { AccountDirectory } from '../../users';
import { toGlucosePatient } from '../glucose-patients.service';
import { PatientDaysReader } from './patient-days.service';
import type { PopulationQuery, WorklistPage } from './population.dto';
import { worklistRow } from './population.policy';

const DEFAULT_LIMIT = 50;

/** A doctor's patients by how much they need attention (glucose metrics section 15.1). */
@Injectable()
export class PopulationService {
  constructor(
    private readonly links: CareLinks,
    private readonly directory: AccountDirectory,
    private readonly days: PatientDaysReader,
    private readonly clock: Clock,
  ) {}

  /** All patients with an active link and access on, each once. Lists over several patients are not audited. */
  async list(actor: Actor, query: PopulationQuery): Promise<WorklistPage> {
    const now = this.clock.now();
    const length = query.days === '14' ? 14 : 7;
    const links = await this.links.accessOfDoctor(actor.id);
    const visible = [...links].flatMap(([id, { accessEnabled }]) => (accessEnabled ? [id] : []));
    const accounts = await this.directory.find(visible);
    const live = [...accounts.values()].filter(({ deletedAt }) => deletedAt === null);
    const patients = new Map(live.map((account) => [account.id, toGlucosePatient(account)]));
    const recent = await this.days.load(patients, 2 * length, now);
    const rows = live.flatMap((account) => {
      const [patient, days] = [patients.get(account.id), recent.get(account.id)];
      return patient === undefined || days === undefined
        ? []
        : [worklistRow(patient, displayName(account), days, length, now)];
    });
    rows.sort((a, b) => tideOrder(a.entry, b.entry));
    const groups: Record<string, number> = { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0, '6': 0 };
    for (const { entry } of rows) groups[String(entry.group)] = (groups[String(entry.group)] ?? 0) + 1;
    const ranked = rows.map((row, index) => ({ rank: index + 1, ...row }));
    const wanted = ranked.filter(({ entry }) => query.group === undefined || entry.group === query.group);
    const request = pageRequest(query, DEFAULT_LIMIT);
    const skip = (request.page - 1) * request.limit;
    const data = wanted.slice(skip, skip + request.limit).map(({ rank, item }) => ({ rank, ...item() }));
    return { ...pageOf(data, wanted.length, request), groups };
  }
}
