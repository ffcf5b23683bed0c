import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { ConversationsRepository } from './conversations.repository';

/** Makes the conversation of a pair as part of what links them. */
@Injectable()
export class ConversationOpener {
  constructor(private readonly conversations: ConversationsRepository) {}

  /** The pair has a conversation afterwards; an existing one is left as it is. */
  async ensure(tx: Tx, pair: { patientId: string; doctorId: string; now: Date }): Promise<void> {
    const { now, ...ids } = pair;
    if ((await this.conversations.findPair(ids, tx)) === null) await this.conversations.insert(tx, ids, now);
  }
}
