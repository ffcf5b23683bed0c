import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { utcDaysTouched } from '../../common/time';
import { oid, type Tx } from '../../platform/database';
import { Appointment, BookingLock, MAX_DURATION_MINUTES } from './appointment.schema';

/** A half-open interval `[start, end)` that an appointment would take. */
export interface Slot {
  readonly patientId: string;
  readonly doctorId: string;
  readonly start: Date;
  readonly end: Date;
  /** Calendar day in the doctor's zone. */
  readonly day: string;
  /** The appointment that moves: it does not stand in its own way. */
  readonly ignoreId: string | null;
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
    const found = await this.appointments.collection
      .find<Pick<Appointment, '_id' | 'dateTime' | 'status' | 'expiresAt'>>(
        {
          [side]: oid(slot[side]),
          status: { $in: ['Pending', 'Confirmed'] },
          dateTime: { $gt: earliest, $lt: slot.end },
          endTime: { $gt: slot.start },
        },
        { projection: { dateTime: 1, status: 1, expiresAt: 1 }, session: tx.session },
      )
      .toArray();
    const blocking = found.filter(
      (other) =>
        other._id.toHexString() !== slot.ignoreId &&
        !(
          other.status === 'Pending' &&
          (other.dateTime <= now || (other.expiresAt !== undefined && other.expiresAt <= now))
        ),
    );
    const [first] = blocking.sort((a, b) => a.dateTime.getTime() - b.dateTime.getTime());
    return first?.dateTime ?? null;
  }

  /** Appointments of the doctor's day that are not Cancelled, without the one that moves. */
  async countDay(tx: Tx, slot: Slot, now: Date): Promise<number> {
    const filter: Record<string, unknown> = {
      doctorId: oid(slot.doctorId),
      day: slot.day,
      $or: [
        { status: { $in: ['Confirmed', 'Completed'] } },
        { status: 'Pending', dateTime: { $gt: now }, expiresAt: { $exists: false } },
        { status: 'Pending', dateTime: { $gt: now }, expiresAt: { $gt: now } },
      ],
    };
    if (slot.ignoreId !== null) filter['_id'] = { $ne: oid(slot.ignoreId) };
    return this.appointments.collection.countDocuments(filter, { session: tx.session });
  }
}
