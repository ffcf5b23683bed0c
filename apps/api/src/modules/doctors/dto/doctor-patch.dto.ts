import { ACCOUNT_STATUSES, type AccountStatus, LOCALES, type Locale } from '../../../common/enums';
import { Bool, FreeObject, Image, Num, OneOf, Password, PatchBody, Str, Zone } from '../../../common/validation';

const FREE_OBJECT_BYTES = 4_096;

/** Body of PATCH /medecins/:id. */
@PatchBody()
export class DoctorPatch {
  @Str({ max: 100 })
  nom?: string;

  @Str({ max: 100 })
  prenom?: string;

  @Str({ optional: true, max: 30 })
  telephone?: string | null;

  @Image({ optional: true })
  photoProfil?: string | null;

  @Zone()
  timeZone?: string;

  @OneOf(LOCALES)
  locale?: Locale;

  @Str({ max: 100, example: 'Endocrinologie' })
  specialite?: string;

  @Num({ min: 0, max: 80 })
  anneesExperience?: number;

  @Str({ optional: true, max: 200 })
  clinique?: string | null;

  @Str({ optional: true, max: 300 })
  adresseCabinet?: string | null;

  @Str({ optional: true, max: 2_000 })
  description?: string | null;

  @Num({ optional: true, min: 0, max: 100_000 })
  tarifConsultation?: number | null;

  @FreeObject({ optional: true, maxBytes: FREE_OBJECT_BYTES, maxDepth: 3 })
  disponibilite?: Record<string, unknown> | null;

  @Str({ optional: true, max: 50 })
  abonnementPlateforme?: string | null;

  @Bool()
  disponible?: boolean;

  @Password()
  motDePasse?: string;

  @Password({ min: 1, description: 'Needed for a new password' })
  currentPassword?: string;

  @OneOf(ACCOUNT_STATUSES, { description: 'Refused here; the ADMIN changes it' })
  statutCompte?: AccountStatus;
}
