import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { OutboxHandlers } from '../../platform/outbox';
import { RealtimeEvents } from '../../platform/realtime';
import { AccountDirectory } from '../users';
import { toMessage } from './conversation.mapper';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { MessagesRepository } from './messages.repository';
import type { MessageSent, MessagesDelivered, MessagesRead } from './messages.events';

/** Turns what happens in conversations into the events that sockets show (contract 00 section 11). */
@Injectable()
export class ConversationEventsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly events: RealtimeEvents,
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly service: ConversationsService,
    private readonly directory: AccountDirectory,
  ) {}

  onModuleInit(): void {
    this.handlers.on<MessageSent>('message.sent', ({ payload }, tx) => this.sent(payload, tx));
    this.handlers.on<MessagesRead>('messages.read', ({ payload }, tx) => this.read(payload, tx));
    this.handlers.on<MessagesDelivered>('messages.delivered', ({ payload }, tx) => this.delivered(payload, tx));
  }

  private async sent(event: MessageSent, tx: Tx): Promise<void> {
    const { conversationId, messageId, senderId, receiverId, socketId } = event;
    const [message, conversation] = await Promise.all([
      this.messages.findIn(conversationId, messageId),
      this.conversations.findById(conversationId),
    ]);
    if (message === null || conversation === null) return;
    const people = await this.directory.find([senderId, receiverId]);
    const payload = toMessage(message, await this.directory.nameOf(senderId));
    for (const [userId, about] of [
      [receiverId, senderId],
      [senderId, receiverId],
    ] as const) {
      const viewer = people.get(userId);
      if (viewer === undefined || viewer.deletedAt !== null) continue;
      const causedBy = userId === senderId ? socketId : null;
      this.events.append(tx, { userId, name: 'message:new', payload, about, causedBy });
      const shown = await this.service.show({ id: userId, role: viewer.role }, conversation);
      this.events.append(tx, { userId, name: 'conversation:updated', payload: shown, about });
    }
  }

  private async read({ conversationId, readerId, otherId, upTo, socketId }: MessagesRead, tx: Tx): Promise<void> {
    const payload = { conversationId, readerId, upTo };
    this.events.append(tx, { userId: otherId, name: 'message:read', payload, about: readerId });
    this.events.append(tx, {
      userId: readerId,
      name: 'message:read',
      payload,
      about: otherId,
      causedBy: socketId,
    });
  }

  private async delivered(
    { conversationId, senderId, receiverId, messageIds, deliveredAt }: MessagesDelivered,
    tx: Tx,
  ): Promise<void> {
    const payload = { conversationId, messageIds, deliveredAt };
    this.events.append(tx, { userId: senderId, name: 'message:delivered', payload, about: receiverId });
  }
}
