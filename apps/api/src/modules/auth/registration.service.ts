import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, Sessions } from '../../access';
import type { Role } from '../../common/enums';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Passwords } from '../../platform/crypto';
import { UnitOfWork } from '../../platform/database';
import {
  AccountsRepository,
  definedFields,
  inventoryFields,
  newAccountOf,
  newPatientFields,
  PHARMACY_DEFAULTS,
  placeOf,
  toPrivateView,
} from '../users';
import type { AuthResponse } from './dto/auth.dto';
import type { RegisterDoctor, RegisterPatient, RegisterPharmacist } from './dto/register.dto';

/** Makes accounts of the three roles that may register. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws AppError EMAIL_TAKEN, WEAK_PASSWORD, VALIDATION_FAILED */
  async patient(body: RegisterPatient): Promise<AuthResponse> {
    return this.register('PATIENT', body, newPatientFields(body));
  }

  /** @throws AppError EMAIL_TAKEN, NUMERO_ORDRE_TAKEN, WEAK_PASSWORD, VALIDATION_FAILED */
  async doctor(body: RegisterDoctor): Promise<AuthResponse> {
    const {
      specialite,
      numeroOrdre,
      clinique,
      adresseCabinet,
      description,
      tarifConsultation,
      disponibilite,
      abonnementPlateforme,
    } = body;
    return this.register('MEDECIN', body, {
      specialite,
      numeroOrdre,
      anneesExperience: body.anneesExperience ?? 0,
      disponible: true,
      noteMoyenne: 0,
      nombreNotes: 0,
      noteTenths: 0,
      ...definedFields({
        clinique,
        adresseCabinet,
        description,
        tarifConsultation,
        disponibilite,
        abonnementPlateforme,
      }),
    });
  }

  /** @throws AppError EMAIL_TAKEN, NUMERO_ORDRE_TAKEN, WEAK_PASSWORD, VALIDATION_FAILED */
  async pharmacist(body: RegisterPharmacist): Promise<AuthResponse> {
    const { numeroOrdre, nomPharmacie, adressePharmacie, telephonePharmacie, horaires } = body;
    return this.register('PHARMACIEN', body, {
      ...PHARMACY_DEFAULTS,
      isSuggested: false,
      boostType: 'free',
      responseTimeSum: 0,
      responseCount: 0,
      numeroOrdre,
      nomPharmacie,
      servicesProposes: body.servicesProposes ?? [],
      ...inventoryFields(body.listeMedicamentsDisponibles ?? []),
      ...definedFields({ adressePharmacie, telephonePharmacie, horaires }),
      ...placeOf(body),
    });
  }

  private async register(
    role: Role,
    body: RegisterPatient | RegisterDoctor | RegisterPharmacist,
    fields: Record<string, unknown>,
  ): Promise<AuthResponse> {
    if (body.motDePasse.trim().toLowerCase() === body.email) throw new AppError('WEAK_PASSWORD');
    const motDePasse = await this.passwords.hash(body.motDePasse);
    const waits = role !== 'PATIENT' && this.config.auth.requireProfessionalApproval;
    const account = { ...newAccountOf(role, body, waits ? 'INACTIF' : 'ACTIF', fields), motDePasse };
    return this.work.run(async (tx) => {
      const stored = await this.accounts.insert(tx, account, this.clock.now());
      const id = stored._id.toHexString();
      await this.audit.record({ action: 'user.created', actor: { id, role }, resource: 'user', resourceId: id }, tx);
      const tokens = waits
        ? { accessToken: null, refreshToken: null, expiresIn: 0 }
        : await this.sessions.open(tx, { id, email: stored.email, role }, 'password');
      return { user: toPrivateView(stored) as unknown as AuthResponse['user'], ...tokens };
    });
  }
}
