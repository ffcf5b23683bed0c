import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { Notifier } from '../notifications';
import { MessagesRepository } from './messages.repository';
import { collapseKeyOf, type MessageSent } from './messages.service';

/** Tells the receiver of a message, unless it was read before that. */
@Injectable()
export class MessagesListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
    private readonly messages: MessagesRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.on<MessageSent>('message.sent', (event, tx) => this.notify(event, tx));
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
}
