import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MedicationRequestsModule } from '../medication-requests';
import { NotificationsModule } from '../notifications';
import { UsersModule } from '../users';
import { ConversationOpener } from './conversation-opener.service';
import { ConversationCounters } from './conversation-counters';
import { ConversationPartners } from './conversation-partners.service';
import { Conversation, ConversationSchema } from './conversation.schema';
import { ConversationsController } from './conversations.controller';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { DeliveryMarks } from './delivery-marks.service';
import { Message, MessageSchema } from './message.schema';
import { MessagesListener } from './messages.listener';
import { MessagesRepository } from './messages.repository';
import { MessagesService } from './messages.service';
import { ConversationsExport } from './conversations.export';

/** Conversations and messages. */
@Module({
  imports: [
    UsersModule,
    NotificationsModule,
    MedicationRequestsModule,
    MongooseModule.forFeature([
      { name: Conversation.name, schema: ConversationSchema },
      { name: Message.name, schema: MessageSchema },
    ]),
  ],
  controllers: [ConversationsController],
  providers: [
    ConversationsExport,
    ConversationsRepository,
    MessagesRepository,
    ConversationsService,
    MessagesService,
    MessagesListener,
    ConversationOpener,
    ConversationPartners,
    ConversationCounters,
    DeliveryMarks,
  ],
  exports: [ConversationOpener, ConversationPartners, MessagesService],
})
export class ConversationsModule {}
