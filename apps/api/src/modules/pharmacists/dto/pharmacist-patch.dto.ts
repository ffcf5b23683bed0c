import { ACCOUNT_STATUSES, type AccountStatus, LOCALES, type Locale } from '../../../common/enums';
import {
  Bool,
  FreeObject,
  Image,
  Int,
  Nested,
  Num,
  OneOf,
  Password,
  PatchBody,
  Str,
  StrList,
  Zone,
} from '../../../common/validation';
import { PointInput } from '../../users';
import { WorkingHours } from './working-hours.dto';

const FREE_OBJECT_BYTES = 4_096;
// More than an inventory holds: repeats do not count, and too many are INVENTORY_FULL.
const MAX_SENT = 20_000;

/** Body of PATCH /pharmaciens/:id. */
@PatchBody()
export class PharmacistPatch {
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

  @Str({ max: 150, example: 'Pharmacie du Marché' })
  nomPharmacie?: string;

  @Str({ optional: true, max: 300 })
  adressePharmacie?: string | null;

  @Str({ optional: true, max: 30 })
  telephonePharmacie?: string | null;

  @FreeObject({ optional: true, maxBytes: FREE_OBJECT_BYTES, maxDepth: 3 })
  horaires?: Record<string, unknown> | null;

  @StrList({ optional: true, max: 50, itemMax: 100 })
  servicesProposes?: string[] | null;

  @StrList({ optional: true, max: MAX_SENT, itemMax: 150, description: 'Replaces the inventory' })
  listeMedicamentsDisponibles?: string[] | null;

  @Num({ optional: true, min: -90, max: 90 })
  latitude?: number | null;

  @Num({ optional: true, min: -180, max: 180 })
  longitude?: number | null;

  @Nested(() => PointInput, { optional: true })
  location?: PointInput | null;

  @Nested(() => WorkingHours)
  workingHours?: WorkingHours;

  @Bool()
  isOnDuty?: boolean;

  @Int({ min: 1, max: 50, description: 'km' })
  visibilityRadius?: number;

  @Bool()
  notificationsPush?: boolean;

  @Bool()
  notificationsEmail?: boolean;

  @Bool()
  notificationsSMS?: boolean;

  @Image({ optional: true })
  profileImage?: string | null;

  @Password()
  motDePasse?: string;

  @Password({ min: 1, description: 'Needed for a new password' })
  currentPassword?: string;

  @OneOf(ACCOUNT_STATUSES, { description: 'Refused here; the ADMIN changes it' })
  statutCompte?: AccountStatus;
}

/** Body of POST /pharmaciens/:id/medicaments. */
export class MedicineBody {
  @Str({ max: 150, example: 'Metformine 850 mg' })
  medicament!: string;
}

/** Body of PUT /pharmaciens/:id/status. */
export class DutyBody {
  @Bool()
  isOnDuty!: boolean;
}

/** Body of PUT /pharmaciens/:id/settings; what is left out stays. */
export class SettingsBody {
  @Bool({ optional: true })
  notificationsPush?: boolean;

  @Bool({ optional: true })
  notificationsEmail?: boolean;

  @Bool({ optional: true })
  notificationsSMS?: boolean;

  @Int({ optional: true, min: 1, max: 50, description: 'km' })
  visibilityRadius?: number;
}
