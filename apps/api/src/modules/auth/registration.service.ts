import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, Sessions } from '../../access';
import type { Role } from '../../common/enums';
import { AppError, invalidField } from '../../common/errors';
import { fold, searchTextOf } from '../../common/text';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { currentContext } from '../../platform/context/request-context';
import { Passwords } from '../../platform/crypto';
import { UnitOfWork } from '../../platform/database';
import { AccountsRepository, type GeoPoint, type NewAccount, toPrivateView } from '../users';
import type { AuthResponse } from './dto/auth.dto';
import type {
  LocatedRegister,
  RegisterBase,
  RegisterDoctor,
  RegisterPatient,
  RegisterPharmacist,
} from './dto/register.dto';

const WEEKDAY = { open: '08:00', close: '19:00', isOpen: true } as const;

/** Opening hours until the pharmacist sets them (contract 40 section 2.2). */
const DEFAULT_WEEK = {
  monday: WEEKDAY,
  tuesday: WEEKDAY,
  wednesday: WEEKDAY,
  thursday: WEEKDAY,
  friday: WEEKDAY,
  saturday: { open: '09:00', close: '13:00', isOpen: true },
  sunday: { open: '', close: '', isOpen: false },
} as const;

/** A pharmacist's figures and settings before anything has happened (contract 80, users). */
const PHARMACY_DEFAULTS = {
  isOnDuty: false,
  visibilityRadius: 5,
  notificationsPush: true,
  notificationsEmail: true,
  notificationsSMS: true,
  isSuggested: false,
  boostType: 'free',
  points: 0,
  badgeLevel: 'bronze',
  unlockedBadges: [],
  noteMoyenne: 0,
  nombreNotes: 0,
  averageRating: 0,
  totalReviews: 0,
  averageResponseTime: 0,
  totalRequestsReceived: 0,
  totalRequestsAccepted: 0,
  totalRequestsDeclined: 0,
  totalClients: 0,
  totalRevenue: 0,
  responseTimeSum: 0,
  responseCount: 0,
} as const;

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
    const { dateNaissance, sexe, typeDiabete, groupeSanguin } = body;
    return this.register('PATIENT', body, {
      ...defined({ dateNaissance, sexe, typeDiabete, groupeSanguin }),
      ...placeOf(body),
      profilMedical: {},
    });
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
      ...defined({ clinique, adresseCabinet, description, tarifConsultation, disponibilite, abonnementPlateforme }),
    });
  }

  /** @throws AppError EMAIL_TAKEN, NUMERO_ORDRE_TAKEN, WEAK_PASSWORD, VALIDATION_FAILED */
  async pharmacist(body: RegisterPharmacist): Promise<AuthResponse> {
    const { numeroOrdre, nomPharmacie, adressePharmacie, telephonePharmacie, horaires } = body;
    const medicines = body.listeMedicamentsDisponibles ?? [];
    return this.register('PHARMACIEN', body, {
      ...PHARMACY_DEFAULTS,
      workingHours: DEFAULT_WEEK,
      numeroOrdre,
      nomPharmacie,
      servicesProposes: body.servicesProposes ?? [],
      listeMedicamentsDisponibles: medicines,
      medicamentsFolded: medicines.map(fold),
      ...defined({ adressePharmacie, telephonePharmacie, horaires }),
      ...placeOf(body),
    });
  }

  private async register(role: Role, body: RegisterBase, fields: Record<string, unknown>): Promise<AuthResponse> {
    if (body.motDePasse.trim().toLowerCase() === body.email) throw new AppError('WEAK_PASSWORD');
    const motDePasse = await this.passwords.hash(body.motDePasse);
    const waits = role !== 'PATIENT' && this.config.auth.requireProfessionalApproval;
    const pharmacyName = fields['nomPharmacie'] as string | undefined;
    const account = {
      role,
      nom: body.nom,
      prenom: body.prenom,
      email: body.email,
      motDePasse,
      statutCompte: waits ? 'INACTIF' : 'ACTIF',
      timeZone: body.timeZone ?? 'UTC',
      locale: body.locale ?? currentContext()?.locale ?? 'en',
      searchText: searchTextOf([body.prenom, body.nom, body.prenom, body.email, pharmacyName]),
      ...defined({ telephone: body.telephone, photoProfil: body.photoProfil }),
      ...fields,
    } as NewAccount;
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

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** Keeps the pair and the point in step. @throws AppError VALIDATION_FAILED when only one of the pair came */
function placeOf(body: LocatedRegister): { latitude?: number; longitude?: number; location?: GeoPoint } {
  const { latitude, longitude, location } = body;
  if ((latitude === undefined) !== (longitude === undefined)) {
    throw invalidField(
      latitude === undefined ? 'latitude' : 'longitude',
      'required',
      'is required with the other coordinate',
      "est requis avec l'autre coordonnée",
    );
  }
  if (latitude !== undefined && longitude !== undefined)
    return { latitude, longitude, location: { type: 'Point', coordinates: [longitude, latitude] } };
  if (location === undefined) return {};
  const [x, y] = location.coordinates;
  return { latitude: y, longitude: x, location: { type: 'Point', coordinates: [x, y] } };
}
