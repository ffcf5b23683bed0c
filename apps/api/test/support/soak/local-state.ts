/** A message as REST and events show it. */
export interface SoakMessage {
  readonly _id: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly content: string;
  readonly timestamp: string;
  readonly clientMessageId?: string;
  isRead: boolean;
  deliveredAt: string | null;
}

/** What a client shows of a conversation beside its messages. */
export interface SoakConversation {
  lastMessage: string;
  unreadCount: number;
}

/** Everything of a user over REST. */
export interface Overview {
  readonly messages: readonly SoakMessage[];
  readonly conversations: readonly (SoakConversation & { _id: string })[];
  readonly notifications: readonly { _id: string; isRead: boolean }[];
}

/** An event with its number, live or from `sync`. */
export interface SoakEvent {
  readonly name: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- payloads are judged by comparing the outcome with REST
  readonly payload: any;
  readonly eventId: string;
}

/** What a client of the documented kind (docs/realtime.md) holds: built from events, acknowledgements and `sync` alone. */
export class LocalState {
  readonly messages = new Map<string, SoakMessage>();
  readonly conversations = new Map<string, SoakConversation>();
  /** Is it read? By id. */
  readonly notifications = new Map<string, boolean>();
  /** Number of the last event that was applied; undefined before the first reading over REST. */
  last: string | undefined;
  /** What must not happen: events out of order, skipped or told twice. */
  readonly faults: string[] = [];
  private readonly shown = new Set<string>();

  constructor(
    readonly userId: string,
    /** Every event of the user reaches this device, so that the numbers have no gap. */
    private readonly dense: boolean,
  ) {}

  /** Applies an event unless it was seen before. */
  apply({ name, payload, eventId }: SoakEvent): void {
    if (this.last === undefined) throw new Error('An event before the first reading');
    if (eventId <= this.last) return;
    if (this.dense && Number(eventId) !== Number(this.last) + 1)
      this.faults.push(`after ${this.last} came ${eventId} ${name}`);
    this.last = eventId;
    if (name === 'message:new') this.showNew(payload as SoakMessage);
    else if (name === 'message:delivered')
      for (const id of payload.messageIds as string[]) this.mark(id, { deliveredAt: payload.deliveredAt as string });
    else if (name === 'message:read')
      this.read(payload.conversationId as string, payload.readerId as string, payload.upTo as string);
    else if (name === 'conversation:updated') this.conversations.set(payload._id as string, picked(payload));
    else if (name === 'notification:new') this.notifications.set(payload._id as string, payload.isRead === true);
    else if (name === 'notification:read') this.notifications.set(payload._id as string, true);
  }

  /** Shows a message; what was told of one already known is never taken back. */
  show(message: SoakMessage): void {
    const known = this.messages.get(message._id);
    this.messages.set(message._id, {
      ...message,
      isRead: message.isRead || known?.isRead === true,
      deliveredAt: known?.deliveredAt ?? message.deliveredAt,
    });
  }

  /** Everything again, as REST tells it. */
  reset({ messages, conversations, notifications }: Overview): void {
    for (const message of messages) this.show(message);
    for (const conversation of conversations) this.conversations.set(conversation._id, picked(conversation));
    for (const { _id, isRead } of notifications) this.notifications.set(_id, isRead);
  }

  private showNew(message: SoakMessage): void {
    if (this.shown.has(message._id)) this.faults.push(`${message._id} was new twice`);
    this.shown.add(message._id);
    this.show(message);
  }

  private mark(id: string, change: { deliveredAt: string }): void {
    const message = this.messages.get(id);
    if (message === undefined) this.faults.push(`${id} was delivered and never shown`);
    else message.deliveredAt ??= change.deliveredAt;
  }

  private read(conversationId: string, readerId: string, upTo: string): void {
    for (const message of this.messages.values()) {
      const concerned = message.conversationId === conversationId && message.senderId !== readerId;
      if (!concerned || message.isRead || message.timestamp > upTo) continue;
      message.isRead = true;
      // What is read has arrived (contract 60 section 3.3).
      message.deliveredAt ??= upTo;
    }
    const conversation = this.conversations.get(conversationId);
    if (readerId === this.userId && conversation !== undefined) conversation.unreadCount = 0;
  }
}

function picked({ lastMessage, unreadCount }: SoakConversation): SoakConversation {
  return { lastMessage, unreadCount };
}
