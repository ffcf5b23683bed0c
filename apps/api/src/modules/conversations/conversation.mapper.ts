import type { Actor } from '../../access';
import { displayName } from '../../common/names';
import { type AccountSummary, toSummaryView } from '../users';
import type { ConversationRecord } from './conversations.repository';
import type { ConversationResponse, MessageItem } from './dto/conversation.dto';
import type { MessageRecord } from './messages.repository';

/** Who looks at a conversation. */
export type Viewer = Pick<Actor, 'id' | 'role'>;

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

/** The professional's half of a conversation; the keys of the absent kind are null. */
function professionalKeys(conversation: ConversationRecord, facts: ConversationFacts) {
  const id = professionalIdOf(conversation);
  const account = facts.accounts.get(id);
  const none = {
    doctorId: null,
    doctorName: null,
    specialty: null,
    doctor: null,
    pharmacistId: null,
    pharmacistName: null,
    pharmacist: null,
  };
  if (conversation.type === 'doctor') {
    const doctor = toSummaryView(account, id, ['email', 'specialite']) as unknown as Summary;
    return { ...none, doctorId: id, doctorName: displayName(account), specialty: account?.specialite ?? null, doctor };
  }
  const pharmacist = toSummaryView(account, id, ['email', 'nomPharmacie']) as unknown as Summary;
  return { ...none, pharmacistId: id, pharmacistName: displayName(account), pharmacist };
}

/** The type of diabetes is for the patient, and for a doctor with access. */
function maySeeDiabetesType(conversation: ConversationRecord, viewer: Viewer, facts: ConversationFacts): boolean {
  if (viewer.id === conversation.patientId.toHexString()) return true;
  return viewer.id === conversation.doctorId?.toHexString() && facts.link?.accessEnabled === true;
}

/** A conversation as the caller sees it (contract 60 section 2.1). */
export function toConversation(
  conversation: ConversationRecord,
  viewer: Viewer,
  facts: ConversationFacts,
): ConversationResponse {
  const patientId = conversation.patientId.toHexString();
  const patient = facts.accounts.get(patientId);
  return {
    _id: conversation._id.toHexString(),
    type: conversation.type,
    patientId,
    patientName: displayName(patient),
    typeDiabete: maySeeDiabetesType(conversation, viewer, facts) ? (patient?.typeDiabete ?? null) : null,
    lastMessage: conversation.lastMessage,
    lastMessageTime: conversation.lastMessageTime,
    lastSenderId: conversation.lastSenderId?.toHexString() ?? null,
    unreadCount: viewer.id === patientId ? conversation.patientUnread : conversation.professionalUnread,
    canSend: canSend(conversation, facts),
    patient: toSummaryView(patient, patientId, viewer.role === 'PHARMACIEN' ? [] : ['email']) as unknown as Summary,
    ...professionalKeys(conversation, facts),
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
