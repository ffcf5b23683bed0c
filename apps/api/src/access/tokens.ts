import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { LRUCache } from 'lru-cache';
import { ROLES, type Role } from '../common/enums';
import { AppError } from '../common/errors';
import { Clock } from '../common/time';
import { APP_CONFIG, type AppConfig } from '../config/app-config';

const ISSUER = 'diabcare';
const ACCESS_AUDIENCE = 'diabcare-api';
const REFRESH_AUDIENCE = 'diabcare-refresh';
const REMEMBERED_TOKENS = 20_000;
const MAX_TOKEN_LENGTH = 4_096;

/** Whom a token is for. */
export interface TokenSubject {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
}

/** What a verified access token says. */
export interface AccessClaims extends TokenSubject {
  readonly sessionId: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** What a verified refresh token says. */
export interface RefreshClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly rotation: number;
}

/** Signs and verifies tokens (HS256). A previous key is accepted for verification while keys rotate. */
@Injectable()
export class Tokens {
  // Signature checks cost more than the rest of the guard; a token's claims never change, only its session's life does.
  private readonly verified = new LRUCache<string, AccessClaims>({ max: REMEMBERED_TOKENS });
  private readonly keys: readonly string[];

  constructor(
    private readonly jwt: JwtService,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    const { jwtSecret, jwtPreviousSecret } = config.auth;
    this.keys = jwtPreviousSecret === null ? [jwtSecret] : [jwtSecret, jwtPreviousSecret];
  }

  /** Life of an access token, seconds. */
  get accessTtlSeconds(): number {
    return this.config.auth.accessTokenTtlSeconds;
  }

  signAccess(subject: TokenSubject, sessionId: string): string {
    const iat = this.nowSeconds();
    return this.sign({
      sub: subject.id,
      email: subject.email,
      role: subject.role,
      sid: sessionId,
      iat,
      exp: iat + this.accessTtlSeconds,
      aud: ACCESS_AUDIENCE,
    });
  }

  signRefresh(userId: string, sessionId: string, rotation: number): string {
    const iat = this.nowSeconds();
    return this.sign({
      sub: userId,
      sid: sessionId,
      rot: rotation,
      iat,
      exp: iat + this.config.auth.refreshTokenTtlSeconds,
      aud: REFRESH_AUDIENCE,
    });
  }

  /** @throws AppError TOKEN_INVALID, TOKEN_EXPIRED */
  verifyAccess(token: string): AccessClaims {
    const known = this.verified.get(token);
    if (known !== undefined) {
      if (known.expiresAt <= this.nowSeconds()) throw new AppError('TOKEN_EXPIRED');
      return known;
    }
    const claims = this.verify(token, ACCESS_AUDIENCE);
    const { sub, email, role, sid, exp } = claims;
    if (
      typeof sub !== 'string' ||
      typeof sid !== 'string' ||
      typeof email !== 'string' ||
      typeof exp !== 'number' ||
      !isRole(role)
    )
      throw new AppError('TOKEN_INVALID');
    if (!isObjectId(sub) || !isObjectId(sid)) throw new AppError('TOKEN_INVALID');
    const access: AccessClaims = { id: sub, email, role, sessionId: sid, expiresAt: exp };
    this.verified.set(token, access);
    return access;
  }

  /** @throws AppError REFRESH_TOKEN_INVALID */
  verifyRefresh(token: string): RefreshClaims {
    try {
      const { sub, sid, rot } = this.verify(token, REFRESH_AUDIENCE);
      if (
        typeof sub === 'string' &&
        typeof sid === 'string' &&
        isObjectId(sub) &&
        isObjectId(sid) &&
        typeof rot === 'number'
      ) {
        return { userId: sub, sessionId: sid, rotation: rot };
      }
    } catch {
      // Expired, of another audience or not a token at all: one answer for all.
    }
    throw new AppError('REFRESH_TOKEN_INVALID');
  }

  private sign(claims: Record<string, unknown>): string {
    return this.jwt.sign(
      { ...claims, iss: ISSUER, jti: randomUUID() },
      { secret: this.config.auth.jwtSecret, algorithm: 'HS256' },
    );
  }

  private verify(token: string, audience: string): Record<string, unknown> {
    if (token.length > MAX_TOKEN_LENGTH) throw new AppError('TOKEN_INVALID');
    let expired = false;
    for (const secret of this.keys) {
      try {
        return this.jwt.verify<Record<string, unknown>>(token, {
          secret,
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience,
          clockTimestamp: this.nowSeconds(),
        });
      } catch (error) {
        expired ||= error instanceof Error && error.name === 'TokenExpiredError';
      }
    }
    throw new AppError(expired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID');
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1_000);
  }
}

function isRole(value: unknown): value is Role {
  return typeof value === 'string' && (ROLES as readonly string[]).includes(value);
}

function isObjectId(value: string): boolean {
  return /^[0-9a-f]{24}$/.test(value);
}
