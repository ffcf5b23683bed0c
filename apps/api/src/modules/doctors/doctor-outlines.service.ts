import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { fold } from '../../common/text';
import { Logger } from '../../platform/logging';
import { AccountMirror, AccountsRepository } from '../users';
import { type DoctorOutline, DoctorsRepository } from './doctors.repository';

/** Which doctors are wanted; texts are found literally, without regard to case and accents. */
export interface DoctorFilter {
  readonly specialite: string | null;
  readonly search: string | null;
  readonly disponible: boolean | null;
  /** ADMIN sees doctors of every status. */
  readonly onlyActive: boolean;
}

/**
 * What lists of doctors filter and sort by, in memory (decisions 15 and 19): about 300 bytes each. A list with its exact
 * total is one pass over it; what is shown is read from the database by the ids found here.
 */
@Injectable()
export class DoctorOutlines implements BeforeApplicationShutdown {
  private readonly held = new Map<string, DoctorOutline>();
  private ordered: DoctorOutline[] | null = null;
  private readonly mirror: AccountMirror;

  constructor(
    private readonly doctors: DoctorsRepository,
    accounts: AccountsRepository,
    logger: Logger,
  ) {
    this.mirror = new AccountMirror(accounts, logger, {
      load: () => this.load(),
      reread: (ids) => this.reread(ids),
      clear: () => {
        this.clear();
      },
    });
  }

  /** Ids of the doctors that match: the best noted first, then the newest. */
  async matching(filter: DoctorFilter): Promise<string[]> {
    await this.mirror.current();
    this.ordered ??= [...this.held.values()].sort(byNote);
    const matches = matcher(filter);
    return this.ordered.filter(matches).map(({ id }) => id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.mirror.stop();
  }

  private async load(): Promise<void> {
    this.clear();
    for await (const outline of this.doctors.outlines()) this.held.set(outline.id, outline);
  }

  private async reread(ids: readonly string[]): Promise<void> {
    const found: DoctorOutline[] = [];
    for await (const outline of this.doctors.outlines(ids)) found.push(outline);
    const left = ids.filter((id) => this.held.delete(id));
    for (const outline of found) this.held.set(outline.id, outline);
    // Most accounts that change are no doctors: the order stays.
    if (left.length + found.length > 0) this.ordered = null;
  }

  private clear(): void {
    this.held.clear();
    this.ordered = null;
  }
}

function matcher({ specialite, search, disponible, onlyActive }: DoctorFilter): (doctor: DoctorOutline) => boolean {
  const folded = (given: string | null): string | null => (given === null ? null : fold(given));
  const [field, text] = [folded(specialite), folded(search)];
  return (doctor) =>
    (!onlyActive || doctor.statutCompte === 'ACTIF') &&
    (disponible === null || doctor.disponible === disponible) &&
    (field === null || doctor.specialite.includes(field)) &&
    (text === null || doctor.texts.some((part) => part.includes(text)));
}

function byNote(a: DoctorOutline, b: DoctorOutline): number {
  const noteOf = ({ noteMoyenne }: DoctorOutline): number => noteMoyenne ?? -1;
  return noteOf(b) - noteOf(a) || b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
