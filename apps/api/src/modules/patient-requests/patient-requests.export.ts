import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccountDirectory, type ExportItem, ExportSections } from '../users';
import { toOwnRequest } from './patient-request.mapper';
import { PatientRequestsRepository } from './patient-requests.repository';

/** A patient's requests of every kind in their export. */
@Injectable()
export class PatientRequestsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly requests: PatientRequestsRepository,
    private readonly directory: AccountDirectory,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'patientRequests', roles: ['PATIENT'], items: ({ id }) => this.items(id) });
  }

  private async *items(patientId: string): AsyncGenerator<ExportItem> {
    for await (const record of this.requests.allOf('patientId', patientId))
      yield { body: toOwnRequest(record, (await this.directory.findOne(record.doctorId.toHexString())) ?? undefined) };
  }
}
