import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks, partyScope } from '../../access';
import { AppError } from '../../common/errors';
import { AccountDirectory } from '../users';
import { canSend, professionalIdOf } from './conversation.mapper';
import { type ConversationRecord, ConversationsRepository } from './conversations.repository';

const MAX_PARTNERS = 200;

/** Who shares an open conversation with whom: what presence and typing are visible to. */
@Injectable()
export class ConversationPartners {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly directory: AccountDirectory,
    private readonly links: CareLinks,
  ) {}

  /** The other people of the user's open conversations; the 200 with the newest messages. */
  async of(userId: string): Promise<string[]> {
    const user = await this.directory.findOne(userId);
    if (user === null || user.role === 'ADMIN') return [];
    const found = await this.conversations.listAsParty(partyScope({ id: userId, role: user.role }), MAX_PARTNERS);
    const linked = await this.linkedWith(userId, user.role);
    const others = found.map((conversation) => otherThan(conversation, userId));
    const accounts = await this.directory.find([userId, ...others]);
    return found.flatMap((conversation, index) => {
      const other = others[index] ?? '';
      const link = linked.has(other) ? { accessEnabled: true } : null;
      return canSend(conversation, { accounts, link }) ? [other] : [];
    });
  }

  /** The other one of a conversation in which the caller may write. @throws AppError NOT_FOUND, CONVERSATION_CLOSED */
  async otherIn(actor: Actor, conversationId: string): Promise<string> {
    const conversation = await this.conversations.findAsParty(partyScope(actor), conversationId);
    if (conversation === null) throw new AppError('NOT_FOUND');
    const other = otherThan(conversation, actor.id);
    const doctorId = conversation.doctorId?.toHexString();
    const [accounts, link] = await Promise.all([
      this.directory.find([actor.id, other]),
      doctorId === undefined ? null : this.links.find(conversation.patientId.toHexString(), doctorId),
    ]);
    if (!canSend(conversation, { accounts, link })) throw new AppError('CONVERSATION_CLOSED');
    return other;
  }

  private async linkedWith(userId: string, role: Actor['role']): Promise<ReadonlySet<string>> {
    if (role === 'MEDECIN') return new Set((await this.links.accessOfDoctor(userId)).keys());
    if (role === 'PATIENT')
      return new Set((await this.links.ofPatient(userId, MAX_PARTNERS)).map(({ doctorId }) => doctorId));
    return new Set();
  }
}

function otherThan(conversation: ConversationRecord, userId: string): string {
  const patientId = conversation.patientId.toHexString();
  return userId === patientId ? professionalIdOf(conversation) : patientId;
}
