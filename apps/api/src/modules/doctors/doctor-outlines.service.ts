import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { fold } from '../../common/text';
import { Logger } from '../../platform/logging';
import { AccountsRepository, OrderedOutlines } from '../users';
import { type DoctorOutline, DoctorsRepository } from './doctors.repository';

/** Which doctors are wanted; texts are found literally, without regard to case and accents. */
export interface DoctorFilter {
  readonly specialite: string | null;
  readonly search: string | null;
  readonly disponible: boolean | null;
  /** ADMIN sees doctors of every status. */
  readonly onlyActive: boolean;
}

/** What lists of doctors filter and sort by, in memory (decisions 15 and 19): about 300 bytes each. */
@Injectable()
export class DoctorOutlines implements BeforeApplicationShutdown {
  private readonly outlines: OrderedOutlines<DoctorOutline>;

  constructor(doctors: DoctorsRepository, accounts: AccountsRepository, logger: Logger) {
    this.outlines = new OrderedOutlines(accounts, logger, {
      read: (ids) => doctors.outlines(ids),
      hold: (outline) => outline,
      order: byNote,
    });
  }

  /** Ids of the doctors that match: the best noted first, then the newest. */
  async matching(filter: DoctorFilter): Promise<string[]> {
    const all = await this.outlines.all();
    return all.filter(matcher(filter)).map(({ id }) => id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.outlines.stop();
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
