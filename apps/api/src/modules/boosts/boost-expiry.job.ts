import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Scheduler } from '../../platform/scheduler';
import { BoostsRepository } from './boosts.repository';

/** Writes down, every minute, that boosts are over; reads and writes know it before. */
@Injectable()
export class BoostExpiryJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly boosts: BoostsRepository,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'boost-expiry', everySeconds: 60, run: (now) => this.boosts.expire(now) });
  }
}
