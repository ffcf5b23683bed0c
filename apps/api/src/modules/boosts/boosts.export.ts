import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { Clock } from '../../common/time';
import { type ExportItem, ExportSections } from '../users';
import { toBoost } from './boost.mapper';
import { BoostsRepository } from './boosts.repository';

/** Boosts in the export of their pharmacy. */
@Injectable()
export class BoostsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly boosts: BoostsRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'boosts', roles: ['PHARMACIEN'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const boost of this.boosts.allOf(actor.id)) yield { body: toBoost(boost, this.clock.now()) };
  }
}
