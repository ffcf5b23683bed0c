import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { GoogleSignIn } from './google-sign-in.service';
import { OwnSessionsService } from './own-sessions.service';
import { PasswordResets } from './password-resets.service';
import { RegistrationService } from './registration.service';
import { SessionsController } from './sessions.controller';
import { SessionsExport } from './sessions.export';

/** Registration, sign-in and sessions. */
@Module({
  imports: [UsersModule],
  controllers: [AuthController, SessionsController],
  providers: [SessionsExport, AuthService, RegistrationService, OwnSessionsService, GoogleSignIn, PasswordResets],
})
export class AuthModule {}
