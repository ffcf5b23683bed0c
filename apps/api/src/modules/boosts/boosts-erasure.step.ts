import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import { ErasureSteps } from '../users';
import { BoostsRepository } from './boosts.repository';

/** Cancels what an erased pharmacy has running or ahead. */
@Injectable()
export class BoostsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly boosts: BoostsRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'boosts',
      run: async ({ userId, role }) => {
        if (role === 'PHARMACIEN') await this.boosts.cancelOf(userId, this.clock.now());
      },
    });
  }
}
