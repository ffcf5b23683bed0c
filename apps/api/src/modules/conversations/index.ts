export { ConversationOpener } from './conversation-opener.service';
export { ConversationsModule } from './conversations.module';
export { ConversationPartners } from './conversation-partners.service';
export { SendMessageBody } from './dto/conversation.dto';
export { MessagesService } from './messages.service';
