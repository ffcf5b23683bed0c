import { SignJWT } from 'jose';
import type { Clock } from '../../common/time';
import type { FcmCredentials } from './fcm-credentials';
import { type Push, type PushOutcome, PushSender } from './push-sender';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_SECONDS = 3_600;
// Renewed before it ends, so that none ends on its way.
const RENEW_BEFORE_MS = 60_000;
// Together well below the lease of an outbox entry: a hanging provider must not lead to a second delivery.
const TOKEN_MS = 8_000;
const ANSWER_MS = 12_000;

interface AccessToken {
  readonly value: string;
  readonly expiresAt: number;
}

/** What is read of an error of the FCM HTTP v1 API. */
interface FcmError {
  readonly status?: unknown;
  readonly details?: readonly {
    readonly errorCode?: unknown;
    readonly fieldViolations?: readonly { readonly field?: unknown }[];
  }[];
}

/** The provider did not take a push; says its status only, never what was sent. */
class PushRefusedError extends Error {
  constructor(what: string, status: number) {
    super(`${what} answered ${status}`);
    this.name = 'PushRefusedError';
  }
}

/** Firebase Cloud Messaging, HTTP v1 API, signed in as a service account. */
export class FcmPushSender extends PushSender {
  override readonly enabled = true;
  private access: AccessToken | null = null;
  private fetching: Promise<string> | null = null;

  constructor(
    private readonly credentials: FcmCredentials,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async send(push: Push): Promise<PushOutcome> {
    const { endpoint, projectId } = this.credentials;
    const response = await fetch(`${endpoint}/v1/projects/${encodeURIComponent(projectId)}/messages:send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await this.accessToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: messageOf(push) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    // Read to the end in any case, so that the connection can be used again.
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return 'sent';
    if (isGone(response.status, body)) return 'gone';
    // Withdrawn or of another key: the next attempt signs in anew.
    if (response.status === 401) this.access = null;
    throw new PushRefusedError('FCM', response.status);
  }

  /** One sign-in for all pushes that wait for it. */
  private accessToken(): Promise<string> {
    const { access } = this;
    if (access !== null && access.expiresAt - RENEW_BEFORE_MS > this.clock.now().getTime())
      return Promise.resolve(access.value);
    this.fetching ??= this.signIn().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  private async signIn(): Promise<string> {
    const { clientEmail, privateKey, tokenUri } = this.credentials;
    const issuedAt = this.clock.now();
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(clientEmail)
      .setAudience(tokenUri)
      .setIssuedAt(issuedAt)
      .setExpirationTime(new Date(issuedAt.getTime() + ASSERTION_SECONDS * 1_000))
      .sign(privateKey);
    const response = await fetch(tokenUri, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: GRANT, assertion }),
      redirect: 'error',
      signal: AbortSignal.timeout(TOKEN_MS),
    });
    const body = (await response.json().catch(() => null)) as { access_token?: unknown; expires_in?: unknown } | null;
    const [value, seconds] = [body?.access_token, body?.expires_in];
    if (!response.ok || typeof value !== 'string' || typeof seconds !== 'number')
      throw new PushRefusedError('the token endpoint of FCM', response.status);
    this.access = { value, expiresAt: issuedAt.getTime() + seconds * 1_000 };
    return value;
  }
}

/** Title and type, and how to deliver them; nothing else leaves. */
function messageOf(push: Push): Record<string, unknown> {
  const { token, title, type, collapseId, urgent } = push;
  return {
    token,
    notification: { title },
    data: { type },
    android: { priority: urgent ? 'HIGH' : 'NORMAL', notification: { tag: collapseId } },
    apns: { headers: { 'apns-collapse-id': collapseId, 'apns-priority': urgent ? '10' : '5' } },
  };
}

/**
 * UNREGISTERED: the app is gone. INVALID_ARGUMENT: it was never a token, unless the answer names another field, which
 * would be a defect of ours and must not cost anybody the device.
 */
function isGone(status: number, body: unknown): boolean {
  const error = (body as { error?: FcmError } | null)?.error;
  const details = error?.details ?? [];
  const is = (code: string): boolean => error?.status === code || details.some(({ errorCode }) => errorCode === code);
  if (status === 404) return is('UNREGISTERED');
  if (status !== 400 || !is('INVALID_ARGUMENT')) return false;
  const fields = details.flatMap(({ fieldViolations }) => fieldViolations ?? []).map(({ field }) => field);
  return fields.length === 0 || fields.includes('message.token');
}
