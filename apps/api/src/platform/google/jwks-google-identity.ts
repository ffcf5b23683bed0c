import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Logger } from '../logging';
import { GoogleIdentity, type GooglePerson } from './google-identity';

// The two spellings that Google's documentation names.
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
const FETCH_MS = 3_000;
const RETRY_AFTER_SECONDS = 10;
const MAX_EMAIL = 254;

/** Verifies against the published keys of GOOGLE_JWKS_URL, which are kept and fetched anew when a key is unknown. */
@Injectable()
export class JwksGoogleIdentity extends GoogleIdentity {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    super();
    this.keys = createRemoteJWKSet(new URL(config.auth.googleJwksUrl), { timeoutDuration: FETCH_MS });
  }

  override async verify(idToken: string): Promise<GooglePerson> {
    const { googleClientIds } = this.config.auth;
    if (googleClientIds.length === 0) throw new AppError('GOOGLE_NOT_CONFIGURED');
    return personOf(await this.claimsOf(idToken, [...googleClientIds]));
  }

  private async claimsOf(idToken: string, audience: string[]): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(idToken, this.keys, {
        algorithms: ['RS256', 'ES256'],
        issuer: ISSUERS,
        audience,
        requiredClaims: ['sub', 'exp', 'email'],
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      if (isRefusal(error)) throw new AppError('GOOGLE_TOKEN_INVALID');
      this.logger.warn('the keys of Google sign-in could not be read', { err: error });
      throw new AppError('UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
  }
}

/** Is it the token that is wrong, and not the way to the keys? */
function isRefusal(error: unknown): boolean {
  const keysOutOfReach =
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error instanceof errors.JWKInvalid;
  // jose reports a key server that does not answer 200 with its plain base class.
  const plain = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  return error instanceof errors.JOSEError && !keysOutOfReach && !plain;
}

/** @throws AppError GOOGLE_TOKEN_INVALID when the address is missing or not proven */
function personOf(claims: JWTPayload): GooglePerson {
  const { sub, email, email_verified: verified } = claims;
  const address = typeof email === 'string' ? email.trim().normalize('NFC').toLowerCase() : '';
  if (typeof sub !== 'string' || sub === '' || (verified !== true && verified !== 'true'))
    throw new AppError('GOOGLE_TOKEN_INVALID');
  if (!/^[^\s@]+@[^\s@]+$/.test(address) || address.length > MAX_EMAIL) throw new AppError('GOOGLE_TOKEN_INVALID');
  return {
    subject: sub,
    email: address,
    givenName: nameOf(claims['given_name']),
    familyName: nameOf(claims['family_name']),
  };
}

const MAX_NAME = 100;

function nameOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const name = Array.from(
    value
      .normalize('NFC')
      .replace(/\p{Cc}/gu, ' ')
      .trim(),
  )
    .slice(0, MAX_NAME)
    .join('');
  return name === '' ? null : name;
}
