import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { ClientSession } from 'mongodb';
import type { Connection } from 'mongoose';
import { AppError } from '../../common/errors';
import { currentContext } from '../context/request-context';
import { DatabaseState } from './database-state';
import { isUnavailable, retryIfRaced } from './driver-errors';
import { Instances } from './instances';
import { KeyedMutex } from './keyed-mutex';
import { type OutboxEvent, OutboxWriter, type StoredEvent } from './outbox-writer';

// Past this a transaction that keeps losing is given up: the client may repeat it (409 CONCURRENT_UPDATE).
const GIVE_UP_AFTER_MS = 8_000;
const MAX_BACKOFF_MS = 60;
// While the server is away: one quick retry, then the client hears it; see operations.md section 4.
const RETRY_UNAVAILABLE_FOR_MS = 1_000;
const UNAVAILABLE_AFTER_MS = 4_000;

/** One running transaction: the session that every write must name, and the events stored with them. */
export class Tx {
  private readonly pending: OutboxEvent[] = [];

  constructor(readonly session: ClientSession) {}

  /** Stores an event in the outbox with the change; delivered after the commit, at least once. */
  emit(event: OutboxEvent): void {
    this.pending.push(event);
  }

  private readonly closing: (() => Promise<void>)[] = [];
  private readonly effects: (() => void)[] = [];

  /** Runs after the work and before the commit, in its transaction: for writes that cost less together. */
  beforeCommit(write: () => Promise<void>): void {
    this.closing.push(write);
  }

  /** The writes registered so far. */
  get closingWrites(): readonly (() => Promise<void>)[] {
    return this.closing;
  }

  /** Runs once after the commit, never after an abort: for what must not be seen before the change is. */
  afterCommit(effect: () => void): void {
    this.effects.push(effect);
  }

  /** The effects registered so far. */
  get afterCommitEffects(): readonly (() => void)[] {
    return this.effects;
  }

  /** The events emitted so far. */
  get events(): readonly OutboxEvent[] {
    return this.pending;
  }
}

/** How a unit of work runs. */
export interface WorkOptions {
  /** Keys on which parallel calls of this process wait for each other instead of conflicting in the database. */
  readonly lanes?: readonly string[];
}

/** Runs changes of more than one document as one MongoDB transaction. */
@Injectable()
export class UnitOfWork {
  private readonly mutex = new KeyedMutex();

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly outbox: OutboxWriter,
    private readonly state: DatabaseState,
    private readonly instances: Instances,
  ) {}

  /**
   * Runs the work in a transaction and returns its result after the commit. The whole callback is run again after a
   * write conflict, so it must have no effect outside `tx.session`; it must not catch a database error and go on.
   * @throws AppError CONCURRENT_UPDATE when it keeps losing for 8 s
   */
  async run<T>(work: (tx: Tx) => Promise<T>, options: WorkOptions = {}): Promise<T> {
    return this.mutex.run(options.lanes ?? [], () =>
      this.state.orUnavailable(this.transact(work), UNAVAILABLE_AFTER_MS),
    );
  }

  /**
   * Like {@link run}, for a result that is the response body: under an Idempotency-Key it is stored in the same
   * transaction, so what was done is never done again under that key.
   */
  async respond<T>(work: (tx: Tx) => Promise<T>, options: WorkOptions = {}): Promise<T> {
    return this.run(async (tx) => {
      const body = await work(tx);
      const context = currentContext();
      if (context?.idempotency) await context.idempotency.complete(tx.session, context.status ?? 201, body);
      return body;
    }, options);
  }

  private async transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const session = this.connection.getClient().startSession();
    const startedAt = Date.now();
    let attempt = 0;
    let lastError: unknown;
    let stored: readonly StoredEvent[] = [];
    let effects: readonly (() => void)[] = [];
    try {
      await this.instances.register(session);
      const result = await session.withTransaction(async () => {
        attempt += 1;
        if (attempt > 1) await this.backOff(attempt, startedAt, lastError);
        const tx = new Tx(session);
        try {
          const value = await work(tx);
          for (const write of tx.closingWrites) await write();
          stored = tx.events.length > 0 ? await this.outbox.write(session, tx.events) : [];
          effects = tx.afterCommitEffects;
          this.state.count('commitTransaction');
          return value;
        } catch (error) {
          lastError = error;
          throw retryIfRaced(error);
        }
      });
      if (stored.length > 0) this.outbox.committed(stored);
      for (const effect of effects) effect();
      return result;
    } finally {
      await session.endSession();
    }
  }

  private async backOff(attempt: number, startedAt: number, lastError: unknown): Promise<void> {
    if (isUnavailable(lastError) && Date.now() - startedAt > RETRY_UNAVAILABLE_FOR_MS)
      throw new AppError('UNAVAILABLE', { retryAfterSeconds: 2 });
    if (Date.now() - startedAt > GIVE_UP_AFTER_MS) throw new AppError('CONCURRENT_UPDATE');
    const delay = Math.random() * Math.min(MAX_BACKOFF_MS, 2 ** attempt);
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
