import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { Notifier } from '../notifications';
import { MEDICATION_CHANGED, type MedicationChanged } from './medication-request.events';

/** Tells pharmacies and patients what happened to a request (contract 40 section 3.4). */
@Injectable()
export class MedicationRequestsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
  ) {}

  onModuleInit(): void {
    this.handlers.on<MedicationChanged>(MEDICATION_CHANGED, (event, tx) => this.changed(event, tx));
  }

  private async changed({ payload, at }: DeliveredEvent<MedicationChanged>, tx: Tx): Promise<void> {
    const { requestId, patientId, event, urgent, pharmacyIds, byPharmacyId } = payload;
    const told = {
      type: 'medication',
      event,
      relatedId: requestId,
      severity: urgent ? 'warning' : 'info',
      at,
    } as const;
    for (const pharmacyId of pharmacyIds)
      await this.notifier.notify(tx, {
        ...told,
        userId: pharmacyId,
        // The text names the patient, also where a pick-up chose the pharmacy.
        actorId: patientId,
        data: { requestId, patientId, pharmacyId },
      });
    if (pharmacyIds.length > 0) return;
    await this.notifier.notify(tx, {
      ...told,
      userId: patientId,
      actorId: byPharmacyId,
      data: { requestId, patientId, ...(byPharmacyId === null ? {} : { pharmacyId: byPharmacyId }) },
    });
  }
}
