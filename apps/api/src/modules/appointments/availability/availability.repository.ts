import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../../platform/database';
import { DoctorAvailability } from './availability.schema';

/** What a doctor sets of an availability. */
export type AvailabilityContent = Pick<
  DoctorAvailability,
  'timeZone' | 'slotMinutes' | 'published' | 'rules' | 'exceptions'
>;

/** When doctors receive, one document each. */
@Injectable()
export class AvailabilityRepository {
  constructor(@InjectModel(DoctorAvailability.name) private readonly availabilities: Model<DoctorAvailability>) {}

  private get raw() {
    return this.availabilities.collection;
  }

  /** What the doctor has stored, or null. */
  async find(doctorId: string, tx?: Tx): Promise<DoctorAvailability | null> {
    return this.raw.findOne<DoctorAvailability>(
      { doctorId: oid(doctorId) },
      tx === undefined ? {} : { session: tx.session },
    );
  }

  /** Replaces everything; answers what is stored now. */
  async replace(tx: Tx, doctorId: string, content: AvailabilityContent, now: Date): Promise<DoctorAvailability> {
    const stored = await this.find(doctorId, tx);
    if (stored === null) {
      const made = { _id: newId(), doctorId: oid(doctorId), ...content, createdAt: now, updatedAt: now };
      await this.raw.insertOne({ ...made }, { session: tx.session });
      return made;
    }
    await this.raw.updateOne({ _id: stored._id }, { $set: { ...content, updatedAt: now } }, { session: tx.session });
    return { ...stored, ...content, updatedAt: now };
  }

  /** Removes what an erased doctor has stored. */
  async deleteOf(doctorId: string): Promise<void> {
    await this.raw.deleteMany({ doctorId: oid(doctorId) });
  }
}
