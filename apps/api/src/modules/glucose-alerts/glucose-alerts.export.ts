import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { Clock } from '../../common/time';
import { type ExportItem, ExportSections } from '../users';
import { toAlert } from './alert.mapper';
import { AlertsRepository } from './alerts.repository';

/** Alerts in the export of their patient. */
@Injectable()
export class GlucoseAlertsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly alerts: AlertsRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'alerts', roles: ['PATIENT'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const alert of this.alerts.allOf(actor.id)) yield { body: toAlert(alert, actor.id, this.clock.now()) };
  }
}
