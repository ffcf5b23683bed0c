import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks, partyScope } from '../../access';
import { parseCursor } from '../../common/cursor';
import { AppError, invalidField } from '../../common/errors';
import { displayName } from '../../common/names';
import { pageRequest } from '../../common/pagination';
import { firstCodePoints } from '../../common/text';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { isDuplicateKey, type Tx, UnitOfWork } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { AccountDirectory, AccountsRepository } from '../users';
import { Notifier } from '../notifications';
import { professionalIdOf, toMessage } from './conversation.mapper';
import { type ConversationRecord, ConversationsRepository } from './conversations.repository';
import { DeliveryMarks } from './delivery-marks.service';
import type {
  ConversationReadResponse,
  MessageItem,
  MessagePageResponse,
  MessagesQuery,
  SendMessageBody,
} from './dto/conversation.dto';
import type { MessageSent } from './messages.events';
import { type MessageRecord, MessagesRepository } from './messages.repository';

const DEFAULT_LIMIT = 50;
const PREVIEW_LENGTH = 100;

/** Key under which a conversation's unread notification collapses. */
export function collapseKeyOf(conversationId: string): string {
  return `message:${conversationId}`;
}

/** Sends, reads and marks messages. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly links: CareLinks,
    private readonly notifier: Notifier,
    private readonly marks: DeliveryMarks,
    private readonly events: RealtimeEvents,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a message, in one step with the conversation's newest text, the receiver's counter and the event.
   * @throws AppError NOT_FOUND, PARTICIPANT_MISMATCH, CONVERSATION_CLOSED, CLIENT_MESSAGE_ID_REUSED
   */
  async send(actor: Actor, conversationId: string, body: SendMessageBody): Promise<MessageItem> {
    const conversation = await this.find(actor, conversationId);
    const receiverId = otherThan(conversation, actor.id);
    if ((body.senderId ?? actor.id) !== actor.id || (body.receiverId ?? receiverId) !== receiverId)
      throw new AppError('PARTICIPANT_MISMATCH');
    const repeated = await this.findRepeated(actor, conversationId, body);
    if (repeated !== null) return repeated;
    await this.assertOpen(conversation, receiverId);
    const senderName = await this.directory.nameOf(actor.id);
    try {
      return await this.work.respond((tx) => this.store(tx, actor, conversation, receiverId, body, senderName), {
        lanes: [`conversation:${conversationId}`],
      });
    } catch (error) {
      // The same message was stored meanwhile by a parallel call: answer that one.
      const stored = isDuplicateKey(error, 'messages_client_id')
        ? await this.findRepeated(actor, conversationId, body)
        : null;
      if (stored === null) throw error;
      return stored;
    }
  }

  /**
   * A page of messages, ascending, by cursor or by page number; what is returned counts as delivered.
   * @throws AppError NOT_FOUND, INVALID_CURSOR, VALIDATION_FAILED
   */
  async list(actor: Actor, conversationId: string, query: MessagesQuery): Promise<MessagePageResponse> {
    if (query.page !== undefined && query.before !== undefined) {
      throw invalidField('page', 'exclusive', 'cannot be combined with before', 'ne peut pas être combiné avec before');
    }
    const cursor = query.before === undefined ? null : parseCursor(query.before);
    const conversation = await this.find(actor, conversationId);
    const { page, limit } = pageRequest(query, DEFAULT_LIMIT);
    const total = conversation.messageCount;
    const upTo = cursor === null ? total - (page - 1) * limit : await this.seqBefore(conversation, cursor);
    const after = Math.max(0, upTo - limit);
    const found = await this.messages.range(conversationId, after, upTo);
    await this.markDelivered(actor, conversationId, found);
    const names = await this.directory.find([actor.id, otherThan(conversation, actor.id)]);
    const messages = found.map((message) => toMessage(message, displayName(names.get(message.senderId.toHexString()))));
    const window = { messages, hasMore: after > 0 && messages.length > 0, nextCursor: messages[0]?._id ?? null };
    return query.page === undefined ? window : { ...window, total, page, limit, pages: Math.ceil(total / limit) };
  }

  /** Marks everything addressed to the caller as read. @throws AppError NOT_FOUND */
  async markRead(actor: Actor, conversationId: string): Promise<ConversationReadResponse> {
    const conversation = await this.find(actor, conversationId);
    // Apps say so whenever a chat is opened; mostly there is nothing to do, and nobody was told of anything unread.
    const isPatient = conversation.patientId.toHexString() === actor.id;
    if ((isPatient ? conversation.patientUnread : conversation.professionalUnread) === 0)
      return { success: true, updated: 0 };
    const updated = await this.work.run(
      async (tx) => {
        const now = this.clock.now();
        await this.conversations.clearUnread(tx, partyScope(actor), conversationId);
        const changed = await this.messages.markRead(tx, conversationId, actor.id, now);
        await this.notifier.markCollapsedRead(tx, actor.id, collapseKeyOf(conversationId), now);
        if (changed > 0) this.tellRead(tx, actor.id, conversation, now);
        return changed;
      },
      { lanes: [`conversation:${conversationId}`] },
    );
    return { success: true, updated };
  }

  private tellRead(tx: Tx, readerId: string, conversation: ConversationRecord, upTo: Date): void {
    const otherId = otherThan(conversation, readerId);
    const payload = { conversationId: conversation._id.toHexString(), readerId, upTo };
    const causedBy = currentContext()?.socketId ?? null;
    this.events.append(tx, { userId: otherId, name: 'message:read', payload, about: readerId });
    this.events.append(tx, { userId: readerId, name: 'message:read', payload, about: otherId, causedBy });
  }

  private async find(actor: Actor, conversationId: string): Promise<ConversationRecord> {
    const conversation = await this.conversations.findAsParty(partyScope(actor), conversationId);
    if (conversation === null) throw new AppError('NOT_FOUND');
    return conversation;
  }

  private async findRepeated(actor: Actor, conversationId: string, body: SendMessageBody): Promise<MessageItem | null> {
    if (body.clientMessageId === undefined) return null;
    const stored = await this.messages.findByClientId(conversationId, actor.id, body.clientMessageId);
    if (stored === null) return null;
    if (stored.content !== body.content) throw new AppError('CLIENT_MESSAGE_ID_REUSED');
    const context = currentContext();
    if (context !== undefined) context.status = 200;
    return toMessage(stored, await this.directory.nameOf(actor.id));
  }

  private async assertOpen(conversation: ConversationRecord, receiverId: string): Promise<void> {
    const doctorId = conversation.doctorId?.toHexString();
    const patientId = conversation.patientId.toHexString();
    const receiverRole = receiverId === patientId ? 'PATIENT' : doctorId === undefined ? 'PHARMACIEN' : 'MEDECIN';
    const [receiverActive, link] = await Promise.all([
      this.accounts.isActive(receiverId, receiverRole),
      doctorId === undefined ? true : this.links.find(patientId, doctorId),
    ]);
    if (!receiverActive || link === null) throw new AppError('CONVERSATION_CLOSED');
  }

  private async store(
    tx: Tx,
    actor: Actor,
    conversation: ConversationRecord,
    receiverId: string,
    body: SendMessageBody,
    senderName: string,
  ): Promise<MessageItem> {
    const conversationId = conversation._id.toHexString();
    const place = await this.conversations.takePlace(tx, conversationId, {
      preview: firstCodePoints(body.content, PREVIEW_LENGTH),
      senderId: actor.id,
      toPatient: receiverId === conversation.patientId.toHexString(),
      now: this.clock.now(),
    });
    if (place === null) throw new AppError('NOT_FOUND');
    const message = await this.messages.insert(tx, {
      conversationId,
      senderId: actor.id,
      receiverId,
      content: body.content,
      ...place,
      clientMessageId: body.clientMessageId ?? null,
    });
    const event: MessageSent = {
      conversationId,
      messageId: message._id.toHexString(),
      senderId: actor.id,
      receiverId,
      socketId: currentContext()?.socketId ?? null,
    };
    tx.emit({ topic: 'message.sent', key: `conversation:${conversationId}`, payload: { ...event } });
    return toMessage(message, senderName);
  }

  private async seqBefore(conversation: ConversationRecord, cursor: ReturnType<typeof parseCursor>): Promise<number> {
    if (cursor.kind === 'instant') return this.messages.seqBefore(conversation, cursor.at);
    const message = await this.messages.findIn(conversation._id.toHexString(), cursor.id);
    if (message === null) throw new AppError('NOT_FOUND');
    return message.seq - 1;
  }

  /** The receiver's device has a message: it counts as delivered. */
  async acknowledge(actor: Actor, conversationId: string, messageId: string): Promise<void> {
    await this.marks.mark(actor.id, conversationId, [messageId]);
  }

  private async markDelivered(actor: Actor, conversationId: string, found: readonly MessageRecord[]): Promise<void> {
    const fresh = found.filter(
      (message) => message.deliveredAt === undefined && message.receiverId.toHexString() === actor.id,
    );
    if (fresh.length === 0) return;
    const ids = fresh.map((message) => message._id.toHexString());
    const now = await this.marks.mark(actor.id, conversationId, ids);
    for (const message of fresh) message.deliveredAt = now;
  }
}

function otherThan(conversation: ConversationRecord, userId: string): string {
  const patientId = conversation.patientId.toHexString();
  return userId === patientId ? professionalIdOf(conversation) : patientId;
}
