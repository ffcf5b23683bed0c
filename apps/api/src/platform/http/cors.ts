import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../common/errors';
import type { Logger } from '../logging';
import { respondWithError } from './exception.filter';

/** The methods of the API; what browsers of other origins may send beyond plain forms. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Headers of the contract that a browser's program may read. */
const READABLE = [
  'ETag',
  'X-Request-Id',
  'X-Truncated',
  'Idempotency-Replayed',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
];

/** Lets browsers of the configured origins use the whole API (contract 00 section 2). Without origins nothing changes. */
export function installCors(
  app: NestFastifyApplication,
  fastify: FastifyInstance,
  origins: readonly string[],
  logger: Logger,
): void {
  if (origins.length === 0) return;
  // OPTIONS is no method of the API: what is no preflight is answered as without CORS, and not with the plugin's text.
  fastify.addHook('onRequest', (request, reply, done) => {
    const { origin, 'access-control-request-method': method } = request.headers;
    if (request.method !== 'OPTIONS' || (origin !== undefined && method !== undefined)) done();
    else respondWithError(new AppError('ROUTE_NOT_FOUND'), request, reply, logger);
  });
  app.enableCors({
    origin: [...origins],
    methods: METHODS,
    exposedHeaders: READABLE,
    // after the request has its context: a preflight, too, is answered with a request id
    hook: 'preParsing',
  });
}
