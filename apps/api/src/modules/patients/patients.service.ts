import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { showsVersion } from '../../platform/http';
import { AccountsRepository, type AccountView, toPrivateView } from '../users';

/** Patients as themselves, their doctors and the ADMIN see them. */
@Injectable()
export class PatientsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly links: CareLinks,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A patient's record. Outside the caller's set it is as if it did not exist.
   * @throws AppError NOT_FOUND, ACCESS_DISABLED
   */
  async get(actor: Actor, id: string): Promise<AccountView> {
    // A pharmacy sees patients of requests addressed to it; without requests that set is empty.
    if (actor.role === 'PHARMACIEN') throw new AppError('NOT_FOUND');
    const [patient, link] = await Promise.all([
      this.accounts.findByRole(id, 'PATIENT'),
      actor.role === 'MEDECIN' ? this.links.find(id, actor.id) : null,
    ]);
    if (actor.role === 'MEDECIN') {
      if (link === null) throw new AppError('NOT_FOUND');
      if (!link.accessEnabled) throw new AppError('ACCESS_DISABLED');
    }
    if (patient === null) throw new AppError('NOT_FOUND');
    if (actor.role === 'MEDECIN') await this.audit.recordRead(actor, id, 'patient.read', 'patient');
    if (actor.role === 'ADMIN')
      await this.audit.record({ action: 'user.read', actor, resource: 'user', resourceId: id, patientId: id });
    showsVersion(patient.__v);
    return toPrivateView(patient);
  }
}
