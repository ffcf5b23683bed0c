import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { AppError } from '../../common/errors';
import { currentContext } from '../context/request-context';
import { Metrics } from '../metrics';

const CHECK_EVERY_MS = 500;

/** What the driver's monitoring tells: whether a server is in sight, and every command, counted for its request and for metrics. */
@Injectable()
export class DatabaseState {
  private up = true;

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly metrics: Metrics,
  ) {
    // Describing the API needs no database: there is no client then.
    if ((connection.readyState as number) === 0) return;
    const client = connection.getClient();
    // Mongoose tells of each operation in the caller's own context. The driver's command monitoring would, too, but it
    // decodes every reply a second time: a fifth of a read's cost.
    connection.on('operation-start', ({ method }: { method: string }) => {
      this.count(method);
    });
    client.on('topologyDescriptionChanged', (event) => {
      this.up = [...event.newDescription.servers.values()].some((server) => server.type !== 'Unknown');
    });
  }

  /** Counts one round trip, for the running request and for metrics. */
  count(kind: string): void {
    this.metrics.countCommand(kind);
    const context = currentContext();
    if (context !== undefined) context.roundTrips += 1;
  }

  /** Resolves when the server answers. */
  async ping(): Promise<void> {
    await this.connection.getClient().db('admin').command({ ping: 1 });
  }

  /** False while no server answers the driver's heartbeat. */
  get reachable(): boolean {
    return this.up;
  }

  /**
   * The work, or AppError UNAVAILABLE once it has waited `boundMs` and no server is in sight. The driver would retry a
   * transaction for two minutes; a client must hear within five seconds. What is abandoned here may still commit when
   * the server is back, which is what an unknown outcome means.
   */
  async orUnavailable<T>(work: Promise<T>, boundMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const waitedAt = Date.now();
    const guard = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (!this.up && Date.now() - waitedAt >= boundMs) reject(new AppError('UNAVAILABLE', { retryAfterSeconds: 2 }));
      }, CHECK_EVERY_MS);
    });
    try {
      return await Promise.race([work, guard]);
    } finally {
      clearInterval(timer);
    }
  }
}
