import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { atOrAfter, oid } from '../../platform/database';
import { effective } from './appointment.policy';
import { Appointment } from './appointment.schema';
import type { AppointmentRecord } from './appointments.repository';

/** What a doctor's dashboard asks: what comes next. */
@Injectable()
export class DoctorAppointmentsRepository {
  constructor(@InjectModel(Appointment.name) private readonly appointments: Model<Appointment>) {}

  /**
   * The doctor's next ones from now up to `until` that are not cancelled, earliest first. The statuses are judged here:
   * so the list is walked by its dates alone, and ends with the last one wanted.
   */
  async upcoming(doctorId: string, now: Date, until: Date, limit: number): Promise<AppointmentRecord[]> {
    const dateTime = { ...atOrAfter(now), $lte: until };
    const ahead = this.appointments.collection
      .find<AppointmentRecord>({ doctorId: oid(doctorId), deletedAt: null, dateTime })
      .sort({ dateTime: 1, _id: 1 });
    const found: AppointmentRecord[] = [];
    for await (const record of ahead) {
      if (effective(record, now).status === 'Cancelled') continue;
      found.push(record);
      if (found.length === limit) break;
    }
    return found;
  }
}
