import type { Actor } from '../../access';
import { displayName } from '../../common/names';
import { type AccountSummary, toSummaryView } from '../users';
import type { ConversationRecord } from './conversations.repository';
import type { ConversationResponse, MessageItem } from './dto/conversation.dto';
import type { MessageRecord } from './messages.repository';

/** What is needed beside a conversation to show it. */
export interface ConversationFacts {
  readonly accounts: ReadonlyMap<string, AccountSummary>;
  /** The pair's active link: null without one (and for pharmacists). */
  readonly link: { readonly accessEnabled: boolean } | null;
}

/** Id of the professional. */
export function professionalIdOf(conversation: ConversationRecord): string {
  return (conversation.doctorId ?? conversation.pharmacistId ?? conversation.patientId).toHexString();
}

/** May the parties write: both accounts ACTIF, and for a doctor an active link, with access on or off. */
export function canSend(conversation: ConversationRecord, facts: ConversationFacts): boolean {
  const people = [conversation.patientId.toHexString(), professionalIdOf(conversation)].map((id) =>
    facts.accounts.get(id),
  );
  const active = people.every((account) => account?.statutCompte === 'ACTIF' && account.deletedAt === null);
  return active && (conversation.type === 'pharmacist' || facts.link !== null);
}

type Summary = ConversationResponse['patient'];

/** A conversation as the caller sees it (contract 60 section 2.1). */
export function toConversation(
  conversation: ConversationRecord,
  viewer: Actor,
  facts: ConversationFacts,
): ConversationResponse {
  const patientId = conversation.patientId.toHexString();
  const doctorId = conversation.doctorId?.toHexString() ?? null;
  const pharmacistId = conversation.pharmacistId?.toHexString() ?? null;
  const patient = facts.accounts.get(patientId);
  const doctor = doctorId === null ? undefined : facts.accounts.get(doctorId);
  const pharmacist = pharmacistId === null ? undefined : facts.accounts.get(pharmacistId);
  const seesType = viewer.id === patientId || (viewer.id === doctorId && facts.link?.accessEnabled === true);
  return {
    _id: conversation._id.toHexString(),
    type: conversation.type,
    patientId,
    patientName: displayName(patient),
    typeDiabete: seesType ? (patient?.typeDiabete ?? null) : null,
    doctorId,
    doctorName: doctorId === null ? null : displayName(doctor),
    specialty: doctor?.specialite ?? null,
    pharmacistId,
    pharmacistName: pharmacistId === null ? null : displayName(pharmacist),
    lastMessage: conversation.lastMessage,
    lastMessageTime: conversation.lastMessageTime,
    lastSenderId: conversation.lastSenderId?.toHexString() ?? null,
    unreadCount: viewer.id === patientId ? conversation.patientUnread : conversation.professionalUnread,
    canSend: canSend(conversation, facts),
    patient: toSummaryView(patient, patientId, viewer.role === 'PHARMACIEN' ? [] : ['email']) as unknown as Summary,
    doctor: doctorId === null ? null : (toSummaryView(doctor, doctorId, ['email', 'specialite']) as unknown as Summary),
    pharmacist:
      pharmacistId === null
        ? null
        : (toSummaryView(pharmacist, pharmacistId, ['email', 'nomPharmacie']) as unknown as Summary),
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
  };
}

/** A message as REST and sockets show it. */
export function toMessage(record: MessageRecord, senderName: string): MessageItem {
  return {
    _id: record._id.toHexString(),
    conversationId: record.conversationId.toHexString(),
    senderId: record.senderId.toHexString(),
    senderName,
    receiverId: record.receiverId.toHexString(),
    content: record.content,
    timestamp: record.timestamp,
    isRead: record.isRead,
    readAt: record.readAt ?? null,
    deliveredAt: record.deliveredAt ?? null,
    ...(record.clientMessageId === undefined ? {} : { clientMessageId: record.clientMessageId }),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
