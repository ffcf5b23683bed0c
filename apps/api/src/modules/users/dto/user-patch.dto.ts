import { ACCOUNT_STATUSES, type AccountStatus, LOCALES, type Locale } from '../../../common/enums';
import { Email, Image, OneOf, Password, PatchBody, Str, Zone } from '../../../common/validation';

/** Body of PATCH /users/:id. */
@PatchBody()
export class UserPatch {
  @Str({ max: 100, example: 'Moreau' })
  nom?: string;

  @Str({ max: 100, example: 'Élodie' })
  prenom?: string;

  @Email()
  email?: string;

  @Password()
  motDePasse?: string;

  @Password({ min: 1, description: "The account's current password, for a change of e-mail or password" })
  currentPassword?: string;

  @Str({ optional: true, max: 30, example: '+33 6 12 34 56 78' })
  telephone?: string | null;

  @Image({ optional: true })
  photoProfil?: string | null;

  @Zone()
  timeZone?: string;

  @OneOf(LOCALES)
  locale?: Locale;

  @OneOf(ACCOUNT_STATUSES, { description: 'ADMIN only' })
  statutCompte?: AccountStatus;

  @Str({ optional: true, max: 500, description: 'Why; ADMIN only' })
  reason?: string | null;
}
