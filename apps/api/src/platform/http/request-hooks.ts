import { hash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IdempotencyRunner, type RequestContext, runInContext } from '../context/request-context';
import type { Logger } from '../logging';
import type { Metrics } from '../metrics';
import { ClientAddress } from './client-address';
import { localeOf } from './locale';
import { securityHeaders } from './security-headers';

const CONTEXT = Symbol('diabcare:context');
const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;

interface WithContext {
  [CONTEXT]?: RequestContext;
}

/** The context of a request; made on the spot for requests that failed before the first hook. */
export function contextOf(request: FastifyRequest): RequestContext {
  const carrier = request as unknown as WithContext;
  const known = carrier[CONTEXT];
  if (known !== undefined) return known;
  const context = createContext(request, request.ip, null);
  carrier[CONTEXT] = context;
  return context;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function createContext(
  request: FastifyRequest,
  ip: string,
  idempotencyRunner: IdempotencyRunner | null,
): RequestContext {
  const sent = single(request.headers['x-request-id']);
  return {
    requestId: sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID(),
    locale: localeOf(request.headers['accept-language']),
    ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
    startedAt: performance.now(),
    roundTrips: 0,
    actorId: null,
    version: null,
    // of PATCH alone (contract 00 section 7): elsewhere the header says nothing
    ifMatch: request.method === 'PATCH' ? (single(request.headers['if-match']) ?? null) : null,
    status: null,
    idempotency: null,
    idempotencyKey: single(request.headers['idempotency-key']) ?? null,
    idempotencyRunner,
    replayed: false,
    rateLimit: null,
    truncated: false,
    socketId: null,
    source: request,
  };
}

/** The version part of an `If-Match` value, or null when it is none of ours (which can only be stale). */
export function versionOfETag(etag: string): number | null {
  const match = /^(?:W\/)?"v(\d+)-/.exec(etag.trim());
  return match === null ? null : Number(match[1]);
}

function etagOf(payload: string, version: number): string {
  return `"v${version}-${hash('sha1', payload, 'base64url')}"`;
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return (
    ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag)
  );
}

/** What the hooks need of the application. */
export interface RequestHookDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly idempotency: IdempotencyRunner;
  readonly trustedProxies: readonly string[];
}

/**
 * What every request passes: its context, the request id header, no-store for signed-in callers, the ETag of single
 * resources, and one log line with metrics at the end.
 */
export function installRequestHooks(fastify: FastifyInstance, deps: RequestHookDependencies): void {
  const security = securityHeaders();
  const addresses = new ClientAddress(deps.trustedProxies);

  fastify.addHook('onRequest', (request, reply, done) => {
    const context = createContext(
      request,
      addresses.of(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']),
      deps.idempotency,
    );
    (request as unknown as WithContext)[CONTEXT] = context;
    void reply.headers(security).header('X-Request-Id', context.requestId);
    runInContext(context, done);
  });

  // Reading a body continues in the socket's own asynchronous context; the handler must find the request's again.
  fastify.addHook('preValidation', (request, _reply, done) => {
    if (request.method === 'GET') {
      done();
      return;
    }
    runInContext(contextOf(request), done);
  });

  fastify.addHook('onSend', (request, reply, payload: unknown, done) => {
    done(null, finishHeaders(request, reply, payload));
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    const context = contextOf(request);
    const ms = performance.now() - context.startedAt;
    const route = request.routeOptions.url ?? 'unmatched';
    deps.metrics.observeRequest(request.method, route, reply.statusCode, ms / 1_000);
    deps.logger.request({
      requestId: context.requestId,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(ms * 10) / 10,
      actorId: context.actorId,
      dbRoundTrips: context.roundTrips,
    });
    done();
  });
}

function finishHeaders(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const context = contextOf(request);
  const signedIn = context.actorId !== null || request.headers.authorization !== undefined;
  // A route may say more than that, never less.
  const said = reply.getHeader('Cache-Control');
  if (signedIn && !(typeof said === 'string' && said.includes('no-store')))
    void reply.header('Cache-Control', 'no-store');
  if (context.replayed) void reply.header('Idempotency-Replayed', 'true');
  if (context.truncated) void reply.header('X-Truncated', 'true');
  const { rateLimit } = context;
  if (rateLimit !== null) {
    void reply
      .header('RateLimit-Limit', String(rateLimit.limit))
      .header('RateLimit-Remaining', String(rateLimit.remaining))
      .header('RateLimit-Reset', String(rateLimit.resetSeconds));
  }
  if (context.status !== null && reply.statusCode < 300) void reply.code(context.status);
  if (context.version === null || typeof payload !== 'string' || reply.statusCode >= 300) return payload;
  const etag = etagOf(payload, context.version);
  void reply.header('ETag', etag);
  if (request.method === 'GET' && matches(request.headers['if-none-match'], etag)) {
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  }
  return payload;
}
