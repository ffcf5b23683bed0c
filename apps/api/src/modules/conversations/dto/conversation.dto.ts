import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MAX_PAGE } from '../../../common/pagination';
import { Id, Int, OneOf, Str, Uuid } from '../../../common/validation';
import { UserSummaryResponse } from '../../users';
import { CONVERSATION_TYPES, type ConversationType } from '../conversation.schema';

/** Body of POST /conversations. */
export class CreateConversationBody {
  @Id()
  patientId!: string;

  @Id({ optional: true, description: 'Exactly one of doctorId and pharmacistId' })
  doctorId?: string;

  @Id({ optional: true })
  pharmacistId?: string;

  @OneOf(CONVERSATION_TYPES, { optional: true })
  type?: ConversationType;
}

/** Body of POST /conversations/:conversationId/messages. */
export class SendMessageBody {
  @Str({ max: 4_000, example: "I'm feeling much better, thank you!" })
  content!: string;

  @Uuid({ optional: true, description: 'Unique per sender and conversation: a repeat answers the stored message' })
  clientMessageId?: string;

  @Id({ optional: true })
  senderId?: string;

  @Id({ optional: true })
  receiverId?: string;
}

/** Query of GET /conversations/:conversationId/messages. */
export class MessagesQuery {
  @Int({ optional: true, min: 1, default: 50, description: 'Values above 100 are clamped' })
  limit?: number;

  @Str({ optional: true, max: 64, description: 'Instant or message id; strictly older ones are answered' })
  before?: string;

  @Int({ optional: true, min: 1, max: MAX_PAGE, description: 'Counts from the newest; not together with before' })
  page?: number;
}

/** A conversation as the caller sees it. */
export class ConversationResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string', enum: CONVERSATION_TYPES })
  type!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string', example: 'Youssef Benali' })
  patientName!: string;

  @ApiProperty({ type: 'string', nullable: true })
  typeDiabete!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  doctorId!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Dr. Élodie Moreau' })
  doctorName!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  specialty!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  pharmacistId!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  pharmacistName!: string | null;

  @ApiProperty({ type: 'string', description: 'First 100 characters of the newest message' })
  lastMessage!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  lastMessageTime!: Date;

  @ApiProperty({ type: 'string', nullable: true })
  lastSenderId!: string | null;

  @ApiProperty({ type: 'integer' })
  unreadCount!: number;

  @ApiProperty({ type: 'boolean' })
  canSend!: boolean;

  @ApiProperty({ type: UserSummaryResponse })
  patient!: UserSummaryResponse;

  @ApiProperty({ type: UserSummaryResponse, nullable: true })
  doctor!: UserSummaryResponse | null;

  @ApiProperty({ type: UserSummaryResponse, nullable: true })
  pharmacist!: UserSummaryResponse | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** An item of a pharmacist's list: `patientId` is the summary object. */
export class PharmacistConversationResponse extends ConversationResponse {
  @ApiProperty({ type: UserSummaryResponse })
  declare patientId: never;
}

/** `{ conversations }`. */
export class ConversationListResponse {
  @ApiProperty({ type: [ConversationResponse] })
  conversations!: ConversationResponse[];
}

/** A message. */
export class MessageItem {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  conversationId!: string;

  @ApiProperty({ type: 'string' })
  senderId!: string;

  @ApiProperty({ type: 'string' })
  senderName!: string;

  @ApiProperty({ type: 'string' })
  receiverId!: string;

  @ApiProperty({ type: 'string' })
  content!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  timestamp!: Date;

  @ApiProperty({ type: 'boolean' })
  isRead!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  deliveredAt!: Date | null;

  @ApiPropertyOptional({ type: 'string', format: 'uuid' })
  clientMessageId?: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A page of messages, ascending; page mode adds the totals. */
export class MessagePageResponse {
  @ApiProperty({ type: [MessageItem] })
  messages!: MessageItem[];

  @ApiProperty({ type: 'boolean', description: 'Older ones exist' })
  hasMore!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: '_id of the first message of the page' })
  nextCursor!: string | null;

  @ApiPropertyOptional({ type: 'integer' })
  total?: number;

  @ApiPropertyOptional({ type: 'integer' })
  page?: number;

  @ApiPropertyOptional({ type: 'integer' })
  limit?: number;

  @ApiPropertyOptional({ type: 'integer' })
  pages?: number;
}

/** Answer of PATCH /conversations/:id/read/:userId. */
export class ConversationReadResponse {
  @ApiProperty({ type: 'boolean', enum: [true] })
  success!: true;

  @ApiProperty({ type: 'integer', description: 'Messages changed; 0 on repetition' })
  updated!: number;
}
