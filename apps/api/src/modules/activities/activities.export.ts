import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { type ExportItem, ExportSections } from '../users';
import { ActivitiesRepository } from './activities.repository';
import { toActivity } from './activity.mapper';

/** Activities in the export of their pharmacy. */
@Injectable()
export class ActivitiesExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly activities: ActivitiesRepository,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'activities', roles: ['PHARMACIEN'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const activity of this.activities.allOf(actor.id)) yield { body: toActivity(activity) };
  }
}
