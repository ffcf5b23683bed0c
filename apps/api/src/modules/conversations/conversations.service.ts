import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks, partyScope } from '../../access';
import { AppError, invalidField } from '../../common/errors';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { UnitOfWork } from '../../platform/database';
import { PharmacyRelations } from '../medication-requests';
import { AccountDirectory, type AccountRecord, AccountsRepository } from '../users';
import { toConversation, type Viewer } from './conversation.mapper';
import { type ConversationRecord, ConversationsRepository, type Pair } from './conversations.repository';
import type { ConversationResponse, CreateConversationBody } from './dto/conversation.dto';

const MAX_LISTED = 200;

/** Lists and opens conversations. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly links: CareLinks,
    private readonly relations: PharmacyRelations,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** The caller's conversations, newest message first, at most 200. */
  async list(actor: Actor): Promise<ConversationResponse[]> {
    const found = await this.conversations.listAsParty(partyScope(actor), MAX_LISTED + 1);
    const context = currentContext();
    if (context !== undefined && found.length > MAX_LISTED) context.truncated = true;
    const listed = found.slice(0, MAX_LISTED);
    const [accounts, links] = await Promise.all([
      this.directory.find(new Set([actor.id, ...listed.flatMap(participants)])),
      this.linksOf(actor, listed),
    ]);
    return listed.map((conversation) =>
      toConversation(conversation, actor, { accounts, link: links.get(otherOf(conversation, actor)) ?? null }),
    );
  }

  /**
   * Opens the conversation of a pair, or answers the existing one with 200.
   * @throws AppError VALIDATION_FAILED, IDENTITY_MISMATCH, NOT_FOUND, NO_CARE_RELATION
   */
  async create(actor: Actor, body: CreateConversationBody): Promise<ConversationResponse> {
    const pair = pairOf(body);
    const own =
      actor.role === 'PATIENT' ? pair.patientId : actor.role === 'MEDECIN' ? body.doctorId : body.pharmacistId;
    if (own !== actor.id) throw new AppError('IDENTITY_MISMATCH');
    const existing = await this.conversations.findPair(pair);
    if (existing !== null) return this.answerExisting(actor, existing);
    await this.assertMayOpen(actor, pair);
    const created = await this.work.respond(async (tx) => {
      const raced = await this.conversations.findPair(pair, tx);
      const context = currentContext();
      if (context !== undefined) context.status = raced === null ? 201 : 200;
      return this.show(actor, raced ?? (await this.conversations.insert(tx, pair, this.clock.now())));
    });
    return created;
  }

  /** A conversation as the actor sees it. */
  async show(actor: Viewer, conversation: ConversationRecord): Promise<ConversationResponse> {
    return (await this.presenterOf(conversation))(actor);
  }

  /** Reads what is needed to show a conversation, once for all who look at it. */
  async presenterOf(conversation: ConversationRecord): Promise<(viewer: Viewer) => ConversationResponse> {
    const doctorId = conversation.doctorId?.toHexString();
    const [accounts, link] = await Promise.all([
      this.directory.find(participants(conversation)),
      doctorId === undefined ? null : this.links.find(conversation.patientId.toHexString(), doctorId),
    ]);
    return (viewer) => toConversation(conversation, viewer, { accounts, link });
  }

  private async answerExisting(actor: Actor, conversation: ConversationRecord): Promise<ConversationResponse> {
    const context = currentContext();
    if (context !== undefined) context.status = 200;
    return this.show(actor, conversation);
  }

  private async assertMayOpen(actor: Actor, pair: Pair): Promise<void> {
    const withDoctor = 'doctorId' in pair;
    const [patient, professional] = await Promise.all([
      this.accounts.findByRole(pair.patientId, 'PATIENT'),
      withDoctor
        ? this.accounts.findByRole(pair.doctorId, 'MEDECIN')
        : this.accounts.findByRole(pair.pharmacistId, 'PHARMACIEN'),
    ]);
    if (patient === null || professional === null) throw new AppError('NOT_FOUND');
    const allowed = withDoctor
      ? (await this.links.find(pair.patientId, pair.doctorId)) !== null
      : await this.mayOpenWithPharmacy(actor, pair, professional);
    if (!allowed) throw new AppError('NO_CARE_RELATION');
  }

  /** A patient writes to any ACTIF pharmacy; a pharmacy needs a medication request that was addressed to it. */
  private async mayOpenWithPharmacy(
    actor: Actor,
    pair: Pair & { readonly pharmacistId: string },
    pharmacy: AccountRecord,
  ): Promise<boolean> {
    if (actor.role === 'PATIENT') return pharmacy.statutCompte === 'ACTIF';
    return this.relations.mayOpenConversation(pair.pharmacistId, pair.patientId);
  }

  /** Active links of a doctor or patient by the other side's id, for these conversations; pharmacists have none. */
  private async linksOf(
    actor: Actor,
    listed: readonly ConversationRecord[],
  ): Promise<Map<string, { accessEnabled: boolean }>> {
    if (actor.role === 'MEDECIN')
      return this.links.accessAmong(
        actor.id,
        listed.map(({ patientId }) => patientId.toHexString()),
      );
    if (actor.role === 'PATIENT')
      return new Map((await this.links.ofPatient(actor.id, MAX_LISTED)).map((link) => [link.doctorId, link]));
    return new Map();
  }
}

function pairOf(body: CreateConversationBody): Pair {
  const { patientId, doctorId, pharmacistId, type } = body;
  if ((doctorId === undefined) === (pharmacistId === undefined)) {
    throw invalidField(
      'doctorId',
      'exactlyOne',
      'or pharmacistId is required, not both',
      'ou pharmacistId est requis, mais pas les deux',
    );
  }
  const pair: Pair = doctorId === undefined ? { patientId, pharmacistId: pharmacistId ?? '' } : { patientId, doctorId };
  const actual = 'doctorId' in pair ? 'doctor' : 'pharmacist';
  if (type !== undefined && type !== actual)
    throw invalidField('type', 'agrees', 'does not agree with the ids', 'ne correspond pas aux identifiants');
  return pair;
}

function participants(conversation: ConversationRecord): string[] {
  return [conversation.patientId, conversation.doctorId, conversation.pharmacistId]
    .filter((id) => id !== undefined)
    .map((id) => id.toHexString());
}

function otherOf(conversation: ConversationRecord, actor: Actor): string {
  return participants(conversation).find((id) => id !== actor.id) ?? actor.id;
}
