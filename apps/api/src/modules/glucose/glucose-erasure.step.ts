import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureSteps } from '../users';
import { GlucoseDaysRepository } from './days/days.repository';
import { ReadingsRepository } from './readings.repository';

/** Removes the readings of an erased patient and what was computed from them. */
@Injectable()
export class GlucoseErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly readings: ReadingsRepository,
    private readonly days: GlucoseDaysRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'glucose',
      run: async ({ userId, role }) => {
        if (role !== 'PATIENT') return;
        await this.readings.deleteOf(userId);
        await this.days.deleteOf(userId);
      },
    });
  }
}
