import { Controller, Delete, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { CountResponse, SessionResponse, SessionsEndedResponse } from './dto/session.dto';
import { OwnSessionsService } from './own-sessions.service';

/** The caller's sessions on all devices. */
@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  @Get('active')
  @Endpoint('GET', { summary: 'Active sessions, at most 50', roles: 'any', response: [SessionResponse] })
  list(@CurrentActor() actor: Actor) {
    return this.sessions.list(actor);
  }

  @Get('count')
  @Endpoint('GET', { summary: 'Number of active sessions', roles: 'any', response: CountResponse })
  count(@CurrentActor() actor: Actor) {
    return this.sessions.count(actor);
  }

  @Delete('current')
  @Endpoint('DELETE', { summary: 'Ends this session', roles: 'any', response: MessageResponse })
  endCurrent(@CurrentActor() actor: Actor) {
    return this.sessions.endCurrent(actor);
  }

  @Delete('all')
  @Endpoint('DELETE', {
    summary: 'Ends all sessions, this one included',
    roles: 'any',
    response: SessionsEndedResponse,
  })
  endAll(@CurrentActor() actor: Actor) {
    return this.sessions.endAll(actor);
  }

  @Delete(':sessionId')
  @Endpoint('DELETE', {
    summary: 'Ends one session',
    roles: 'any',
    response: MessageResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
  })
  endOne(@CurrentActor() actor: Actor, @IdParam('sessionId') sessionId: string) {
    return this.sessions.endOne(actor, sessionId);
  }
}
