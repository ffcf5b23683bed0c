import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from '../logging';
import { errorEnvelope, toAppError } from './error-envelope';
import { contextOf } from './request-hooks';

/** The one place where an error becomes a response. A defect is logged with its stack under the request id. */
@Catch()
export class AllExceptionsFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    respondWithError(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

/** Sends the envelope; also used by Fastify's own error paths, which Nest's filter does not see. */
export function respondWithError(thrown: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const context = contextOf(request);
  const error = toAppError(thrown);
  if (error === null) logger.error('request failed', { requestId: context.requestId, err: thrown });
  context.version = null;
  const envelope = errorEnvelope(error, context.locale, context.requestId);
  if (error?.options.retryAfterSeconds !== undefined)
    void reply.header('Retry-After', String(Math.max(1, Math.ceil(error.options.retryAfterSeconds))));
  void reply.status(envelope.statusCode).header('Content-Type', 'application/json; charset=utf-8').send(envelope);
}
