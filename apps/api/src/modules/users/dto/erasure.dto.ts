import { Password } from '../../../common/validation';

/** Body of the routes that erase an account. */
export class ErasureBody {
  @Password({ optional: true, min: 1, description: 'Needed when the session’s check of identity is not recent' })
  currentPassword?: string;
}
