import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, partyScope } from '../../access';
import { AccountDirectory, type ExportItem, ExportSections } from '../users';
import { toMessage } from './conversation.mapper';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import type { MessageItem } from './dto/conversation.dto';
import { MessagesRepository } from './messages.repository';

/** Conversations with all their messages in the export of their parties. */
@Injectable()
export class ConversationsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly service: ConversationsService,
    private readonly directory: AccountDirectory,
  ) {}

  onModuleInit(): void {
    this.sections.register({
      key: 'conversations',
      roles: ['PATIENT', 'MEDECIN', 'PHARMACIEN'],
      items: (actor) => this.items(actor),
    });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const record of this.conversations.allOf(partyScope(actor))) {
      const { typeDiabete, ...conversation } = await this.service.show(actor, record);
      yield {
        // A professional's export holds no clinical data of patients.
        body: actor.role === 'PATIENT' ? { ...conversation, typeDiabete } : conversation,
        nested: { key: 'messages', items: this.messagesIn(record._id.toHexString()) },
      };
    }
  }

  private async *messagesIn(conversationId: string): AsyncGenerator<MessageItem> {
    for await (const message of this.messages.allIn(conversationId))
      yield toMessage(message, await this.directory.nameOf(message.senderId.toHexString()));
  }
}
