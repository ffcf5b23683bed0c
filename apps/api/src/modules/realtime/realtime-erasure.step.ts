import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RealtimeEvents } from '../../platform/realtime';
import { ErasureSteps } from '../users';
import { PresenceRepository } from './presence.repository';

/** An erased account's events go; in those of others its resources are read again over REST, without its name. */
@Injectable()
export class RealtimeErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly events: RealtimeEvents,
    private readonly presences: PresenceRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'realtime',
      run: async ({ userId }) => {
        await this.events.deleteOf(userId);
        await this.events.deleteAbout(userId);
        await this.presences.deleteOf(userId);
      },
    });
  }
}
