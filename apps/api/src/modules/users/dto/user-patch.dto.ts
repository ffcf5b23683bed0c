import { ACCOUNT_STATUSES, type AccountStatus } from '../../../common/enums';
import { Email, OneOf, Password, PatchBody, Str } from '../../../common/validation';
import { ProfilePatch } from './profile-patch.dto';

/** Body of PATCH /users/:id. */
@PatchBody()
export class UserPatch extends ProfilePatch {
  @Email()
  email?: string;

  @Password()
  motDePasse?: string;

  @Password({ min: 1, description: "The account's current password, for a change of e-mail or password" })
  currentPassword?: string;

  @OneOf(ACCOUNT_STATUSES, { description: 'ADMIN only' })
  statutCompte?: AccountStatus;

  @Str({ optional: true, max: 500, description: 'Why; ADMIN only' })
  reason?: string | null;
}
