import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ERASED_NAME } from '../../common/names';
import { ErasureSteps } from '../users';
import { NotificationsRepository } from './notifications.repository';

/** An erased account is told nothing more, and its name leaves what others were told. */
@Injectable()
export class NotificationsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly repository: NotificationsRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'notifications',
      run: async ({ userId }) => {
        await this.repository.deleteOf(userId);
        await this.repository.renameActor(userId, ERASED_NAME);
      },
    });
  }
}
