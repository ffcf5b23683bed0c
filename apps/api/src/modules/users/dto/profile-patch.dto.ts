import { LOCALES, type Locale } from '../../../common/enums';
import { Image, OneOf, PatchBody, Str, Zone } from '../../../common/validation';

/** What an account of any role may change of itself, on whichever route. */
@PatchBody()
export class ProfilePatch {
  @Str({ max: 100, example: 'Moreau' })
  nom?: string;

  @Str({ max: 100, example: 'Élodie' })
  prenom?: string;

  @Str({ optional: true, max: 30, example: '+33 6 12 34 56 78' })
  telephone?: string | null;

  @Image({ optional: true })
  photoProfil?: string | null;

  @Zone()
  timeZone?: string;

  @OneOf(LOCALES)
  locale?: Locale;
}
