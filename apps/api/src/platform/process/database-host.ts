import { join } from 'node:path';
import { type EmbeddedMongo, startEmbeddedMongo } from '@diabcare/embedded-mongo';
import type { AppConfig } from '../../config/app-config';
import { waitForDatabase } from '../database';
import type { Logger } from '../logging';

const WAIT_MS = 60_000;
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 200;

/** What the host is told by whoever runs it. */
export interface DatabaseHostOptions {
  readonly config: AppConfig;
  readonly logger: Logger;
  /** Progress for people, on a first start. */
  readonly say?: (line: string) => void;
  /** The embedded server failed too often: the process must end. */
  readonly onGivenUp: () => void;
}

/**
 * Where the data live: the configured replica set, or a private server that is started here, started again when it
 * dies, and stopped last.
 */
export class DatabaseHost {
  private server: EmbeddedMongo | null = null;
  private failures: number[] = [];
  private stopping = false;

  private constructor(private readonly options: DatabaseHostOptions) {}

  /** @throws DataDirInUseError, NoEngineError, or the driver's error when a configured server is not there for 60 s */
  static async open(options: DatabaseHostOptions): Promise<{ uri: string; host: DatabaseHost }> {
    const host = new DatabaseHost(options);
    const { mongodbUri } = options.config.data;
    if (mongodbUri === null) return { uri: await host.startEmbedded(), host };
    await waitForDatabase(mongodbUri, WAIT_MS, () => {
      options.logger.warn('the database does not answer yet; waiting up to 60 s');
    });
    return { uri: mongodbUri, host };
  }

  /** Ends the embedded server, if there is one. */
  async close(): Promise<void> {
    this.stopping = true;
    await this.server?.stop();
  }

  private async startEmbedded(port?: number): Promise<string> {
    const { config, logger, say } = this.options;
    this.server = await startEmbeddedMongo({
      dataDir: join(config.data.dataDir, 'mongo'),
      durable: true,
      log:
        say ??
        ((line) => {
          logger.info(line);
        }),
      onExit: (exit) => {
        logger.error('the embedded database ended', { code: exit.code, signal: exit.signal });
        void this.restart();
      },
      ...(port === undefined ? {} : { port }),
    });
    return this.server.uri;
  }

  private isStopping(): boolean {
    return this.stopping;
  }

  /** The same port again, so that the driver finds it without being told. */
  private async restart(): Promise<void> {
    const { port } = this.server ?? { port: 0 };
    while (!this.isStopping()) {
      const now = Date.now();
      this.failures = [...this.failures.filter((at) => now - at < FAILURE_WINDOW_MS), now];
      if (this.failures.length >= MAX_FAILURES) {
        this.options.onGivenUp();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, FIRST_DELAY_MS * 2 ** (this.failures.length - 1)));
      if (this.isStopping()) return;
      try {
        await this.startEmbedded(port);
        this.options.logger.info('the embedded database is back');
        return;
      } catch (error) {
        this.options.logger.error('the embedded database could not be started', { err: error });
      }
    }
  }
}
