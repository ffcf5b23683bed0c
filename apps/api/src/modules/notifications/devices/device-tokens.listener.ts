import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxHandlers } from '../../../platform/outbox';
import { DeviceTokensRepository } from './device-tokens.repository';

/** Payload of `session.ended`, as access/ emits it. */
interface SessionEnded {
  readonly userId: string;
  readonly sessionIds: readonly string[];
}

/** A device that was signed out is told nothing more. */
@Injectable()
export class DeviceTokensListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly repository: DeviceTokensRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.on<SessionEnded>('session.ended', ({ payload }, tx) =>
      this.repository.removeOfSessions(tx, payload.sessionIds),
    );
  }
}
