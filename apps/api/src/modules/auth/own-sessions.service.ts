import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, Sessions } from '../../access';
import { AppError } from '../../common/errors';
import { UnitOfWork } from '../../platform/database';
import type { CountResponse, SessionResponse, SessionsEndedResponse } from './dto/session.dto';
import { toSession } from './session.mapper';

/** The caller's own sessions. */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
  ) {}

  /** Active ones, latest activity first. */
  async list(actor: Actor): Promise<SessionResponse[]> {
    return (await this.sessions.list(actor.id)).map((session) => toSession(session, actor.sessionId));
  }

  async count(actor: Actor): Promise<CountResponse> {
    return { count: await this.sessions.count(actor.id) };
  }

  async endCurrent(actor: Actor): Promise<{ message: string }> {
    await this.sessions.end(actor.id, actor.role, actor.sessionId, 'logout');
    return { message: 'Signed out' };
  }

  async endAll(actor: Actor): Promise<SessionsEndedResponse> {
    const count = await this.work.run(async (tx) => {
      const ended = await this.sessions.endAll(tx, actor.id, 'revoked');
      await this.audit.record({ action: 'auth.session_revoked', actor, resource: 'session' }, tx);
      return ended;
    });
    return { message: 'All sessions ended', count };
  }

  /** @throws AppError NOT_FOUND when it is not the caller's or has ended */
  async endOne(actor: Actor, sessionId: string): Promise<{ message: string }> {
    const ended = await this.sessions.end(
      actor.id,
      actor.role,
      sessionId,
      sessionId === actor.sessionId ? 'logout' : 'revoked',
    );
    if (!ended) throw new AppError('NOT_FOUND');
    return { message: 'Session ended' };
  }
}
