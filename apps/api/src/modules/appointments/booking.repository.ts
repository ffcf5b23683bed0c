import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { utcDaysTouched } from '../../common/time';
import { oid, type Tx } from '../../platform/database';
import { hasExpired } from './appointment.policy';
import { Appointment, type AppointmentType, BookingLock, MAX_DURATION_MINUTES } from './appointment.schema';

/** A half-open interval `[start, end)` that an appointment would take. */
export interface Slot {
  readonly patientId: string;
  readonly doctorId: string;
  readonly start: Date;
  readonly end: Date;
  /** Calendar day in the doctor's zone. */
  readonly day: string;
  readonly type: AppointmentType;
  /** The appointment that moves: it does not stand in its own way. */
  readonly ignoreId: string | null;
}

/** Time that an appointment of somebody takes, and the doctor's day on which it counts. */
export interface TakenTime {
  readonly start: Date;
  readonly end: Date;
  readonly day: string;
  /** Pending or Confirmed: nothing else may overlap it. A Completed one only counts. */
  readonly blocks: boolean;
}

type Blocking = Pick<Appointment, '_id' | 'dateTime' | 'endTime' | 'status' | 'expiresAt'>;
const BLOCKING = { dateTime: 1, endTime: 1, status: 1, expiresAt: 1 } as const;

/** Does another appointment count against the slot: not the one that moves, not cancelled, not expired? */
function takesItsTime(other: Blocking, ignoreId: string | null, now: Date): boolean {
  return other._id.toHexString() !== ignoreId && other.status !== 'Cancelled' && !hasExpired(other, now);
}

const LOCK_LIFE_MS = 3 * 86_400_000;

/**
 * What makes overlapping bookings impossible: every booking or move writes the lock documents of both people for each
 * UTC day it touches and of the doctor's day before it looks, so two that could collide conflict in the database.
 */
@Injectable()
export class BookingRepository {
  constructor(
    @InjectModel(Appointment.name) private readonly appointments: Model<Appointment>,
    @InjectModel(BookingLock.name) private readonly locks: Model<BookingLock>,
  ) {}

  /** First step of a booking or move. */
  async lock(tx: Tx, slot: Slot): Promise<void> {
    const expiresAt = new Date(slot.end.getTime() + LOCK_LIFE_MS);
    const days = utcDaysTouched(slot.start, slot.end).map((day) => `U:${day}`);
    const wanted = [
      ...days.flatMap((day) => [
        { ownerId: slot.doctorId, day },
        { ownerId: slot.patientId, day },
      ]),
      { ownerId: slot.doctorId, day: `L:${slot.day}` },
    ];
    await this.locks.collection.bulkWrite(
      wanted.map(({ ownerId, day }) => ({
        updateOne: {
          filter: { ownerId: oid(ownerId), day },
          update: { $inc: { version: 1 }, $max: { expiresAt } },
          upsert: true,
        },
      })),
      { session: tx.session, ordered: true },
    );
  }

  /** Start of an appointment of that person which overlaps the slot, or null. */
  async conflictOf(tx: Tx, side: 'patientId' | 'doctorId', slot: Slot, now: Date): Promise<Date | null> {
    const earliest = new Date(slot.start.getTime() - MAX_DURATION_MINUTES * 60_000);
    // The statuses are judged here: this way every engine walks the person's list by its dates and nothing else.
    const found = await this.appointments.collection
      .find<Blocking>(
        { [side]: oid(slot[side]), deletedAt: null, dateTime: { $gt: earliest, $lt: slot.end } },
        { projection: BLOCKING, session: tx.session },
      )
      .toArray();
    const blocking = found.filter(
      (other) => other.endTime > slot.start && takesItsTime(other, slot.ignoreId, now) && other.status !== 'Completed',
    );
    const [first] = blocking.sort((a, b) => a.dateTime.getTime() - b.dateTime.getTime());
    return first?.dateTime ?? null;
  }

  /** Appointments of the doctor's day that are not Cancelled, without the one that moves. */
  async countDay(tx: Tx, slot: Slot, now: Date): Promise<number> {
    const found = await this.appointments.collection
      .find<Blocking>({ doctorId: oid(slot.doctorId), day: slot.day }, { projection: BLOCKING, session: tx.session })
      .toArray();
    return found.filter((other) => takesItsTime(other, slot.ignoreId, now)).length;
  }

  /** What a person's appointments take of `(after, before)`, without the cancelled and expired ones. */
  async takenBetween(
    side: 'patientId' | 'doctorId',
    userId: string,
    after: Date,
    before: Date,
    now: Date,
  ): Promise<TakenTime[]> {
    const found = await this.appointments.collection
      .find<Blocking & Pick<Appointment, 'day'>>(
        { [side]: oid(userId), deletedAt: null, dateTime: { $gt: after, $lt: before } },
        { projection: { ...BLOCKING, day: 1 } },
      )
      .toArray();
    return found
      .filter((other) => takesItsTime(other, null, now))
      .map(({ dateTime, endTime, day, status }) => ({
        start: dateTime,
        end: endTime,
        day,
        blocks: status !== 'Completed',
      }));
  }
}
