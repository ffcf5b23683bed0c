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

/**
 * Hands an event to the outside world (mail, push) before the transaction that closes it: at least once, since the
 * process may end in between.
 */
export type OutsideHandler<P = Record<string, unknown>> = (event: DeliveredEvent<P>) => Promise<void>;

/** When a failed event is tried again. */
export interface RetryPlan {
  /** Milliseconds after each failure; the last one holds for all further ones. */
  readonly delaysMs: readonly [number, ...number[]];
  /** An event older than this is parked by its next failure. */
  readonly giveUpAfterMs: number;
}

/** Which handlers an event has. Modules register theirs when they start; all of one topic run in one transaction. */
@Injectable()
export class OutboxHandlers {
  private readonly handlers = new Map<string, OutboxHandler[]>();
  private readonly outside = new Map<string, OutsideHandler>();
  private readonly plans = new Map<string, RetryPlan>();

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

  /** Sets the one way out of a topic. Such events are delivered one by one and apart from the others. */
  onOutside<P extends object>(topic: string, handler: OutsideHandler<P>): void {
    this.outside.set(topic, handler as OutsideHandler);
  }

  /** The way out of a topic, if it has one. */
  outsideOf(topic: string): OutsideHandler | undefined {
    return this.outside.get(topic);
  }

  /** Sets when failed events of a topic are tried again, where the usual growing delay would come too late. */
  retry(topic: string, plan: RetryPlan): void {
    this.plans.set(topic, plan);
  }

  /** The plan of a topic, if it has one of its own. */
  planOf(topic: string): RetryPlan | undefined {
    return this.plans.get(topic);
  }
}
