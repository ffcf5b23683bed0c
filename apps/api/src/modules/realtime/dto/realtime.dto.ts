import { Id, Int, Str } from '../../../common/validation';

/** Data of the events that name a conversation. */
export class ConversationEvent {
  @Id()
  conversationId!: string;
}

/** Data of `sync`. */
export class SyncEvent {
  @Str({ optional: true, max: 64 })
  since?: string;

  @Int({ optional: true, min: 1, max: 500, default: 200 })
  limit?: number;
}
