import type { components } from './schema.generated.js';

/** The error body of the API. */
export type ErrorBody = components['schemas']['ErrorResponse'];

/** What went wrong on this side: the server has not answered, or not with an answer of the API. */
export type LocalErrorCode = 'NETWORK_ERROR' | 'TIMEOUT' | 'NOT_SIGNED_IN' | 'NOT_MODIFIED' | 'UNEXPECTED_RESPONSE';

/** Codes known when this version was made; a newer server may send others. */
export type ErrorCode = ErrorBody['code'] | LocalErrorCode | (string & {});

interface Facts {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly messages?: readonly string[];
  readonly details?: unknown;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly cause?: unknown;
}

/** Every failure of a call. Branch on `code`; `message` is for people. */
export class DiabcareError extends Error {
  override readonly name = 'DiabcareError';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: ErrorCode;
  /** The lines of `message`: one per failed rule for `VALIDATION_FAILED`. */
  readonly messages: readonly string[];
  /** For `VALIDATION_FAILED` a list of `{ field, rule }`. */
  readonly details: unknown;
  /** Names the call in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds after which the server is ready to be asked again. */
  readonly retryAfterSeconds: number | undefined;
  /** The key the call carried: a later repeat with it never creates a second time (kept 24 h by the server). */
  readonly idempotencyKey: string | undefined;

  constructor(facts: Facts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.messages = facts.messages ?? [facts.message];
    this.details = facts.details;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.idempotencyKey = facts.idempotencyKey;
  }
}

/** Seconds of a `Retry-After` header, whichever of its two forms it has; undefined without one. */
export function retryAfterSeconds(headers: Headers, nowMs: number = Date.now()): number | undefined {
  const text = headers.get('Retry-After')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMs) / 1000));
}

/** The error an answer carries; its body is read from a copy, the answer itself stays unread. */
export async function errorOfResponse(response: Response, idempotencyKey?: string): Promise<DiabcareError> {
  const body = errorBody(await parsed(response));
  return new DiabcareError({
    ...(body ?? {
      code: response.status === 304 ? 'NOT_MODIFIED' : 'UNEXPECTED_RESPONSE',
      message: `The server answered ${String(response.status)}`,
    }),
    status: response.status,
    requestId: body?.requestId ?? response.headers.get('X-Request-Id') ?? undefined,
    retryAfterSeconds: retryAfterSeconds(response.headers),
    idempotencyKey,
  });
}

/** The error of a refused client event, which has the shape of the API without its request id. */
export function errorOfEvent(value: unknown): DiabcareError {
  const body = errorBody(value);
  const status = property(value, 'statusCode');
  return new DiabcareError({
    ...(body ?? { code: 'UNEXPECTED_RESPONSE', message: 'The server answered with something else' }),
    status: typeof status === 'number' ? status : 0,
  });
}

/** The error of a call that got no answer. */
export function errorOfSilence(cause: unknown, timedOut: boolean, idempotencyKey?: string): DiabcareError {
  const [code, message] = timedOut
    ? (['TIMEOUT', 'The server did not answer in time'] as const)
    : (['NETWORK_ERROR', 'The server could not be reached'] as const);
  return new DiabcareError({ status: 0, code, message, cause, idempotencyKey });
}

/** The error of whoever needs a signed-in user and has none. */
export function notSignedIn(): DiabcareError {
  return new DiabcareError({ status: 0, code: 'NOT_SIGNED_IN', message: 'Nobody is signed in' });
}

async function parsed(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return undefined; // a proxy's page, or a broken connection: the status has to do
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function errorBody(value: unknown) {
  const [code, message, requestId] = [
    property(value, 'code'),
    property(value, 'message'),
    property(value, 'requestId'),
  ];
  if (typeof code !== 'string') return null;
  const messages = (Array.isArray(message) ? message : [message]).filter((line) => typeof line === 'string');
  return {
    code,
    messages,
    message: messages.join('; '),
    details: property(value, 'details'),
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}
