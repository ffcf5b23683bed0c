import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { SocketHub } from '../../platform/realtime';
import { ConversationPartners } from '../conversations';

const EXPIRES_MS = 6_000;

/** Relays who is typing, and says by itself that somebody has stopped. */
@Injectable()
export class TypingService implements BeforeApplicationShutdown {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly partners: ConversationPartners,
    private readonly hub: SocketHub,
  ) {}

  /** @throws AppError NOT_FOUND, CONVERSATION_CLOSED */
  async set(actor: Actor, conversationId: string, isTyping: boolean): Promise<object> {
    const other = await this.partners.otherIn(actor, conversationId);
    const key = `${actor.id}:${conversationId}`;
    const running = this.timers.get(key);
    clearTimeout(running);
    this.timers.delete(key);
    if (isTyping) {
      const stop = setTimeout(() => {
        this.timers.delete(key);
        this.tell(other, actor.id, conversationId, false);
      }, EXPIRES_MS);
      stop.unref();
      this.timers.set(key, stop);
    }
    this.tell(other, actor.id, conversationId, isTyping);
    return {};
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private tell(to: string, userId: string, conversationId: string, isTyping: boolean): void {
    this.hub.tell(to, 'typing', { conversationId, userId, isTyping, expiresInMs: EXPIRES_MS });
  }
}
