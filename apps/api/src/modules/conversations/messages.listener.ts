import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { CounterChecks, type CounterDifference, foundTwice } from '../../platform/scheduler';
import { Notifier } from '../notifications';
import { ConversationsRepository } from './conversations.repository';
import { MessagesRepository } from './messages.repository';
import type { MessageSent } from './messages.events';
import { collapseKeyOf } from './messages.service';

/** Tells the receiver of a message, unless it was read before that. */
@Injectable()
export class MessagesListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
    private readonly messages: MessagesRepository,
    private readonly conversations: ConversationsRepository,
    private readonly checks: CounterChecks,
  ) {}

  onModuleInit(): void {
    this.handlers.on<MessageSent>('message.sent', (event, tx) => this.notify(event, tx));
    this.checks.register(foundTwice(() => this.counterDifferences()));
  }

  private async notify(event: DeliveredEvent<MessageSent>, tx: Tx): Promise<void> {
    const { conversationId, messageId, senderId, receiverId } = event.payload;
    const message = await this.messages.findIn(conversationId, messageId, tx);
    if (message === null || message.isRead) return;
    await this.notifier.notify(tx, {
      userId: receiverId,
      actorId: senderId,
      type: 'message',
      event: 'message_received',
      relatedId: conversationId,
      data: { conversationId },
      collapseKey: collapseKeyOf(conversationId),
      at: message.timestamp,
    });
  }

  private async counterDifferences(): Promise<CounterDifference[]> {
    const [conversations, unread] = await Promise.all([
      this.conversations.counters(),
      this.messages.unreadByReceiver(),
    ]);
    return conversations.flatMap((conversation) => {
      const id = conversation._id.toHexString();
      const professional = conversation.doctorId ?? conversation.pharmacistId;
      const sides = [
        { counter: 'conversations.patientUnread', stored: conversation.patientUnread, reader: conversation.patientId },
        { counter: 'conversations.professionalUnread', stored: conversation.professionalUnread, reader: professional },
      ];
      return sides
        .map(({ counter, stored, reader }) => ({
          counter,
          owner: id,
          stored,
          counted: unread.get(`${id}:${reader?.toHexString() ?? ''}`) ?? 0,
        }))
        .filter((side) => side.stored !== side.counted);
    });
  }
}
