import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { AppError } from '../../common/errors';
import { ProfessionalNotes } from '../user-ratings';
import { AccountsRepository, type AccountView } from '../users';
import { PharmacistsService } from './pharmacists.service';
import { PharmacyFacts } from './pharmacy-facts';

/** Notes of pharmacies by patients whom they have answered. */
@Injectable()
export class PharmacyNotes {
  constructor(
    private readonly notes: ProfessionalNotes,
    private readonly accounts: AccountsRepository,
    private readonly pharmacists: PharmacistsService,
    private readonly facts: PharmacyFacts,
  ) {}

  /** @throws AppError NOT_FOUND, RATING_NOT_ALLOWED, PRECONDITION_FAILED */
  async set(actor: Actor, pharmacyId: string, note: number): Promise<AccountView> {
    const pharmacy = await this.accounts.findByRole(pharmacyId, 'PHARMACIEN');
    if (pharmacy === null || !(await this.pharmacists.isVisible(actor, pharmacy))) throw new AppError('NOT_FOUND');
    if (!(await this.facts.answered(actor.id, pharmacyId))) throw new AppError('RATING_NOT_ALLOWED');
    return this.pharmacists.publicView(await this.notes.set(actor, { id: pharmacyId, role: 'PHARMACIEN' }, note));
  }
}
