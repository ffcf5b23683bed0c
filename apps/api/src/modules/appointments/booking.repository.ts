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

/** What a slot meets. */
export interface Obstacles {
  /** Starts of the appointments that overlap it; null without one. */
  readonly doctorId: Date | null;
  readonly patientId: Date | null;
  /** How many the doctor has on the slot's day. */
  readonly ofDay: number;
}

type Blocking = Pick<Appointment, '_id' | 'dateTime' | 'endTime' | 'day' | 'status' | 'expiresAt'>;
const BLOCKING = { dateTime: 1, endTime: 1, day: 1, status: 1, expiresAt: 1 } as const;

/** Does another appointment count against the slot: not the one that moves, not cancelled, not expired? */
function takesItsTime(other: Blocking, ignoreId: string | null, now: Date): boolean {
  return other._id.toHexString() !== ignoreId && other.status !== 'Cancelled' && !hasExpired(other, now);
}

/** Start of the earliest that shares a moment with the slot; a Completed one stands in nobody's way. */
function firstOverlap(others: readonly Blocking[], slot: Slot): Date | null {
  const starts = others
    .filter((other) => other.status !== 'Completed' && other.endTime > slot.start && other.dateTime < slot.end)
    .map(({ dateTime }) => dateTime.getTime());
  return starts.length === 0 ? null : new Date(Math.min(...starts));
}

const DAY_MS = 86_400_000;
// No zone is further from UTC.
const ZONES_MS = 14 * 3_600_000;
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

  /**
   * What stands in the slot's way: the earliest appointment of each person that overlaps it, and how many the doctor has
   * on that day, without the cancelled ones and the one that moves.
   */
  async obstacles(tx: Tx, slot: Slot, now: Date): Promise<Obstacles> {
    const dayStart = Date.parse(slot.day);
    const earliest = slot.start.getTime() - MAX_DURATION_MINUTES * 60_000;
    // One read for both: the day begins and ends within this span in whatever zone it was meant.
    const around = {
      after: new Date(Math.min(earliest, dayStart - ZONES_MS - 1)),
      before: new Date(Math.max(slot.end.getTime(), dayStart + DAY_MS + ZONES_MS)),
    };
    const ofDoctor = await this.taking(tx, 'doctorId', slot, around, now);
    const ofPatient = await this.taking(tx, 'patientId', slot, { after: new Date(earliest), before: slot.end }, now);
    return {
      doctorId: firstOverlap(ofDoctor, slot),
      patientId: firstOverlap(ofPatient, slot),
      ofDay: ofDoctor.filter(({ day }) => day === slot.day).length,
    };
  }

  // The statuses are judged here: this way every engine walks the person's list by its dates and nothing else.
  private async taking(
    tx: Tx,
    side: 'patientId' | 'doctorId',
    slot: Slot,
    { after, before }: { readonly after: Date; readonly before: Date },
    now: Date,
  ): Promise<Blocking[]> {
    const found = await this.appointments.collection
      .find<Blocking>(
        { [side]: oid(slot[side]), deletedAt: null, dateTime: { $gt: after, $lt: before } },
        { projection: BLOCKING, session: tx.session },
      )
      .toArray();
    return found.filter((other) => takesItsTime(other, slot.ignoreId, now));
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
      .find<Blocking>(
        { [side]: oid(userId), deletedAt: null, dateTime: { $gt: after, $lt: before } },
        { projection: BLOCKING },
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
