import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, oid, type Tx } from '../../platform/database';
import { judgeReminder, type ReminderKind } from './appointment-reminders.policy';
import { Appointment } from './appointment.schema';
import type { AppointmentRecord } from './appointments.repository';

/** Reminders of appointments that are due. */
@Injectable()
export class RemindersRepository {
  constructor(@InjectModel(Appointment.name) private readonly appointments: Model<Appointment>) {}

  /** Ids of appointments of which that reminder is due, the longest due first, at most `limit`. */
  async due(kind: ReminderKind, now: Date, limit: number): Promise<string[]> {
    const due = `reminders.${kind.due}`;
    const found = await this.appointments.collection
      .find<Pick<AppointmentRecord, '_id'>>({ status: 'Confirmed', [due]: { $lte: now } }, { projection: { _id: 1 } })
      .sort({ [due]: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id.toHexString());
  }

  /**
   * Marks the reminder as told if it still is to be told; null when it is not: told by another instance, moved,
   * cancelled, or begun (then it is dropped). Neither version nor `updatedAt` change: nothing that anybody is shown does.
   */
  async take(tx: Tx, id: string, kind: ReminderKind, now: Date): Promise<AppointmentRecord | null> {
    const { collection } = this.appointments;
    const isOpen = (stored: AppointmentRecord): boolean => judgeReminder(stored, kind, now) !== 'none';
    const stored = await findByIdIf<AppointmentRecord>(collection, oid(id), isOpen, { session: tx.session });
    if (stored === null) return null;
    const tells = judgeReminder(stored, kind, now) === 'tell';
    await collection.updateOne(
      { _id: stored._id },
      {
        $unset: { [`reminders.${kind.due}`]: 1 },
        ...(tells ? { $set: { [`reminders.${kind.sentAt}`]: now } } : {}),
      },
      { session: tx.session },
    );
    return tells ? stored : null;
  }
}
