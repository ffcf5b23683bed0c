import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import { oid, UnitOfWork } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { MessagesRepository } from './messages.repository';

/** Messages of one conversation that one receiver's devices have, about to be marked. */
interface Batch {
  readonly ids: Set<string>;
  readonly done: Promise<Date>;
}

/** Marks messages as delivered and tells their sender, in one step. */
@Injectable()
export class DeliveryMarks {
  private readonly waiting = new Map<string, Batch>();

  constructor(
    private readonly messages: MessagesRepository,
    private readonly events: RealtimeEvents,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Marks those of the messages that are addressed to the receiver and not delivered yet; resolves with the instant they
   * carry then. What comes in while the conversation is being written to waits together and costs one transaction.
   */
  async mark(receiverId: string, conversationId: string, messageIds: readonly string[]): Promise<Date> {
    const key = `${conversationId}:${receiverId}`;
    const waiting = this.waiting.get(key);
    if (waiting !== undefined) {
      for (const id of messageIds) waiting.ids.add(id);
      return waiting.done;
    }
    const ids = new Set(messageIds);
    // Nobody joins once the transaction runs, nor after one that could not begin.
    const close = (): void => {
      if (this.waiting.get(key)?.ids === ids) this.waiting.delete(key);
    };
    const done = this.store(receiverId, conversationId, ids, close).finally(close);
    this.waiting.set(key, { ids, done });
    return done;
  }

  private async store(
    receiverId: string,
    conversationId: string,
    ids: ReadonlySet<string>,
    begun: () => void,
  ): Promise<Date> {
    return this.work.run(
      async (tx) => {
        begun();
        const now = this.clock.now();
        const marked = await this.messages.markDelivered(tx, { conversationId, receiverId }, [...ids].map(oid), now);
        const [first] = marked;
        if (first === undefined) return now;
        const messageIds = marked.map(({ _id }) => _id.toHexString());
        this.events.append(tx, {
          userId: first.senderId.toHexString(),
          name: 'message:delivered',
          payload: { conversationId, messageIds, deliveredAt: now },
          about: receiverId,
        });
        return now;
      },
      { lanes: [`conversation:${conversationId}`] },
    );
  }
}
