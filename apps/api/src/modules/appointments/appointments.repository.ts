import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import {
  atOrAfter,
  findByIdIf,
  newId,
  oid,
  readNewestWindowed,
  type Tx,
  updateByIdIf,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
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

// Nothing is booked more than two years ahead; one more day for clocks that differ.
const HORIZON_MS = 732 * 86_400_000;
// From the horizon back to now and a month, then everything.
const SPANS_DAYS = [762] as const;

/** Appointments by party. A hidden one is found by nobody. */
@Injectable()
export class AppointmentsRepository {
  private readonly windows = new WindowMemory();

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
    const counted = skip === 0 ? null : this.raw.countDocuments(where);
    const data = ascending
      ? await this.ascending(where, skip, limit)
      : await this.newest(scope, filter, where, skip, limit);
    // A page that is not full has told the number already, unless it lies past the end.
    const known = data.length < limit && (data.length > 0 || skip === 0);
    return { data, total: known ? skip + data.length : await (counted ?? this.raw.countDocuments(where)) };
  }

  private async ascending(where: Record<string, unknown>, skip: number, limit: number): Promise<AppointmentRecord[]> {
    return this.raw.find<AppointmentRecord>(where).sort({ dateTime: 1, _id: 1 }).skip(skip).limit(limit).toArray();
  }

  /** The newest of a list through windows of time: the cost is that of the pages, not of everything ever booked. */
  private async newest(
    scope: AppointmentListScope,
    filter: AppointmentFilter,
    where: Record<string, unknown>,
    skip: number,
    limit: number,
  ) {
    const horizon = new Date(filter.now.getTime() + HORIZON_MS);
    const end = filter.until === null ? horizon : new Date(filter.until.getTime() + (filter.untilInclusive ? 1 : 0));
    const before = end < horizon ? end : horizon;
    const list = JSON.stringify([
      scope,
      filter.statuses,
      filter.type,
      filter.fromDay,
      filter.untilDay,
      filter.until === null,
    ]);
    const found = await readNewestWindowed({
      before,
      limit: skip + limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      ...(filter.from === null ? {} : { notBefore: filter.from }),
      read: (window, count) =>
        this.raw
          .find<AppointmentRecord>({ ...where, dateTime: windowFilter(window) })
          .sort({ dateTime: -1, _id: -1 })
          .limit(count)
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === skip + limit) this.windows.remember(list, before, oldest.dateTime);
    return found.slice(skip);
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
        $unset: { awaiting: 1, expiresAt: 1, reminders: 1 },
        $inc: { __v: 1, sequence: 1 },
      },
      { session: tx.session },
    );
    return result.modifiedCount;
  }

  /** Ids of what an account still has ahead, at most `limit`. */
  async openAhead(side: 'patientId' | 'doctorId', userId: string, now: Date, limit: number): Promise<string[]> {
    const ahead = { [side]: oid(userId), deletedAt: null, dateTime: { $gt: now } };
    const open = { ...ahead, status: { $in: ['Pending', 'Confirmed'] } };
    const found = await this.raw
      .find<AppointmentRecord>(open, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id.toHexString());
  }

  /** Cancels one that is still ahead, by the system; null when it is not open any more. */
  async cancelAhead(tx: Tx, id: string, reason: string, now: Date): Promise<AppointmentRecord | null> {
    const ahead = (stored: AppointmentRecord): boolean =>
      stored.deletedAt === undefined &&
      stored.dateTime > now &&
      (stored.status === 'Confirmed' ||
        (stored.status === 'Pending' && !(stored.expiresAt && stored.expiresAt <= now)));
    const change = {
      $set: { status: 'Cancelled', cancelledBy: 'SYSTEM', reason, updatedAt: now },
      $unset: { awaiting: 1, expiresAt: 1, reminders: 1 },
      $inc: { __v: 1, sequence: 1 },
    };
    return updateByIdIf<AppointmentRecord>(this.raw, oid(id), ahead, change, tx.session);
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
