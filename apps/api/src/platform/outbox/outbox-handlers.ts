import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work';

/** An event as a handler sees it. */
export interface DeliveredEvent<P = Record<string, unknown>> {
  /** Stable over repeats: what handlers are idempotent by. */
  readonly id: string;
  readonly topic: string;
  readonly payload: P;
  /** When the change happened. */
  readonly at: Date;
}

/** Turns an event into what it causes, inside the transaction that also closes the event. */
export type OutboxHandler<P = Record<string, unknown>> = (event: DeliveredEvent<P>, tx: Tx) => Promise<void>;

/** Which handlers an event has. Modules register theirs when they start; all of one topic run in one transaction. */
@Injectable()
export class OutboxHandlers {
  private readonly handlers = new Map<string, OutboxHandler[]>();

  /** Adds a handler of a topic. */
  on<P extends object>(topic: string, handler: OutboxHandler<P>): void {
    const list = this.handlers.get(topic) ?? [];
    // The payload's type is agreed between the emitter and the handler of one topic.
    list.push(handler as OutboxHandler);
    this.handlers.set(topic, list);
  }

  /** The handlers of a topic, in the order of registration. */
  of(topic: string): readonly OutboxHandler[] {
    return this.handlers.get(topic) ?? [];
  }
}
