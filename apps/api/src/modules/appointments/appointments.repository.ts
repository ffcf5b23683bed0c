import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import { atOrAfter, findByIdIf, newId, oid, type Tx } from '../../platform/database';
import { type AppointmentChange, hasExpired } from './appointment.policy';
import { Appointment } from './appointment.schema';
import { AppointmentCounts } from './counts/appointment-counts.repository';

/** An appointment as stored. */
export type AppointmentRecord = Appointment;

function toUpdate(change: AppointmentChange, now: Date) {
  const set: Record<string, unknown> = { updatedAt: now };
  const unset: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) unset[key] = 1;
    else set[key] = value;
  }
  return { $set: set, ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }), $inc: { __v: 1, sequence: 1 } };
}

/** Cancelled by the system. */
function cancelling(reason: string, now: Date) {
  return {
    $set: { status: 'Cancelled', cancelledBy: 'SYSTEM', reason, updatedAt: now },
    $unset: { awaiting: 1, expiresAt: 1, reminders: 1 },
    $inc: { __v: 1, sequence: 1 },
  };
}

function isOpenAhead(stored: AppointmentRecord, now: Date): boolean {
  const open = stored.status === 'Confirmed' || (stored.status === 'Pending' && !hasExpired(stored, now));
  return open && stored.deletedAt === undefined && stored.dateTime > now;
}

// Below every date and above absence: the index is not walked through all that never expire.
const BEGINNING = new Date(0);

/** Appointments by party. A hidden one is found by nobody. */
@Injectable()
export class AppointmentsRepository {
  constructor(
    @InjectModel(Appointment.name) private readonly appointments: Model<Appointment>,
    private readonly counts: AppointmentCounts,
  ) {}

  private get raw() {
    return this.appointments.collection;
  }

  async insert(
    tx: Tx,
    appointment: Omit<AppointmentRecord, '_id' | '__v' | 'createdAt' | 'updatedAt' | 'sequence'>,
    now: Date,
  ): Promise<AppointmentRecord> {
    const record = { ...appointment, _id: newId(), __v: 0, sequence: 0, createdAt: now, updatedAt: now };
    await this.raw.insertOne({ ...record }, { session: tx.session });
    await this.counts.follow(tx, [{ before: null, after: record }]);
    return record;
  }

  /** The appointment if the caller is a party and it is not hidden. */
  async findAsParty(scope: PartyScope, id: string): Promise<AppointmentRecord | null> {
    const { side, userId } = scope;
    if (side === 'pharmacistId') return null;
    return findByIdIf<AppointmentRecord>(
      this.raw,
      oid(id),
      (found) => found[side].equals(userId) && found.deletedAt === undefined,
    );
  }

  /** By id, hidden ones included; for what the system tells the parties. */
  async findById(id: string): Promise<AppointmentRecord | null> {
    return this.raw.findOne<AppointmentRecord>({ _id: oid(id) });
  }

  /** Applies a change if the appointment still has `version`; null when it changed meanwhile. */
  async update(
    tx: Tx,
    id: string,
    version: number,
    change: AppointmentChange,
    now: Date,
  ): Promise<AppointmentRecord | null> {
    const current = (stored: AppointmentRecord): boolean => stored.__v === version && stored.deletedAt === undefined;
    return this.changeIf(tx, id, current, toUpdate(change, now));
  }

  /** Pending ones whose time has run out, at most `limit`. */
  async overdue(now: Date, limit: number): Promise<AppointmentRecord[]> {
    const [byDate, byDeadline] = await Promise.all([
      this.raw
        .find<AppointmentRecord>({ status: 'Pending', dateTime: { $lte: now } })
        .limit(limit)
        .toArray(),
      this.raw
        .find<AppointmentRecord>({ status: 'Pending', expiresAt: { $gt: BEGINNING, $lte: now } })
        .limit(limit)
        .toArray(),
    ]);
    const seen = new Map([...byDate, ...byDeadline].map((record) => [record._id.toHexString(), record]));
    return [...seen.values()];
  }

  /** Cancels what the pair still has ahead, by the system; returns them as they were. */
  async cancelFutureOfPair(
    tx: Tx,
    patientId: string,
    doctorId: string,
    reason: string,
    now: Date,
  ): Promise<AppointmentRecord[]> {
    const ahead = { patientId: oid(patientId), deletedAt: null, dateTime: { $gt: now } };
    const found = await this.raw.find<AppointmentRecord>(ahead, { session: tx.session }).toArray();
    const open = found.filter((stored) => stored.doctorId.equals(doctorId) && isOpenAhead(stored, now));
    if (open.length === 0) return [];
    await this.raw.updateMany({ _id: { $in: open.map(({ _id }) => _id) } }, cancelling(reason, now), {
      session: tx.session,
    });
    await this.counts.follow(
      tx,
      open.map((stored) => ({ before: stored, after: { ...stored, status: 'Cancelled' } })),
    );
    return open;
  }

  /** Ids of what an account still has ahead. */
  async openAhead(side: 'patientId' | 'doctorId', userId: string, now: Date): Promise<string[]> {
    const ahead = { [side]: oid(userId), deletedAt: null, dateTime: { $gt: now } };
    const found = await this.raw.find<AppointmentRecord>(ahead).toArray();
    return found.filter((stored) => isOpenAhead(stored, now)).map(({ _id }) => _id.toHexString());
  }

  /** Cancels one that is still ahead, by the system; null when it is not open any more. */
  async cancelAhead(tx: Tx, id: string, reason: string, now: Date): Promise<AppointmentRecord | null> {
    return this.changeIf(tx, id, (stored) => isOpenAhead(stored, now), cancelling(reason, now));
  }

  private async changeIf(
    tx: Tx,
    id: string,
    condition: (stored: AppointmentRecord) => boolean,
    update: ReturnType<typeof toUpdate | typeof cancelling>,
  ): Promise<AppointmentRecord | null> {
    const { session } = tx;
    const before = await findByIdIf<AppointmentRecord>(this.raw, oid(id), condition, { session });
    if (before === null) return null;
    const after = await this.raw.findOneAndUpdate({ _id: before._id }, update, { returnDocument: 'after', session });
    await this.counts.follow(tx, [{ before, after: after as AppointmentRecord | null }]);
    return after as AppointmentRecord | null;
  }

  /** Those of a party that it has not hidden, by their time, earliest first; both ends included. */
  async between(side: 'patientId' | 'doctorId', userId: string, from: Date, until: Date): Promise<AppointmentRecord[]> {
    const dateTime = { ...atOrAfter(from), $lte: until };
    return this.raw
      .find<AppointmentRecord>({ [side]: oid(userId), deletedAt: null, dateTime })
      .sort({ dateTime: 1, _id: 1 })
      .toArray();
  }

  /** Takes a patient's texts out of all appointments: notes, and reasons that a person gave. */
  async clearTextsOf(patientId: string, now: Date): Promise<void> {
    const all = { patientId: oid(patientId) };
    await this.raw.updateMany(
      { ...all, notes: { $ne: '' } },
      { $set: { notes: '', updatedAt: now }, $inc: { __v: 1 } },
    );
    await this.raw.updateMany(
      { ...all, reason: { $gt: '' }, cancelledBy: { $ne: 'SYSTEM' } },
      { $unset: { reason: 1 }, $set: { updatedAt: now }, $inc: { __v: 1 } },
    );
  }

  /** All appointments of a party that it has not hidden, earliest first, one at a time. */
  allOf(side: 'patientId' | 'doctorId', userId: string): AsyncIterable<AppointmentRecord> {
    return this.raw.find<AppointmentRecord>({ [side]: oid(userId), deletedAt: null }).sort({ dateTime: 1, _id: 1 });
  }
}
