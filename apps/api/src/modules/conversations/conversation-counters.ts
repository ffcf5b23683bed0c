import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CounterChecks, type CounterDifference, foundTwice } from '../../platform/scheduler';
import { ConversationsRepository } from './conversations.repository';
import { MessagesRepository } from './messages.repository';

/** Holds the unread counters of conversations against their messages. */
@Injectable()
export class ConversationCounters implements OnModuleInit {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly conversations: ConversationsRepository,
    private readonly checks: CounterChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register(foundTwice(() => this.differences()));
  }

  private async differences(): Promise<CounterDifference[]> {
    const [conversations, unread] = await Promise.all([
      this.conversations.counters(),
      this.messages.unreadByReceiver(),
    ]);
    return conversations.flatMap((conversation) => {
      const id = conversation._id.toHexString();
      const professional = conversation.doctorId ?? conversation.pharmacistId;
      const sides = [
        { counter: 'conversations.patientUnread', stored: conversation.patientUnread, reader: conversation.patientId },
        { counter: 'conversations.professionalUnread', stored: conversation.professionalUnread, reader: professional },
      ];
      return sides
        .map(({ counter, stored, reader }) => ({
          counter,
          owner: id,
          stored,
          counted: unread.get(`${id}:${reader?.toHexString() ?? ''}`) ?? 0,
        }))
        .filter((side) => side.stored !== side.counted);
    });
  }
}
