import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientSession } from 'mongodb';
import type { Locale } from '../../common/enums';

/** The claim of an Idempotency-Key by the running call; see `platform/http/idempotency`. */
export interface IdempotencyClaim {
  /** Writes the outcome in the transaction of the change. @throws AppError when the claim was taken over meanwhile */
  complete(session: ClientSession, status: number, body: unknown): Promise<void>;
  /** True once an outcome was written in a transaction (which may still abort and run again). */
  completed: boolean;
}

/** Runs a handler under its Idempotency-Key; see `platform/http/idempotency`. */
export interface IdempotencyRunner {
  run<T>(context: RequestContext, handler: () => Promise<T>): Promise<T>;
}

/** The tightest rate limit that applies to a request so far. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** The part of the framework's request that outlives the guards. */
export interface RequestSource {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

/** What belongs to one request, from the first hook to the log line. Never holds health data. */
export interface RequestContext {
  readonly requestId: string;
  readonly locale: Locale;
  readonly ip: string;
  readonly userAgent: string;
  readonly startedAt: number;
  /** Commands sent to the database so far. */
  roundTrips: number;
  actorId: string | null;
  /** Version (`__v`) of the single resource in the response: makes the ETag. */
  version: number | null;
  /** Value of `If-Match`, read by services that change a versioned resource. */
  readonly ifMatch: string | null;
  /** Overrides the route's success status (200 for a repeated creation). */
  status: number | null;
  idempotency: IdempotencyClaim | null;
  /** Value of the header `Idempotency-Key` as it was sent. */
  readonly idempotencyKey: string | null;
  readonly idempotencyRunner: IdempotencyRunner | null;
  /** The answer is a stored one: it carries `Idempotency-Replayed: true`. */
  replayed: boolean;
  rateLimit: RateLimitState | null;
  /** A capped list had more: the answer carries `X-Truncated: true`. */
  truncated: boolean;
  /** The socket that acts; null for a request over HTTP. */
  readonly socketId: string | null;
  readonly source: RequestSource;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the running request, or undefined in jobs and at start. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs the callback (and everything it starts) inside the context. */
export function runInContext<T>(context: RequestContext, callback: () => T): T {
  return storage.run(context, callback);
}
