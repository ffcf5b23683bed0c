import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { MongooseModule } from '@nestjs/mongoose';
import { AccessGuard } from './access.guard';
import { AuditEvent, AuditEventSchema } from './audit.schema';
import { AuditReader } from './audit-reader.repository';
import { AuditTrail } from './audit-trail.repository';
import { CareLinks } from './care-link.repository';
import { CareLink, CareLinkSchema } from './care-link.schema';
import { LinkRevision, LinkRevisionSchema } from './link-revision.schema';
import { LoginAttempt, LoginAttemptSchema } from './login-attempt.schema';
import { LoginThrottle } from './login-throttle.repository';
import { OneTimeToken, OneTimeTokenSchema } from './one-time-token.schema';
import { OneTimeTokens } from './one-time-tokens.repository';
import { SessionRegistry } from './session-registry';
import { SessionRepository } from './session.repository';
import { Session, SessionSchema } from './session.schema';
import { Sessions } from './sessions.service';
import { Tokens } from './tokens';

/** Who may do what: tokens, sessions, the guard, care links and the audit log. */
@Global()
@Module({
  imports: [
    JwtModule.register({}),
    MongooseModule.forFeature([
      { name: Session.name, schema: SessionSchema },
      { name: CareLink.name, schema: CareLinkSchema },
      { name: LinkRevision.name, schema: LinkRevisionSchema },
      { name: LoginAttempt.name, schema: LoginAttemptSchema },
      { name: OneTimeToken.name, schema: OneTimeTokenSchema },
      { name: AuditEvent.name, schema: AuditEventSchema },
    ]),
  ],
  providers: [
    Tokens,
    SessionRepository,
    SessionRegistry,
    Sessions,
    CareLinks,
    AuditTrail,
    LoginThrottle,
    OneTimeTokens,
    AuditReader,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
  ],
  exports: [
    Tokens,
    SessionRegistry,
    Sessions,
    CareLinks,
    AuditTrail,
    AuditReader,
    LoginThrottle,
    OneTimeTokens,
    AccessGuard,
  ],
})
export class AccessModule {}
