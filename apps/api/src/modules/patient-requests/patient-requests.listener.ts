import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { Notifier } from '../notifications';
import type { RequestType } from './patient-request.schema';

interface RequestEvent {
  readonly requestId: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly requestType: RequestType;
  readonly urgent: boolean;
}

const EVENTS: Readonly<Record<string, Partial<Record<RequestType, string>>>> = {
  'request.created': { patient_link: 'request_created', access_renewal: 'access_requested' },
  'request.accepted': { patient_link: 'request_accepted', access_renewal: 'access_accepted' },
  'request.declined': { patient_link: 'request_declined', access_renewal: 'access_declined' },
};

/** Tells the other side of a request what happened (contract 20 section 5). */
@Injectable()
export class PatientRequestsListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly notifier: Notifier,
  ) {}

  onModuleInit(): void {
    for (const topic of Object.keys(EVENTS))
      this.handlers.on<RequestEvent>(topic, (event, tx) => this.notify(event, tx));
  }

  private async notify(event: DeliveredEvent<RequestEvent>, tx: Tx): Promise<void> {
    const { requestId, patientId, doctorId, requestType, urgent } = event.payload;
    const name = EVENTS[event.topic]?.[requestType];
    if (name === undefined) return;
    // A patient_link is asked by the patient and answered by the doctor; an access_renewal the other way round.
    const askedByPatient = requestType === 'patient_link';
    const toDoctor = askedByPatient === (event.topic === 'request.created');
    await this.notifier.notify(tx, {
      userId: toDoctor ? doctorId : patientId,
      actorId: toDoctor ? patientId : doctorId,
      type: 'new_request',
      event: name,
      relatedId: requestId,
      severity: event.topic === 'request.created' && urgent ? 'warning' : 'info',
      data: { requestId, patientId, doctorId },
      at: event.at,
    });
  }
}
