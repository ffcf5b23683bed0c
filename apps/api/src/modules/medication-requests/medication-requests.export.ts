import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { Clock } from '../../common/time';
import { AccountDirectory, type ExportItem, ExportSections } from '../users';
import { peopleOf, toMedicationRequest } from './medication-request.mapper';
import { effective } from './medication-request.policy';
import { MedicationRequestsRepository } from './medication-requests.repository';

/** Medication requests in the export of their patient. */
@Injectable()
export class MedicationRequestsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly requests: MedicationRequestsRepository,
    private readonly directory: AccountDirectory,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'medicationRequests', roles: ['PATIENT'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    for await (const record of this.requests.allOf(actor.id)) {
      const accounts = await this.directory.find(peopleOf([record]));
      const current = effective(record, this.clock.now());
      yield { body: toMedicationRequest(current, { viewer: { side: 'patient' }, accounts }) };
    }
  }
}
