import type { components } from '../schema.generated.js';

type Schemas = components['schemas'];

/** Which event it is, and when it happened. */
export interface EventMeta {
  /** Opaque; grows per user. */
  readonly eventId: string;
  readonly at: string;
}

/** Durable events: those missed are brought by `sync`, kept for 7 days. Payloads are the resources as REST shows them. */
export interface DurableEvents {
  'message:new': Schemas['MessageItem'];
  'message:read': { conversationId: string; readerId: string; upTo: string; messageIds?: string[] };
  'message:delivered': { conversationId: string; messageIds: string[]; deliveredAt: string };
  'conversation:updated': Schemas['ConversationResponse'];
  'notification:new': Schemas['NotificationResponse'];
  'notification:read': { _id?: string; all?: true; unreadCount: number };
  'appointment:updated': Schemas['AppointmentResponse'] | { _id: string; deleted: true };
  'glucose:new': Schemas['ReadingResponse'];
  'alert:new': Schemas['NotificationResponse'];
}

/** Events of the moment: whoever is away does not get them. */
export interface PassingEvents {
  typing: { conversationId: string; userId: string; isTyping: boolean; expiresInMs: number };
  presence: { userId: string; online: boolean; lastSeenAt?: string };
  /** The session has ended, on the server's word; the connection is over. */
  'session:revoked': { reason: string };
}

/** What the connection itself tells. */
export interface ConnectionEvents {
  /** What was missed has been handled; from here on events come as they happen. */
  synced: undefined;
  /** What was missed is not stored any more, or this is the first start (`first`): read over REST what you show. */
  resync: { first: boolean };
  connected: undefined;
  disconnected: { reason: string };
  /** A handler failed, or the place could not be kept; the stream goes on. */
  error: { cause: unknown };
  /** There will be no more events: the session is over (an error code), or `CLOSED` by the app. */
  ended: { reason: string };
}

/** Everything that can be listened to. */
export type RealtimeEvents = DurableEvents & PassingEvents & ConnectionEvents;

/** Hears one kind of event; a promise is waited for before the next event is handled. */
export type Handler<Name extends keyof RealtimeEvents> = (
  payload: RealtimeEvents[Name],
  meta: Name extends keyof DurableEvents ? EventMeta : undefined,
) => unknown;

/** What a client may send: data and answer. */
export interface ClientEvents {
  'message:send': {
    data: { conversationId: string; content: string; clientMessageId?: string };
    answer: Schemas['MessageItem'];
  };
  'message:read': { data: { conversationId: string }; answer: { updated: number } };
  'typing:start': { data: { conversationId: string }; answer: Record<string, never> };
  'typing:stop': { data: { conversationId: string }; answer: Record<string, never> };
}

/** A durable event as it arrives. */
export interface StoredEvent extends EventMeta {
  readonly name: string;
  readonly payload: unknown;
}

/** The answer to `sync`. */
export interface SyncPage {
  readonly events: readonly StoredEvent[];
  readonly next: string;
  readonly hasMore: boolean;
  readonly resync: boolean;
}
