import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { countMonths, type CountStep, type MonthCounts, monthOf, type OpenWindow, splitWindow } from './counted-months';
import { ListCount } from './list-count.schema';
import { oid } from './object-id';
import { type Tx, UnitOfWork } from './unit-of-work';
import type { TimeWindow } from './windows';

/** A list of somebody whose elements are counted by month. */
export interface CountedList {
  readonly list: string;
  readonly ownerId: string;
  /** The instants of all its elements, in the transaction that counts them for the first time. */
  readonly instants: (tx: Tx) => Promise<readonly Date[]>;
  /** Counts the elements of a part of a month, over index keys. */
  readonly countPart: (window: TimeWindow) => Promise<number>;
}

/** A stored number that is not what the elements say. */
export interface ListCountDifference {
  readonly ownerId: string;
  readonly month: string;
  readonly stored: number;
  readonly counted: number;
}

/** Exact totals of lists that cost the same however long the list is. */
@Injectable()
export class ListCounts {
  constructor(
    @InjectModel(ListCount.name) private readonly counts: Model<ListCount>,
    private readonly work: UnitOfWork,
  ) {}

  private get raw() {
    return this.counts.collection;
  }

  /**
   * Follows changes of a list in their transaction, as its last step: the shorter are conflicts. The document is made
   * also where nobody has asked yet, so that a count that runs meanwhile conflicts with it.
   */
  async follow(tx: Tx, list: string, ownerId: string, steps: readonly CountStep[]): Promise<void> {
    const $inc: Record<string, number> = {};
    for (const { at, by } of steps) $inc[`months.${monthOf(at)}`] = ($inc[`months.${monthOf(at)}`] ?? 0) + by;
    if (Object.values($inc).every((by) => by === 0)) return;
    await this.raw.updateOne({ ownerId: oid(ownerId), list }, { $inc }, { upsert: true, session: tx.session });
  }

  /** How many elements a window of the list has. */
  async count(of: CountedList, window: OpenWindow): Promise<number> {
    const { whole, parts } = splitWindow(await this.monthsOf(of), window);
    return (await Promise.all(parts.map(of.countPart))).reduce((sum, n) => sum + n, whole);
  }

  private async monthsOf(of: CountedList): Promise<MonthCounts> {
    const stored = await this.raw.findOne<ListCount>({ ownerId: oid(of.ownerId), list: of.list });
    if (stored?.complete === true) return stored.months;
    return this.work.run(
      async (tx) => {
        const months = countMonths(await of.instants(tx));
        await this.raw.updateOne(
          { ownerId: oid(of.ownerId), list: of.list },
          { $set: { months, complete: true } },
          { upsert: true, session: tx.session },
        );
        return months;
      },
      { lanes: [`count:${of.list}:${of.ownerId}`] },
    );
  }

  /** Removes the counts of an erased owner; they are counted anew should anybody ask. */
  async forget(tx: Tx, list: string, ownerId: string): Promise<void> {
    await this.raw.deleteOne({ ownerId: oid(ownerId), list }, { session: tx.session });
  }

  /** Whose complete counts of a list are stored; for their check. */
  async *ownersOf(list: string): AsyncGenerator<string> {
    for await (const row of this.raw.find<ListCount>({ list }, { projection: { ownerId: 1, complete: 1 } }))
      if (row.complete === true) yield row.ownerId.toHexString();
  }

  /** Months whose stored number is not the counted one, in one snapshot of both. */
  async differences({ list, ownerId, instants }: Omit<CountedList, 'countPart'>): Promise<ListCountDifference[]> {
    return this.work.run(async (tx) => {
      const counted = countMonths(await instants(tx));
      const row = await this.raw.findOne<ListCount>({ ownerId: oid(ownerId), list }, { session: tx.session });
      if (row?.complete !== true) return [];
      const months = new Set([...Object.keys(counted), ...Object.keys(row.months)]);
      return [...months]
        .map((month) => ({ ownerId, month, stored: row.months[month] ?? 0, counted: counted[month] ?? 0 }))
        .filter(({ stored, counted: should }) => stored !== should);
    });
  }
}
