import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { ProfessionalNotes } from '../user-ratings';
import { AccountsRepository, type AccountView, toDoctorView } from '../users';

/** Notes of doctors by their patients. */
@Injectable()
export class DoctorNotes {
  constructor(
    private readonly notes: ProfessionalNotes,
    private readonly accounts: AccountsRepository,
    private readonly links: CareLinks,
  ) {}

  /**
   * Sets the patient's note of a doctor with whom the patient is or was linked.
   * @throws AppError NOT_FOUND, RATING_NOT_ALLOWED, PRECONDITION_FAILED
   */
  async set(actor: Actor, doctorId: string, note: number): Promise<AccountView> {
    if ((await this.accounts.findByRole(doctorId, 'MEDECIN')) === null) throw new AppError('NOT_FOUND');
    if (!(await this.links.everLinked(actor.id, doctorId))) throw new AppError('RATING_NOT_ALLOWED');
    return toDoctorView(await this.notes.set(actor, { id: doctorId, role: 'MEDECIN' }, note));
  }
}
