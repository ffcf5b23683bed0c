import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../platform/database';
import { UserRating } from './user-rating.schema';

/** Exact sums in tenths: notes have one decimal. */
export interface NoteSum {
  readonly tenths: number;
  readonly count: number;
}

const NOTHING: NoteSum = { tenths: 0, count: 0 };

/** A note as a whole number of tenths. */
export function tenthsOf(note: number): number {
  return Math.round(note * 10);
}

/** Notes of professionals by patients. */
@Injectable()
export class UserRatingsRepository {
  constructor(@InjectModel(UserRating.name) private readonly ratings: Model<UserRating>) {}

  private get raw() {
    return this.ratings.collection;
  }

  /** Stores the patient's note of a professional; returns the one before, or null. */
  async replace(
    tx: Tx,
    patientId: string,
    target: { readonly id: string; readonly role: UserRating['targetRole'] },
    note: number,
    now: Date,
  ): Promise<number | null> {
    const pair = { patientId: oid(patientId), targetId: oid(target.id) };
    const before = await this.raw.findOne<UserRating>(pair, { session: tx.session });
    if (before === null) {
      const fresh = { _id: newId(), ...pair, targetRole: target.role, note, createdAt: now, updatedAt: now };
      await this.raw.insertOne(fresh, { session: tx.session });
      return null;
    }
    await this.raw.updateOne({ _id: before._id }, { $set: { note, updatedAt: now } }, { session: tx.session });
    return before.note;
  }

  /** The notes that a patient gave. */
  async givenBy(patientId: string): Promise<UserRating[]> {
    return this.raw.find<UserRating>({ patientId: oid(patientId) }).toArray();
  }

  /** Removes one; false when it was removed before. */
  async remove(tx: Tx, rating: UserRating): Promise<boolean> {
    return (await this.raw.deleteOne({ _id: rating._id }, { session: tx.session })).deletedCount === 1;
  }

  /** Removes all notes of a professional. */
  async deleteOfTarget(targetId: string): Promise<void> {
    await this.raw.deleteMany({ targetId: oid(targetId) });
  }

  /** Sum and number of a professional's notes, counted from the notes themselves. */
  async sumOf(targetId: string, tx: Tx): Promise<NoteSum> {
    const notes = await this.raw
      .find<UserRating>({ targetId: oid(targetId) }, { projection: { note: 1 }, session: tx.session })
      .toArray();
    return notes.reduce((sum, { note }) => ({ tenths: sum.tenths + tenthsOf(note), count: sum.count + 1 }), NOTHING);
  }

  /** Sum and number per professional; for the check of counters. */
  async sums(): Promise<Map<string, NoteSum>> {
    const found = new Map<string, NoteSum>();
    for await (const { targetId, note } of this.raw.find<UserRating>({}, { projection: { targetId: 1, note: 1 } })) {
      const { tenths, count } = found.get(targetId.toHexString()) ?? NOTHING;
      found.set(targetId.toHexString(), { tenths: tenths + tenthsOf(note), count: count + 1 });
    }
    return found;
  }
}
