export { ConversationOpener } from './conversation-opener.service';
export { ConversationsModule } from './conversations.module';
