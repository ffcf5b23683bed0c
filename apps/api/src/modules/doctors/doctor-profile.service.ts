import { Injectable } from '@nestjs/common';
import type { Actor, TokenPair } from '../../access';
import { AppError } from '../../common/errors';
import { AccountsRepository, AccountUpdates, type AccountView, UsersService } from '../users';
import type { DoctorPatch } from './dto/doctor-patch.dto';
import type { DoctorStatusResponse } from './dto/doctor.dto';

/** Doctors at their own profile. */
@Injectable()
export class DoctorProfile {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly updates: AccountUpdates,
    private readonly users: UsersService,
  ) {}

  /** @throws AppError FIELD_NOT_ALLOWED, CURRENT_PASSWORD_*, WEAK_PASSWORD, PRECONDITION_FAILED */
  async update(actor: Actor, patch: DoctorPatch): Promise<AccountView & Partial<TokenPair>> {
    const { motDePasse, currentPassword, statutCompte, ...fields } = patch;
    const { account, tokens } = await this.updates.apply(actor, actor.id, (stored) => {
      if (statutCompte !== undefined && statutCompte !== stored.statutCompte) throw new AppError('FIELD_NOT_ALLOWED');
      return {
        fields,
        ...(motDePasse === undefined ? {} : { newPassword: motDePasse }),
        ...(currentPassword === undefined ? {} : { currentPassword }),
      };
    });
    return { ...(await this.users.view(account)), ...tokens };
  }

  /** Flips the doctor's own availability; the account's status and rights stay as they are. */
  async toggle(actor: Actor): Promise<AccountView & { isActive: boolean }> {
    const { account } = await this.updates.apply(actor, actor.id, (stored) => ({
      fields: { disponible: !(stored.disponible ?? true) },
    }));
    const isActive = account.disponible ?? true;
    const view = await this.users.view(account);
    return { ...view, statutCompte: isActive ? 'ACTIF' : 'INACTIF', isActive };
  }

  async status(actor: Actor): Promise<DoctorStatusResponse> {
    const doctor = await this.accounts.findByRole(actor.id, 'MEDECIN');
    if (doctor === null) throw new AppError('SESSION_REVOKED');
    const { nom, prenom, email, statutCompte } = doctor;
    return { _id: actor.id, nom, prenom, email, statutCompte, isActive: doctor.disponible ?? true };
  }
}
