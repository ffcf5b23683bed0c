import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureSteps } from '../users';
import { ActivitiesRepository } from './activities.repository';
import { PharmacyPeriodsRepository } from './pharmacy-periods.repository';

/** Removes the ledger and the figures of an erased pharmacy. */
@Injectable()
export class ActivitiesErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly activities: ActivitiesRepository,
    private readonly periods: PharmacyPeriodsRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'activities',
      run: async ({ userId, role }) => {
        if (role !== 'PHARMACIEN') return;
        await this.activities.deleteOf(userId);
        await this.periods.deleteOf(userId);
      },
    });
  }
}
