import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { showsVersion } from '../../platform/http';
import { PharmacyRelations } from '../medication-requests';
import { LinkOpener } from '../patient-requests';
import {
  AccountsRepository,
  AccountUpdates,
  type AccountView,
  type InvitedAccount,
  newAccountOf,
  newPatientFields,
  toPersonView,
  toPrivateView,
} from '../users';
import type { CreatePatientBody, PatientPatch } from './dto/patient.dto';
import { mergeProfile, patientChange } from './patient-changes';

/** Patients as themselves, their doctors and the ADMIN see them. */
@Injectable()
export class PatientsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly updates: AccountUpdates,
    private readonly links: CareLinks,
    private readonly opener: LinkOpener,
    private readonly pharmacies: PharmacyRelations,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens an account for a patient of the doctor, linked and without a password: that comes with the invitation.
   * @throws AppError EMAIL_TAKEN, WEAK_PASSWORD, PATIENT_LIMIT_REACHED, VALIDATION_FAILED
   */
  async create(actor: Actor, body: CreatePatientBody): Promise<AccountView> {
    if (body.motDePasse?.trim().toLowerCase() === body.email) throw new AppError('WEAK_PASSWORD');
    const account = newAccountOf('PATIENT', body, 'ACTIF', {
      ...newPatientFields(body),
      profilMedical: mergeProfile({}, body.profilMedical ?? null),
    });
    return this.work.respond(
      async (tx) => {
        const now = this.clock.now();
        const stored = await this.accounts.insert(tx, account, now);
        const id = stored._id.toHexString();
        await this.audit.record({ action: 'user.created', actor, resource: 'user', resourceId: id, patientId: id }, tx);
        await this.opener.open(tx, actor, { patientId: id, doctorId: actor.id, origin: 'invitation', now });
        const payload: InvitedAccount = { userId: id, doctorId: actor.id };
        tx.emit({ topic: 'account.invited', key: `user:${id}`, payload: { ...payload } });
        return toPrivateView(stored);
      },
      { lanes: [`patients:${actor.id}`] },
    );
  }

  /**
   * Changes a patient's record; the medical profile is merged. A doctor changes the clinical fields only.
   * @throws AppError NOT_FOUND, ACCESS_DISABLED, FIELD_NOT_ALLOWED, PRECONDITION_FAILED, VALIDATION_FAILED
   */
  async update(actor: Actor, id: string, patch: PatientPatch): Promise<AccountView> {
    if (actor.role === 'MEDECIN') await this.assertLinked(actor, id);
    const { account } = await this.updates.apply(actor, id, (stored) => {
      if (stored.role !== 'PATIENT') throw new AppError('NOT_FOUND');
      return { fields: patientChange(actor.role, stored, patch) };
    });
    showsVersion(account.__v);
    return toPrivateView(account);
  }

  private async assertLinked(actor: Actor, patientId: string): Promise<void> {
    const link = await this.links.find(patientId, actor.id);
    if (link === null) throw new AppError('NOT_FOUND');
    if (!link.accessEnabled) throw new AppError('ACCESS_DISABLED');
  }

  /**
   * A patient's record. Outside the caller's set it is as if it did not exist.
   * @throws AppError NOT_FOUND, ACCESS_DISABLED
   */
  async get(actor: Actor, id: string): Promise<AccountView> {
    if (actor.role === 'PHARMACIEN') return this.getByName(actor, id);
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

  /** What a pharmacy sees of the patients of requests addressed to it: who they are. */
  private async getByName(actor: Actor, id: string): Promise<AccountView> {
    const [patient, known] = await Promise.all([
      this.accounts.findByRole(id, 'PATIENT'),
      this.pharmacies.knows(actor.id, id),
    ]);
    if (patient === null || !known) throw new AppError('NOT_FOUND');
    showsVersion(patient.__v);
    return toPersonView(patient);
  }
}
