import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import { atOrAfter, findByIdIf, newId, oid, type Tx, updateByIdIf } from '../../platform/database';
import type { AppointmentChange } from './appointment.policy';
import { Appointment, type AppointmentStatus, type AppointmentType } from './appointment.schema';

/** An appointment as stored. */
export type AppointmentRecord = Appointment;

/** Which appointments of a list are wanted; `now` decides which Pending ones have expired. */
export interface AppointmentFilter {
  readonly statuses: readonly AppointmentStatus[] | null;
  readonly type: AppointmentType | null;
  readonly from: Date | null;
  readonly until: Date | null;
  readonly untilInclusive: boolean;
  /** Calendar days in the zone of each appointment's doctor. */
  readonly fromDay: string | null;
  readonly untilDay: string | null;
  readonly now: Date;
}

/** Whose list: a party's own, narrowed to one counterpart where a doctor looks at a patient. */
export interface AppointmentListScope {
  readonly side: 'patientId' | 'doctorId';
  readonly userId: string;
  readonly onlyWithDoctor?: string;
}

/** Pending ones that have not run out. */
function openPending(now: Date) {
  return { status: 'Pending', dateTime: { $gt: now }, expiresAt: { $not: { $lte: now } } };
}

function expiredPending(now: Date) {
  return { status: 'Pending', $or: [{ dateTime: { $lte: now } }, { expiresAt: { $exists: true, $lte: now } }] };
}

function statusFilter(statuses: readonly AppointmentStatus[] | null, now: Date): Record<string, unknown> {
  if (statuses === null || statuses.length === 4) return {};
  const parts = statuses.flatMap((status): Record<string, unknown>[] => {
    if (status === 'Pending') return [openPending(now)];
    return status === 'Cancelled' ? [{ status }, expiredPending(now)] : [{ status }];
  });
  return parts.length === 1 ? { $and: parts } : { $and: [{ $or: parts }] };
}

function listFilter(scope: AppointmentListScope, filter: AppointmentFilter): Record<string, unknown> {
  const dateTime = {
    ...(filter.from === null ? {} : atOrAfter(filter.from)),
    ...(filter.until === null ? {} : filter.untilInclusive ? { $lte: filter.until } : { $lt: filter.until }),
  };
  const day = {
    ...(filter.fromDay === null ? {} : { $gte: filter.fromDay }),
    ...(filter.untilDay === null ? {} : { $lte: filter.untilDay }),
  };
  return {
    [scope.side]: oid(scope.userId),
    ...(scope.onlyWithDoctor === undefined ? {} : { doctorId: oid(scope.onlyWithDoctor) }),
    deletedAt: null,
    ...(Object.keys(dateTime).length === 0 ? {} : { dateTime }),
    ...(Object.keys(day).length === 0 ? {} : { day }),
    ...(filter.type === null ? {} : { type: filter.type }),
    ...statusFilter(filter.statuses, filter.now),
  };
}

function toUpdate(change: AppointmentChange, now: Date) {
  const set: Record<string, unknown> = { updatedAt: now };
  const unset: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) unset[key] = 1;
    else set[key] = value;
  }
  return { $set: set, ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }), $inc: { __v: 1, sequence: 1 } };
}

/** Appointments by party. A hidden one is found by nobody. */
@Injectable()
export class AppointmentsRepository {
  constructor(@InjectModel(Appointment.name) private readonly appointments: Model<Appointment>) {}

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

  /** Applies a change if the appointment still has `version`; null when it changed meanwhile. */
  async update(
    tx: Tx,
    id: string,
    version: number,
    change: AppointmentChange,
    now: Date,
  ): Promise<AppointmentRecord | null> {
    const current = (stored: AppointmentRecord): boolean => stored.__v === version && stored.deletedAt === undefined;
    return updateByIdIf<AppointmentRecord>(this.raw, oid(id), current, toUpdate(change, now), tx.session);
  }

  /** A page of a list, with the number of all that match. */
  async page(
    scope: AppointmentListScope,
    filter: AppointmentFilter,
    ascending: boolean,
    skip: number,
    limit: number,
  ): Promise<{ data: AppointmentRecord[]; total: number }> {
    const where = listFilter(scope, filter);
    const direction = ascending ? 1 : -1;
    const data = await this.raw
      .find<AppointmentRecord>(where)
      .sort({ dateTime: direction, _id: direction })
      .skip(skip)
      .limit(limit)
      .toArray();
    // A page that is not full has told the number already, unless it lies past the end.
    const known = data.length < limit && (data.length > 0 || skip === 0);
    return { data, total: known ? skip + data.length : await this.raw.countDocuments(where) };
  }

  /** Pending ones whose time has run out, at most `limit`. */
  async overdue(now: Date, limit: number): Promise<AppointmentRecord[]> {
    const [byDate, byDeadline] = await Promise.all([
      this.raw
        .find<AppointmentRecord>({ status: 'Pending', dateTime: { $lte: now } })
        .limit(limit)
        .toArray(),
      this.raw
        .find<AppointmentRecord>({ status: 'Pending', expiresAt: { $lte: now } })
        .limit(limit)
        .toArray(),
    ]);
    const seen = new Map([...byDate, ...byDeadline].map((record) => [record._id.toHexString(), record]));
    return [...seen.values()];
  }

  /** Cancels what the pair still has ahead, by the system; returns how many there were. */
  async cancelFutureOfPair(tx: Tx, patientId: string, doctorId: string, reason: string, now: Date): Promise<number> {
    const result = await this.raw.updateMany(
      {
        patientId: oid(patientId),
        doctorId: oid(doctorId),
        dateTime: { $gt: now },
        $or: [
          { status: 'Confirmed' },
          { status: 'Pending', expiresAt: { $exists: false } },
          { status: 'Pending', expiresAt: { $gt: now } },
        ],
      },
      {
        $set: { status: 'Cancelled', cancelledBy: 'SYSTEM', reason, updatedAt: now },
        $unset: { awaiting: 1, expiresAt: 1 },
        $inc: { __v: 1, sequence: 1 },
      },
      { session: tx.session },
    );
    return result.modifiedCount;
  }
}
