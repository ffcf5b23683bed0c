import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app';
import type { AppConfig } from './config/app-config';
import { ConfigError, loadConfig } from './config/load-config';
import { Logger } from './platform/logging';
import { DatabaseHost, shutDownOnSignals } from './platform/process';
import { prepareApp } from './start-app';

/** A server that listens. */
export interface RunningServer {
  readonly app: NestFastifyApplication;
  readonly config: AppConfig;
  /** `http://HOST:PORT` with the real port. */
  readonly address: string;
}

/** What a way of starting adds. */
export interface BootOptions {
  /** Progress for people. */
  readonly say?: (line: string) => void;
  /** Runs before the port opens (demo data). */
  readonly beforeListen?: (app: NestFastifyApplication) => Promise<void>;
}

function crash(logger: Logger, what: string): (error: unknown) => void {
  return (error) => {
    logger.error(what, { err: error });
    process.exit(1);
  };
}

/** Starts database and server and installs the signal handlers; the one way in which every entry point starts. */
export async function boot(options: BootOptions = {}): Promise<RunningServer> {
  const config = loadConfig();
  const logger = Logger.create(config.log);
  process.on('uncaughtException', crash(logger, 'uncaught exception'));
  process.on('unhandledRejection', crash(logger, 'unhandled rejection'));
  const { uri, host } = await DatabaseHost.open({
    config,
    logger,
    onGivenUp: () => {
      logger.error('the embedded database failed five times within a minute');
      process.exit(1);
    },
    ...(options.say === undefined ? {} : { say: options.say }),
  });
  try {
    const app = await createApp({ config, mongoUri: uri, logger });
    await prepareApp(app);
    await options.beforeListen?.(app);
    await app.listen(config.http.port, config.http.host);
    shutDownOnSignals({ app, host, logger, timeoutSeconds: config.http.shutdownTimeoutSeconds });
    const address = app.getHttpServer().address();
    const port = typeof address === 'object' && address !== null ? address.port : config.http.port;
    const name = config.http.host.includes(':') ? `[${config.http.host}]` : config.http.host;
    return { app, config, address: `http://${name}:${port}` };
  } catch (error) {
    await host.close();
    throw error;
  }
}

/** Ends the process with what a person needs to know: settings and folders in words, anything else with its stack. */
export function exitWith(error: unknown): never {
  const plain =
    error instanceof ConfigError ||
    (error instanceof Error && ['DataDirInUseError', 'NoEngineError'].includes(error.name));
  const inUse = error instanceof Error && (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(
    `${plain && error instanceof Error ? error.message : inUse ? 'The port is in use by another program; choose another with PORT' : ((error instanceof Error ? error.stack : String(error)) ?? '')}\n`,
  );
  process.exit(1);
}
