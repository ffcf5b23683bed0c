import { Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { ConversationsService } from './conversations.service';
import {
  ConversationListResponse,
  ConversationReadResponse,
  ConversationResponse,
  CreateConversationBody,
  MessageItem,
  MessagePageResponse,
  MessagesQuery,
  PharmacistConversationResponse,
  SendMessageBody,
} from './dto/conversation.dto';
import { MessagesService } from './messages.service';

const PARTIES = ['PATIENT', 'MEDECIN', 'PHARMACIEN'] as const;

/** Conversations of patients with doctors and pharmacists. */
@ApiTags('conversations')
@Controller()
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
  ) {}

  @Get('patients/:patientId/conversations')
  @Endpoint('GET', {
    summary: "A patient's conversations, at most 200",
    roles: ['PATIENT'],
    space: { param: 'patientId', self: ['PATIENT'] },
    response: ConversationListResponse,
  })
  async listOfPatient(@CurrentActor() actor: Actor) {
    return { conversations: await this.conversations.list(actor) };
  }

  @Get('doctors/:doctorId/conversations')
  @Endpoint('GET', {
    summary: "A doctor's conversations, at most 200",
    roles: ['MEDECIN'],
    space: { param: 'doctorId', self: ['MEDECIN'] },
    response: ConversationListResponse,
  })
  async listOfDoctor(@CurrentActor() actor: Actor) {
    return { conversations: await this.conversations.list(actor) };
  }

  @Get('pharmacists/:pharmacistId/conversations')
  @Endpoint('GET', {
    summary: "A pharmacist's conversations, at most 200",
    roles: ['PHARMACIEN'],
    space: { param: 'pharmacistId', self: ['PHARMACIEN'] },
    response: [PharmacistConversationResponse],
  })
  async listOfPharmacist(@CurrentActor() actor: Actor) {
    return (await this.conversations.list(actor)).map((conversation) => ({
      ...conversation,
      patientId: conversation.patient,
    }));
  }

  @Post('conversations')
  @Endpoint('POST', {
    summary: 'Opens a conversation',
    roles: PARTIES,
    alsoStatus: 200,
    response: ConversationResponse,
    errors: ['IDENTITY_MISMATCH', 'NOT_FOUND', 'NO_CARE_RELATION'],
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateConversationBody) {
    return this.conversations.create(actor, body);
  }

  @Get('conversations/:conversationId/messages')
  @Endpoint('GET', {
    summary: 'A page of messages, ascending',
    roles: PARTIES,
    response: MessagePageResponse,
    errors: ['INVALID_ID', 'INVALID_CURSOR', 'NOT_FOUND'],
  })
  listMessages(
    @CurrentActor() actor: Actor,
    @IdParam('conversationId') conversationId: string,
    @QueryDto() query: MessagesQuery,
  ) {
    return this.messages.list(actor, conversationId, query);
  }

  @Post('conversations/:conversationId/messages')
  @Endpoint('POST', {
    summary: 'Sends a message',
    roles: PARTIES,
    limit: 'messages',
    alsoStatus: 200,
    response: MessageItem,
    errors: ['INVALID_ID', 'NOT_FOUND', 'PARTICIPANT_MISMATCH', 'CONVERSATION_CLOSED', 'CLIENT_MESSAGE_ID_REUSED'],
  })
  send(
    @CurrentActor() actor: Actor,
    @IdParam('conversationId') conversationId: string,
    @BodyDto() body: SendMessageBody,
  ) {
    return this.messages.send(actor, conversationId, body);
  }

  @Patch('conversations/:id/read/:userId')
  @Endpoint('PATCH', {
    summary: 'Marks all messages to the caller as read',
    roles: PARTIES,
    space: { param: 'userId', self: 'any' },
    response: ConversationReadResponse,
    errors: ['NOT_FOUND'],
  })
  markRead(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.messages.markRead(actor, id);
  }
}
