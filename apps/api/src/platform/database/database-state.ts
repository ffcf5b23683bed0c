import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { AppError } from '../../common/errors';

const CHECK_EVERY_MS = 500;

/** Whether a writable server is in sight right now, as the driver's monitoring sees it. */
@Injectable()
export class DatabaseState {
  private up = true;

  constructor(@InjectConnection() connection: Connection) {
    connection.getClient().on('topologyDescriptionChanged', (event) => {
      this.up = [...event.newDescription.servers.values()].some((server) => server.type !== 'Unknown');
    });
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
