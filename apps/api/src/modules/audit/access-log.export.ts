import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ExportItem, ExportSections } from '../users';
import { AuditService } from './audit.service';

/** The access log in a patient's export. */
@Injectable()
export class AccessLogExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly audit: AuditService,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'accessLog', roles: ['PATIENT'], items: ({ id }) => this.items(id) });
  }

  private async *items(patientId: string): AsyncGenerator<ExportItem> {
    for await (const body of this.audit.allOfPatient(patientId)) yield { body };
  }
}
