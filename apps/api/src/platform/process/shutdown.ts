import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '../logging';
import type { DatabaseHost } from './database-host';
import { ShutdownState } from './shutdown-state';

// npm and the terminal may both pass on one Ctrl-C.
const SAME_SIGNAL_MS = 2_000;
// Long enough for a balancer's kept-alive connection to see readiness turn.
const DRAIN_MS = 500;

/** What is shut down. */
export interface ShutdownTargets {
  readonly app: NestFastifyApplication;
  readonly host: DatabaseHost;
  readonly logger: Logger;
  readonly timeoutSeconds: number;
}

/**
 * Ends the process in order (operations.md section 4): readiness first, then no new connections, requests in flight,
 * background work and its leases, the database last.
 */
export function shutDownOnSignals(targets: ShutdownTargets): void {
  let firstAt: number | null = null;
  const onSignal = (): void => {
    if (firstAt === null) {
      firstAt = Date.now();
      void shutDown(targets).then(
        () => process.exit(0),
        (error: unknown) => {
          targets.logger.error('shutdown failed', { err: error });
          process.exit(1);
        },
      );
    } else if (Date.now() - firstAt > SAME_SIGNAL_MS) process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function shutDown({ app, host, logger, timeoutSeconds }: ShutdownTargets): Promise<void> {
  app.get(ShutdownState).begin();
  logger.info('shutting down');
  await pause(DRAIN_MS);
  const server = app.getHttpAdapter().getInstance();
  const drained = server.close();
  const late = setTimeout(() => {
    server.server.closeAllConnections();
  }, timeoutSeconds * 1_000);
  await Promise.race([drained, pause(timeoutSeconds * 1_000 + 500)]);
  clearTimeout(late);
  await app.close();
  await host.close();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
