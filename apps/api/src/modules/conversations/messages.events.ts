/** Payload of `message.sent`. */
export interface MessageSent {
  readonly conversationId: string;
  readonly messageId: string;
  readonly senderId: string;
  readonly receiverId: string;
  /** The socket that sent it; null over HTTP. */
  readonly socketId: string | null;
}

/** Payload of `messages.read`. */
export interface MessagesRead {
  readonly conversationId: string;
  readonly readerId: string;
  readonly otherId: string;
  readonly upTo: Date;
  readonly socketId: string | null;
}

/** Payload of `messages.delivered`. */
export interface MessagesDelivered {
  readonly conversationId: string;
  readonly senderId: string;
  readonly receiverId: string;
  readonly messageIds: readonly string[];
  readonly deliveredAt: Date;
}
