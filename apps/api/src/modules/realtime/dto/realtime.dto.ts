import { Id, Int } from '../../../common/validation';

/** Data of the events that name a conversation. */
export class ConversationEvent {
  @Id()
  conversationId!: string;
}

/** Data of `sync` besides `since`, which may be anything: what is no event id makes the client begin anew. */
export class SyncEvent {
  @Int({ optional: true, min: 1, default: 200, description: 'Values above 500 are clamped' })
  limit?: number;
}
