import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, MessageResponse } from '../../access';
import { BodyDto } from '../../platform/http';
import { AccountResponse } from '../users';
import { AuthService } from './auth.service';
import {
  AuthResponse,
  ChangePasswordBody,
  ForgotPasswordBody,
  GoogleBody,
  LoginBody,
  PasswordChangedResponse,
  RefreshBody,
  ResetPasswordBody,
} from './dto/auth.dto';
import { RegisterDoctor, RegisterPatient, RegisterPharmacist } from './dto/register.dto';
import { GoogleSignIn } from './google-sign-in.service';
import { OwnSessionsService } from './own-sessions.service';
import { PasswordResets } from './password-resets.service';
import { RegistrationService } from './registration.service';

/** Registration, sign-in, tokens. */
@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly auth: AuthService,
    private readonly sessions: OwnSessionsService,
    private readonly googleSignIn: GoogleSignIn,
    private readonly resets: PasswordResets,
  ) {}

  @Post('register/patient')
  @Endpoint('POST', {
    summary: 'Registers a patient',
    roles: 'public',
    limit: 'registration',
    response: AuthResponse,
    errors: ['EMAIL_TAKEN', 'WEAK_PASSWORD'],
  })
  registerPatient(@BodyDto() body: RegisterPatient) {
    return this.registration.patient(body);
  }

  @Post('register/medecin')
  @Endpoint('POST', {
    summary: 'Registers a doctor',
    roles: 'public',
    limit: 'registration',
    response: AuthResponse,
    errors: ['EMAIL_TAKEN', 'NUMERO_ORDRE_TAKEN', 'WEAK_PASSWORD'],
  })
  registerDoctor(@BodyDto() body: RegisterDoctor) {
    return this.registration.doctor(body);
  }

  @Post('register/pharmacien')
  @Endpoint('POST', {
    summary: 'Registers a pharmacist',
    roles: 'public',
    limit: 'registration',
    response: AuthResponse,
    errors: ['EMAIL_TAKEN', 'NUMERO_ORDRE_TAKEN', 'WEAK_PASSWORD'],
  })
  registerPharmacist(@BodyDto() body: RegisterPharmacist) {
    return this.registration.pharmacist(body);
  }

  @Post('login')
  @Endpoint('POST', {
    summary: 'Signs in',
    roles: 'public',
    status: 200,
    response: AuthResponse,
    errors: ['INVALID_CREDENTIALS', 'ACCOUNT_INACTIVE', 'LOGIN_LOCKED'],
  })
  login(@BodyDto() body: LoginBody) {
    return this.auth.login(body);
  }

  @Post('google/mobile')
  @Endpoint('POST', {
    summary: 'Signs in with Google; makes a patient of somebody unknown',
    roles: 'public',
    status: 200,
    response: AuthResponse,
    errors: ['GOOGLE_NOT_CONFIGURED', 'GOOGLE_TOKEN_INVALID', 'ACCOUNT_INACTIVE'],
  })
  google(@BodyDto() body: GoogleBody) {
    return this.googleSignIn.signIn(body);
  }

  @Post('forgot-password')
  @Endpoint('POST', {
    summary: 'Mails a link for a new password',
    description: 'The answer is the same whether or not the address belongs to an account.',
    roles: 'public',
    limit: 'forgotPassword',
    status: 202,
    response: MessageResponse,
  })
  forgotPassword(@BodyDto() body: ForgotPasswordBody) {
    return this.resets.forgot(body.email);
  }

  @Post('reset-password')
  @Endpoint('POST', {
    summary: 'Sets a new password with the token of a mail',
    description: 'Ends all sessions and opens none.',
    roles: 'public',
    status: 200,
    response: MessageResponse,
    errors: ['RESET_TOKEN_INVALID', 'WEAK_PASSWORD'],
  })
  resetPassword(@BodyDto() body: ResetPasswordBody) {
    return this.resets.reset(body);
  }

  @Post('refresh')
  @Endpoint('POST', {
    summary: 'Renews the tokens',
    roles: 'public',
    status: 200,
    response: AuthResponse,
    errors: ['REFRESH_TOKEN_INVALID', 'REFRESH_TOKEN_REUSED'],
  })
  refresh(@BodyDto() body: RefreshBody) {
    return this.auth.refresh(body.refreshToken);
  }

  @Post('logout')
  @Endpoint('POST', {
    summary: 'Ends this session',
    roles: 'any',
    status: 200,
    idempotent: false,
    response: MessageResponse,
  })
  logout(@CurrentActor() actor: Actor) {
    return this.sessions.endCurrent(actor);
  }

  @Get('profile')
  @Endpoint('GET', { summary: "The caller's account", roles: 'any', response: AccountResponse, etag: true })
  profile(@CurrentActor() actor: Actor) {
    return this.auth.profile(actor);
  }

  @Post('change-password')
  @Endpoint('POST', {
    summary: 'Changes the password',
    description: 'Ends all sessions and opens one new session, whose tokens are answered.',
    roles: 'any',
    status: 200,
    idempotent: false,
    response: PasswordChangedResponse,
    errors: ['CURRENT_PASSWORD_WRONG', 'WEAK_PASSWORD', 'LOGIN_LOCKED'],
  })
  changePassword(@CurrentActor() actor: Actor, @BodyDto() body: ChangePasswordBody) {
    return this.auth.changePassword(actor, body);
  }
}
