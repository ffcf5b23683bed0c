import { ACCOUNT_STATUSES, type AccountStatus } from '../../../common/enums';
import { Bool, FreeObject, Num, OneOf, Password, PatchBody, Str } from '../../../common/validation';
import { ProfilePatch } from '../../users';

const FREE_OBJECT_BYTES = 4_096;

/** Body of PATCH /medecins/:id. */
@PatchBody()
export class DoctorPatch extends ProfilePatch {
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
