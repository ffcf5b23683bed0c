/** Payload of `message.sent`. */
export interface MessageSent {
  readonly conversationId: string;
  readonly messageId: string;
  readonly senderId: string;
  readonly receiverId: string;
  /** The socket that sent it; null over HTTP. */
  readonly socketId: string | null;
}
