import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { oid, type Tx } from '../../../platform/database';
import { Appointment } from '../appointment.schema';
import { AppointmentCount } from './appointment-count.schema';
import {
  type Cell,
  type CellCounts,
  type Counted,
  type CountedChange,
  HEAD_SPAN,
  placeOf,
  stepsOf,
  weekAt,
} from './counted-weeks.policy';

/** Whose counts. */
export interface CountOwner {
  readonly side: 'patientId' | 'doctorId';
  readonly userId: string;
}

/** The numbers of one week with one doctor. */
export interface CountedWeek {
  readonly doctorId: string;
  readonly week: number;
  readonly cells: CellCounts;
}

const COUNTED = { patientId: 1, doctorId: 1, dateTime: 1, status: 1, type: 1, deletedAt: 1 } as const;

/** How many appointments everybody has, by week, status and type (decision 22). */
@Injectable()
export class AppointmentCounts {
  constructor(
    @InjectModel(AppointmentCount.name) private readonly counts: Model<AppointmentCount>,
    @InjectModel(Appointment.name) private readonly appointments: Model<Appointment>,
  ) {}

  private get raw() {
    return this.counts.collection;
  }

  /** Follows changes of appointments, in their transaction and as its last step: the shorter are conflicts. */
  async follow(tx: Tx, changes: readonly CountedChange[]): Promise<void> {
    const documents = new Map<string, { filter: Record<string, unknown>; inc: Record<string, number> }>();
    for (const { ownerId, doctorId, week, cell, by } of stepsOf(changes)) {
      const { span, place } = placeOf(week);
      const key = `${ownerId}:${doctorId}:${span}`;
      const filter = { ownerId: oid(ownerId), doctorId: oid(doctorId), span };
      const inc = { ...documents.get(key)?.inc, [`weeks.${place}.${cell}`]: by };
      documents.set(key, { filter, inc });
    }
    if (documents.size === 0) return;
    await this.raw.bulkWrite(
      [...documents.values()].map(({ filter, inc }) => ({
        updateOne: { filter, update: { $inc: inc }, upsert: true },
      })),
      { session: tx.session },
    );
  }

  /** The weeks of an owner in which something is or was counted; null when the counts are not complete. */
  async weeksOf(ownerId: string, tx?: Tx): Promise<CountedWeek[] | null> {
    const stored = await this.stored(ownerId, tx);
    return stored.some(({ span }) => span === HEAD_SPAN) ? weeksIn(stored) : null;
  }

  /** Counts an owner's appointments anew and stores what differs; right also beside bookings that run meanwhile. */
  async recount(tx: Tx, owner: CountOwner): Promise<void> {
    const { userId } = owner;
    const [counted, stored] = [await this.counted(owner, tx), await this.stored(userId, tx)];
    const differing = differences(weeksIn(stored), counted).map(({ doctorId, week }) => ({
      doctorId,
      ...placeOf(week),
    }));
    const cells = new Map(counted.map((row) => [`${row.doctorId}:${row.week}`, row.cells]));
    const updates = differing.map(({ doctorId, span, place }) => {
      const now = cells.get(`${doctorId}:${weekAt(span, place)}`);
      const path = `weeks.${place}`;
      return {
        updateOne: {
          filter: { ownerId: oid(userId), doctorId: oid(doctorId), span },
          update: now === undefined ? { $unset: { [path]: 1 } } : { $set: { [path]: now } },
          upsert: true,
        },
      };
    });
    const head = { ownerId: oid(userId), doctorId: oid(userId), span: HEAD_SPAN };
    await this.raw.bulkWrite(
      [
        ...updates,
        {
          updateOne: {
            filter: head,
            update: { $set: { side: owner.side }, $setOnInsert: { weeks: {} } },
            upsert: true,
          },
        },
      ],
      { session: tx.session },
    );
  }

  /** Forgets an owner's counts; they are counted anew when somebody asks. */
  async forget(tx: Tx, ownerId: string): Promise<void> {
    await this.raw.deleteMany({ ownerId: oid(ownerId) }, { session: tx.session });
  }

  /** Where the stored counts of an owner differ from the appointments. */
  async differencesOf(tx: Tx, owner: CountOwner): Promise<CountDifference[]> {
    return differences(weeksIn(await this.stored(owner.userId, tx)), await this.counted(owner, tx));
  }

  /** Everybody whose counts are complete, and so can be checked. */
  async *owners(): AsyncGenerator<CountOwner> {
    for await (const { ownerId, side } of this.raw.find<AppointmentCount>({ span: HEAD_SPAN }))
      if (side !== undefined) yield { side, userId: ownerId.toHexString() };
  }

  private async stored(ownerId: string, tx?: Tx): Promise<AppointmentCount[]> {
    const options = tx === undefined ? {} : { session: tx.session };
    return this.raw.find<AppointmentCount>({ ownerId: oid(ownerId) }, options).toArray();
  }

  private async counted({ side, userId }: CountOwner, tx: Tx): Promise<CountedWeek[]> {
    const rows = this.appointments.collection.find<Counted>(
      { [side]: oid(userId), deletedAt: null },
      { projection: COUNTED, session: tx.session },
    );
    const weeks = new Map<string, { doctorId: string; week: number; cells: CellCounts }>();
    for await (const row of rows)
      for (const { ownerId, doctorId, week, cell } of stepsOf([{ before: null, after: row }])) {
        if (ownerId !== userId) continue;
        const key = `${doctorId}:${week}`;
        const found = weeks.get(key) ?? { doctorId, week, cells: {} };
        found.cells[cell] = (found.cells[cell] ?? 0) + 1;
        weeks.set(key, found);
      }
    return [...weeks.values()];
  }
}

/** A number that differs. */
export interface CountDifference {
  readonly doctorId: string;
  readonly week: number;
  readonly cell: Cell;
  readonly stored: number;
  readonly counted: number;
}

function weeksIn(documents: readonly AppointmentCount[]): CountedWeek[] {
  return documents.flatMap(({ doctorId, span, weeks }) =>
    Object.entries(weeks).map(([place, cells]) => ({
      doctorId: doctorId.toHexString(),
      week: weekAt(span, Number(place)),
      cells,
    })),
  );
}

function differences(stored: readonly CountedWeek[], counted: readonly CountedWeek[]): CountDifference[] {
  const cells = new Map<string, { doctorId: string; week: number; cell: Cell; stored: number; counted: number }>();
  for (const [source, rows] of [
    ['stored', stored],
    ['counted', counted],
  ] as const)
    for (const { doctorId, week, cells: numbers } of rows)
      for (const [cell, number] of Object.entries(numbers) as [Cell, number][]) {
        const key = `${doctorId}:${week}:${cell}`;
        const found = cells.get(key) ?? { doctorId, week, cell, stored: 0, counted: 0 };
        found[source] = number;
        cells.set(key, found);
      }
  return [...cells.values()].filter((row) => row.stored !== row.counted);
}
