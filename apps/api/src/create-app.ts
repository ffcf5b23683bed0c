import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';
import { AppModule } from './app.module';
import { type Clock, SystemClock } from './common/time';
import type { AppConfig } from './config/app-config';
import { describeFlutterProfile } from './modules/compat-flutter';
import { installApiDescription } from './platform/http/api-description';
import {
  AllExceptionsFilter,
  answerUnreadable,
  contextOf,
  IdempotencyService,
  ignoreExpectations,
  installCors,
  installRequestHooks,
  parseJsonBody,
  respondWithError,
} from './platform/http';
import { Logger } from './platform/logging';
import { Metrics } from './platform/metrics';
import { SocketHub } from './platform/realtime';

const BODY_LIMIT_BYTES = 1_048_576;
// Longer than any id or text parameter of the contract: an overlong one is then a 400 and not an unknown route.
const MAX_PARAM_LENGTH = 2_048;

/** What an application is made from. */
export interface CreateAppOptions {
  readonly config: AppConfig;
  readonly mongoUri: string;
  /** Tests freeze it. */
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Only describe the API: no database is contacted. */
  readonly describeOnly?: boolean;
}

/**
 * Builds the application for the server, the tests and the API description alike: prefix, parsers, hooks, guard, pipe,
 * filter, security headers, documents. It does not listen, migrate or start background work; see `startApp`.
 */
export async function createApp(options: CreateAppOptions): Promise<NestFastifyApplication> {
  const { config } = options;
  const logger = options.logger ?? Logger.create(config.log);
  const metrics = new Metrics();
  const server = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    logger: false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: false, maxParamLength: MAX_PARAM_LENGTH },
    // A URL that cannot be decoded never reaches a route.
    frameworkErrors: (error, request, reply) => {
      void reply.header('X-Request-Id', contextOf(request).requestId);
      respondWithError(error, request, reply, logger);
    },
    clientErrorHandler: answerUnreadable,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  });
  ignoreExpectations(server.server);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot({
      config,
      clock: options.clock ?? new SystemClock(),
      logger,
      metrics,
      mongoUri: options.mongoUri,
      describeOnly: options.describeOnly ?? false,
    }),
    new FastifyAdapter(server as never),
    { logger: logger.nest, bodyParser: false, abortOnError: false },
  );
  app.setGlobalPrefix('api');
  app.useGlobalFilters(new AllExceptionsFilter(logger));
  installRequestHooks(server, {
    logger,
    metrics,
    idempotency: app.get(IdempotencyService),
    trustedProxies: config.http.trustedProxies,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
  installCors(app, server, config.http.corsOrigins, logger);
  // Before the server waits for its connections to end: sockets would never end by themselves.
  server.addHook('preClose', async () => {
    await app.get(SocketHub).close();
  });
  await installApiDescription(app, (description) =>
    config.care.clientProfile === 'flutter-2026' ? describeFlutterProfile(description) : description,
  );
  return app;
}
