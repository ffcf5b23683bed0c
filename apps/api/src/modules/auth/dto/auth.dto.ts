import { ApiProperty } from '@nestjs/swagger';
import { Email, OneOf, Password, Str } from '../../../common/validation';
import { AccountResponse } from '../../users';

/** Body of POST /auth/login. */
export class LoginBody {
  @Email({ example: 'patient@demo.diabcare.example' })
  email!: string;

  @Password({ min: 1 })
  motDePasse!: string;
}

/** Body of POST /auth/refresh. */
export class RefreshBody {
  @Str({ max: 2_048 })
  refreshToken!: string;
}

/** Body of POST /auth/google/mobile. */
export class GoogleBody {
  @Str({ max: 4_096, description: "Google's ID token" })
  idToken!: string;

  @OneOf(['PATIENT'], { optional: true, description: 'Only patients are made this way' })
  role?: 'PATIENT';
}

/** Body of POST /auth/forgot-password. */
export class ForgotPasswordBody {
  @Email({ example: 'patient@demo.diabcare.example' })
  email!: string;
}

/** Body of POST /auth/reset-password. */
export class ResetPasswordBody {
  @Str({ max: 512, description: 'From the mail' })
  token!: string;

  @Password()
  newPassword!: string;
}

/** Body of POST /auth/change-password. */
export class ChangePasswordBody {
  @Password({ min: 1 })
  currentPassword!: string;

  @Password()
  newPassword!: string;
}

/** `Auth`: the account with the tokens of a session. */
export class AuthResponse {
  @ApiProperty({ type: AccountResponse })
  user!: AccountResponse;

  @ApiProperty({ type: 'string', nullable: true, description: 'null while a professional account waits for approval' })
  accessToken!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  refreshToken!: string | null;

  @ApiProperty({ type: 'integer', description: 'Seconds of life of the access token' })
  expiresIn!: number;
}

/** Answer of POST /auth/change-password: the new session's tokens. */
export class PasswordChangedResponse {
  @ApiProperty({ type: 'string' })
  message!: string;

  @ApiProperty({ type: 'string' })
  accessToken!: string;

  @ApiProperty({ type: 'string' })
  refreshToken!: string;

  @ApiProperty({ type: 'integer' })
  expiresIn!: number;
}
