import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { OutboxHandlers } from '../../platform/outbox';
import { RealtimeEvents } from '../../platform/realtime';
import { Notifier } from '../notifications';
import { AccountDirectory } from '../users';
import { toMessage } from './conversation.mapper';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { MessagesRepository } from './messages.repository';
import type { MessageSent } from './messages.events';
import { collapseKeyOf } from './messages.service';

/** Tells the receiver of a message, unless it was read before that, and the devices of both (contract 00 section 11). */
@Injectable()
export class MessagesListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
    private readonly events: RealtimeEvents,
    private readonly messages: MessagesRepository,
    private readonly conversations: ConversationsRepository,
    private readonly service: ConversationsService,
    private readonly directory: AccountDirectory,
  ) {}

  onModuleInit(): void {
    this.handlers.on<MessageSent>('message.sent', ({ payload }, tx) => this.sent(payload, tx));
  }

  private async sent(event: MessageSent, tx: Tx): Promise<void> {
    const { conversationId, messageId, senderId, receiverId, socketId } = event;
    const message = await this.messages.findIn(conversationId, messageId, tx);
    if (message === null) return;
    if (!message.isRead) await this.notify(event, message.timestamp, tx);
    const conversation = await this.conversations.findById(conversationId);
    if (conversation === null) return;
    const people = await this.directory.find([senderId, receiverId]);
    const payload = toMessage(message, await this.directory.nameOf(senderId));
    const show = await this.service.presenterOf(conversation);
    for (const [userId, about] of [
      [receiverId, senderId],
      [senderId, receiverId],
    ] as const) {
      const viewer = people.get(userId);
      if (viewer === undefined || viewer.deletedAt !== null) continue;
      const causedBy = userId === senderId ? socketId : null;
      this.events.append(tx, { userId, name: 'message:new', payload, about, causedBy });
      const shown = show({ id: userId, role: viewer.role });
      this.events.append(tx, { userId, name: 'conversation:updated', payload: shown, about });
    }
  }

  private async notify({ conversationId, senderId, receiverId }: MessageSent, at: Date, tx: Tx): Promise<void> {
    await this.notifier.notify(tx, {
      userId: receiverId,
      actorId: senderId,
      type: 'message',
      event: 'message_received',
      relatedId: conversationId,
      data: { conversationId },
      collapseKey: collapseKeyOf(conversationId),
      at,
    });
  }
}
