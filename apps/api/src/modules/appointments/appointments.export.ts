import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { Clock } from '../../common/time';
import { AccountDirectory, type ExportItem, ExportSections } from '../users';
import { partiesOf, toAppointment } from './appointment.mapper';
import { effective } from './appointment.policy';
import { AppointmentsRepository } from './appointments.repository';

/** Appointments in the export of their parties. */
@Injectable()
export class AppointmentsExport implements OnModuleInit {
  constructor(
    private readonly sections: ExportSections,
    private readonly appointments: AppointmentsRepository,
    private readonly directory: AccountDirectory,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sections.register({ key: 'appointments', roles: ['PATIENT', 'MEDECIN'], items: (actor) => this.items(actor) });
  }

  private async *items(actor: Actor): AsyncGenerator<ExportItem> {
    const side = actor.role === 'PATIENT' ? 'patientId' : 'doctorId';
    for await (const record of this.appointments.allOf(side, actor.id)) {
      const people = await this.directory.find(partiesOf([record]));
      yield { body: toAppointment(effective(record, this.clock.now()), people) };
    }
  }
}
