import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { OwnSessionsService } from './own-sessions.service';
import { RegistrationService } from './registration.service';
import { SessionsController } from './sessions.controller';

/** Registration, sign-in and sessions. */
@Module({
  imports: [UsersModule],
  controllers: [AuthController, SessionsController],
  providers: [AuthService, RegistrationService, OwnSessionsService],
})
export class AuthModule {}
