import type { ClientSession } from 'mongodb';

/** An event to store with a change. */
export interface OutboxEvent {
  /** Which handler delivers it, e.g. `appointment.created`. */
  readonly topic: string;
  /** The aggregate: events of one key are delivered in the order of their transactions. */
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** A second event with the same key of meaning is not stored again. */
  readonly dedupeKey?: string;
  /** Earliest delivery; default at once. */
  readonly availableAt?: Date;
}

/** An event as it was stored in a transaction that may still abort. */
export interface StoredEvent {
  readonly id: string;
}

/** How `UnitOfWork` stores events; the outbox module implements it. */
export abstract class OutboxWriter {
  /** Writes the events in the transaction. */
  abstract write(session: ClientSession, events: readonly OutboxEvent[]): Promise<readonly StoredEvent[]>;
  /** Told after the commit: delivery may begin at once. */
  abstract committed(events: readonly StoredEvent[]): void;
}
