import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { AccountDirectory, type ExportItem, ExportSections } from '../users';

/** Every care relation that an account ever had, with the names of both sides. */
@Injectable()
export class CareLinksExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly links: CareLinks,
    private readonly directory: AccountDirectory,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'careLinks', roles: ['PATIENT', 'MEDECIN'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    const side = actor.role === 'PATIENT' ? 'patientId' : 'doctorId';
    for await (const link of this.links.allOf(actor.id, side)) {
      const [patientId, doctorId] = [link.patientId.toHexString(), link.doctorId.toHexString()];
      yield {
        body: {
          _id: link._id.toHexString(),
          patientId,
          patientName: await this.directory.nameOf(patientId),
          doctorId,
          doctorName: await this.directory.nameOf(doctorId),
          status: link.status,
          accessEnabled: link.accessEnabled,
          since: link.since,
          endedAt: link.endedAt ?? null,
          endedBy: link.endedBy?.toHexString() ?? null,
          origin: link.origin,
        },
      };
    }
  }
}
