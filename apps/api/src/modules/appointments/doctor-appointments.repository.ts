import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { atOrAfter, oid } from '../../platform/database';
import type { AppointmentCount } from './appointment-counts.policy';
import { effective, hasExpired } from './appointment.policy';
import { Appointment } from './appointment.schema';
import type { AppointmentRecord } from './appointments.repository';

/** What a doctor's dashboard asks: what comes next, and how many there are. */
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

  /** How many of a doctor's there are by status and type; the hidden ones do not count, expired ones as Cancelled. */
  async counts(doctorId: string, now: Date): Promise<AppointmentCount[]> {
    const listed = { doctorId: oid(doctorId), deletedAt: null };
    const [groups, pending] = await Promise.all([
      this.appointments.collection
        .aggregate<{ _id: Pick<AppointmentRecord, 'status' | 'type'>; count: number }>([
          { $match: listed },
          { $group: { _id: { status: '$status', type: '$type' }, count: { $sum: 1 } } },
        ])
        .toArray(),
      this.appointments.collection
        .find<Pick<AppointmentRecord, 'status' | 'type' | 'dateTime' | 'expiresAt'>>(
          { ...listed, status: 'Pending' },
          { projection: { status: 1, type: 1, dateTime: 1, expiresAt: 1 } },
        )
        .toArray(),
    ]);
    return [
      ...groups.filter(({ _id }) => _id.status !== 'Pending').map(({ _id, count }) => ({ ..._id, count })),
      ...pending.map((record) => ({
        status: hasExpired(record, now) ? ('Cancelled' as const) : record.status,
        type: record.type,
        count: 1,
      })),
    ];
  }
}
