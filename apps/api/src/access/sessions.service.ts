import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../common/errors';
import { Clock } from '../common/time';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { currentContext } from '../platform/context/request-context';
import { LimitLocks, type Tx, UnitOfWork } from '../platform/database';
import { AuditTrail } from './audit-trail.repository';
import { type SessionRecord, SessionRepository } from './session.repository';
import { SessionRegistry } from './session-registry';
import type { Session } from './session.schema';
import { Tokens, type TokenSubject } from './tokens';

const MAX_ACTIVE = 20;
const ABSOLUTE_LIFE_MS = 90 * 86_400_000;
const GRACE_MS = 30_000;
const MAX_LISTED = 50;

/** The tokens of a session. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Life of the access token, seconds. */
  readonly expiresIn: number;
}

/** Why a session ended (contract 80 section 6). */
export type EndReason =
  'logout' | 'revoked' | 'password' | 'status' | 'erasure' | 'token_reuse' | 'limit' | 'identity_proven';

/** Opens, rotates, lists and ends sessions. */
@Injectable()
export class Sessions {
  constructor(
    private readonly repository: SessionRepository,
    private readonly registry: SessionRegistry,
    private readonly tokens: Tokens,
    private readonly locks: LimitLocks,
    private readonly work: UnitOfWork,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Opens a session in the transaction; the one created first ends when a 21st begins. */
  async open(tx: Tx, subject: TokenSubject, authMethod: 'password' | 'google'): Promise<TokenPair> {
    const now = this.clock.now();
    await this.locks.take(tx, `sessions:${subject.id}`);
    const active = await this.repository.activeIdsByAge(tx, subject.id, now);
    const surplus = active.slice(0, Math.max(0, active.length - (MAX_ACTIVE - 1)));
    if (surplus.length > 0)
      this.ended(tx, subject.id, await this.repository.end(surplus, subject.id, 'limit', now, tx), 'limit');
    const context = currentContext();
    const absoluteExpiresAt = new Date(now.getTime() + ABSOLUTE_LIFE_MS);
    const sessionId = await this.repository.insert(
      tx,
      {
        userId: subject.id,
        authenticatedAt: now,
        authMethod,
        rotation: 0,
        deviceInfo: deviceOf(context?.userAgent ?? ''),
        ipAddress: context?.ip ?? '',
        userAgent: context?.userAgent ?? '',
        expiresAt: this.expiry(now, absoluteExpiresAt),
        absoluteExpiresAt,
        isActive: true,
        lastActivityAt: now,
      },
      now,
    );
    return this.pair(subject, sessionId, 0);
  }

  /**
   * Turns a refresh token into the next pair. The token just before is good for 30 s (lost response) and answers the
   * same rotation; an older one ends the session.
   * @param subjectOf loads the account; null when it may not sign in any more
   * @throws AppError REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED
   */
  async refresh<S extends TokenSubject>(
    token: string,
    subjectOf: (userId: string) => Promise<S | null>,
  ): Promise<{ subject: S; pair: TokenPair }> {
    const claims = this.tokens.verifyRefresh(token);
    const now = this.clock.now();
    const session = await this.repository.findForRefresh(claims.sessionId);
    if (
      session === null ||
      !session.isActive ||
      session.userId.toHexString() !== claims.userId ||
      session.expiresAt <= now
    )
      throw new AppError('REFRESH_TOKEN_INVALID');
    const subject = await subjectOf(claims.userId);
    if (subject === null) throw new AppError('REFRESH_TOKEN_INVALID');
    const rotation = await this.rotate(claims.rotation, session, now);
    if (rotation === null) {
      await this.endReused(claims.sessionId, subject);
      throw new AppError('REFRESH_TOKEN_REUSED');
    }
    return { subject, pair: this.pair(subject, claims.sessionId, rotation) };
  }

  /** The rotation to answer with, or null when the token was used before. */
  private async rotate(presented: number, session: SessionRecord, now: Date): Promise<number | null> {
    let { rotation, rotatedAt } = session;
    const id = session._id.toHexString();
    if (presented === rotation) {
      const expiresAt = this.expiry(now, session.absoluteExpiresAt);
      if (await this.repository.rotate(id, rotation, { rotatedAt: now, expiresAt, lastActivityAt: now }))
        return rotation + 1;
      // Another call with the same token was first: judge again by what it left.
      const current = await this.repository.findForRefresh(id);
      if (current === null || !current.isActive) throw new AppError('REFRESH_TOKEN_INVALID');
      ({ rotation, rotatedAt } = current);
    }
    const inGrace = rotatedAt !== undefined && now.getTime() - rotatedAt.getTime() <= GRACE_MS;
    return presented === rotation - 1 && inGrace ? rotation : null;
  }

  private async endReused(sessionId: string, subject: TokenSubject): Promise<void> {
    await this.work.run(async (tx) => {
      const ended = await this.repository.end([sessionId], subject.id, 'token_reuse', this.clock.now(), tx);
      this.ended(tx, subject.id, ended, 'token_reuse');
      await this.audit.record(
        { action: 'auth.token_reuse', actor: subject, resource: 'session', resourceId: sessionId, outcome: 'denied' },
        tx,
      );
    });
  }

  /** The caller's active sessions, latest activity first, at most 50. */
  async list(userId: string): Promise<SessionRecord[]> {
    return this.repository.listActive(userId, this.clock.now(), MAX_LISTED);
  }

  async count(userId: string): Promise<number> {
    return this.repository.countActive(userId, this.clock.now());
  }

  /** Ends one session of the user; false when it is not theirs or has ended. */
  async end(
    userId: string,
    role: TokenSubject['role'],
    sessionId: string,
    reason: 'logout' | 'revoked',
  ): Promise<boolean> {
    return this.work.run(async (tx) => {
      const ended = await this.repository.end([sessionId], userId, reason, this.clock.now(), tx);
      if (ended.length === 0) return false;
      this.ended(tx, userId, ended, reason);
      const action = reason === 'logout' ? 'auth.logout' : 'auth.session_revoked';
      await this.audit.record({ action, actor: { id: userId, role }, resource: 'session', resourceId: sessionId }, tx);
      return true;
    });
  }

  /** Ends every session of the user in the transaction; returns how many were active. */
  async endAll(tx: Tx, userId: string, reason: EndReason): Promise<number> {
    const ended = await this.repository.endAll(userId, reason, this.clock.now(), tx);
    this.ended(tx, userId, ended, reason);
    return ended.length;
  }

  /** Of these sessions, those that are alive now. */
  async aliveAmong(ids: readonly string[]): Promise<Set<string>> {
    return ids.length === 0 ? new Set() : this.repository.aliveAmong(ids, this.clock.now());
  }

  /** Why a session ended; `expired` when nobody ended it. */
  async endedReason(id: string): Promise<string> {
    return (await this.repository.endedReason(id)) ?? 'expired';
  }

  /** Removes what is stored of an erased account's sessions; they have ended before. */
  async deleteOf(userId: string): Promise<void> {
    await this.repository.deleteOf(userId);
  }

  /** Every session of the account that is still stored, first created first; for its export. */
  allOf(userId: string): AsyncIterable<Session> {
    return this.repository.allOf(userId);
  }

  /** What every ending causes: the registry forgets at once, the devices and sockets of the sessions follow. */
  private ended(tx: Tx, userId: string, sessionIds: readonly string[], reason: EndReason): void {
    if (sessionIds.length === 0) return;
    tx.afterCommit(() => {
      for (const id of sessionIds) this.registry.forget(id);
    });
    tx.emit({ topic: 'session.ended', key: `user:${userId}`, payload: { userId, sessionIds, reason } });
  }

  private pair(subject: TokenSubject, sessionId: string, rotation: number): TokenPair {
    return {
      accessToken: this.tokens.signAccess(subject, sessionId),
      refreshToken: this.tokens.signRefresh(subject.id, sessionId, rotation),
      expiresIn: this.tokens.accessTtlSeconds,
    };
  }

  // A session outlives neither its refresh token nor, without refresh, its access token.
  private expiry(now: Date, absolute: Date): Date {
    const life = Math.max(this.config.auth.refreshTokenTtlSeconds, this.config.auth.accessTokenTtlSeconds) * 1_000;
    return new Date(Math.min(now.getTime() + life, absolute.getTime()));
  }
}

/** Mobile, Tablet or Desktop, from the `User-Agent`. */
function deviceOf(userAgent: string): 'Mobile' | 'Tablet' | 'Desktop' {
  if (/ipad|tablet|playbook|silk|kindle|android(?!.*mobile)/i.test(userAgent)) return 'Tablet';
  return /mobi|iphone|ipod|android|dart|okhttp|windows phone/i.test(userAgent) ? 'Mobile' : 'Desktop';
}
