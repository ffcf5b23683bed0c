import type { mongo } from 'mongoose';
import type { Logger } from '../logging';

const REOPEN_MS = 1_000;

/** Which changes of which collection are of interest, and what is done about them. */
export interface ChangeInterest {
  readonly collection: Pick<mongo.Collection, 'watch'>;
  readonly pipeline: mongo.Document[];
  /** Hears the id of each document that changes, in any process. */
  readonly changed: (id: string) => void;
  /** Changes may have been missed: nothing that is remembered may be trusted any more. */
  readonly missed: () => void;
}

/**
 * Listens to a change stream until it is stopped: one that breaks is opened again a second later. Changes are missed from
 * the break until then, so memory is dropped at both ends.
 */
export class ChangeWatch {
  private stream: mongo.ChangeStream | undefined;
  private stopped = false;

  constructor(
    private readonly interest: ChangeInterest,
    private readonly logger: Logger,
  ) {}

  /** Begins to listen; again without effect while it does. */
  start(): void {
    if (this.stopped || this.stream !== undefined) return;
    const { collection, pipeline, changed, missed } = this.interest;
    const stream = collection.watch(pipeline);
    this.stream = stream;
    stream.on('change', (change) => {
      const key = 'documentKey' in change ? (change.documentKey as { _id?: mongo.ObjectId })._id : undefined;
      if (key !== undefined) changed(key.toHexString());
    });
    stream.once('error', (error) => {
      if (this.stopped) return;
      this.logger.warn('change stream interrupted', { err: error });
      this.stream = undefined;
      void stream.close().catch(() => undefined);
      missed();
      setTimeout(() => {
        this.start();
        missed();
      }, REOPEN_MS).unref();
    });
  }

  /** Ends listening for good. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.stream?.close().catch(() => undefined);
  }
}
