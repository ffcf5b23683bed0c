import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OneTimeTokens, Sessions } from '../../../access';
import { IdempotencyService } from '../../../platform/http';
import { OutboxRepository } from '../../../platform/outbox';
import { type ErasedAccount, ErasureSteps } from './erasure-steps';

/** Removes what the infrastructure holds of an erased account: sessions, tokens, stored answers, waiting events. */
@Injectable()
export class AccountTracesStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly sessions: Sessions,
    private readonly tokens: OneTimeTokens,
    private readonly idempotency: IdempotencyService,
    private readonly outbox: OutboxRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'account-traces', run: (account) => this.run(account) });
  }

  private async run({ userId, erasedAt }: ErasedAccount): Promise<void> {
    await this.sessions.deleteOf(userId);
    await this.tokens.deleteOf(userId);
    await this.idempotency.deleteAbout(userId);
    await this.outbox.dropAddressedTo(userId, erasedAt);
  }
}
