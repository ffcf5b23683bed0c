import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { Notifier } from '../notifications';
import type { AccessChanged, LinkEnded } from './care-relations.service';

/** Tells the other side that access changed or the relation ended (contract 20 section 5). */
@Injectable()
export class CareRelationsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AccessChanged>('access.changed', (event, tx) => this.accessChanged(event, tx));
    this.handlers.on<LinkEnded>('link.ended', (event, tx) => this.linkEnded(event, tx));
  }

  private async accessChanged(event: DeliveredEvent<AccessChanged>, tx: Tx): Promise<void> {
    const { patientId, doctorId, enabled } = event.payload;
    await this.notifier.notify(tx, {
      userId: doctorId,
      actorId: patientId,
      type: 'new_request',
      event: 'access_changed',
      relatedId: patientId,
      data: { patientId, doctorId, enabled },
      facts: { enabled },
      at: event.at,
    });
  }

  private async linkEnded(event: DeliveredEvent<LinkEnded>, tx: Tx): Promise<void> {
    const { patientId, doctorId, endedBy, cancelledAppointments } = event.payload;
    await this.notifier.notify(tx, {
      userId: endedBy === patientId ? doctorId : patientId,
      actorId: endedBy,
      type: 'new_request',
      event: 'link_ended',
      relatedId: patientId,
      data: { patientId, doctorId, ...(cancelledAppointments === undefined ? {} : { cancelledAppointments }) },
      at: event.at,
    });
  }
}
