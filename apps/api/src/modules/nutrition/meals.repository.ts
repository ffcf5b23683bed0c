import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import {
  atOrAfter,
  type CountedList,
  findByIdIf,
  ListCounts,
  newId,
  oid,
  readNewestWindowed,
  type Tx,
  updateByIdIf,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { MAX_ITEMS, Meal } from './meal.schema';
import { type RecordChange, toUpdate } from './record-change.policy';

/** A meal as stored. */
export type MealRecord = Meal;

/** A meal about to be stored. */
export type NewMeal = Omit<MealRecord, '_id' | '__v' | 'createdAt' | 'updatedAt' | 'patientId' | 'itemCount'>;

/** Fields of a meal to change; null removes one. */
export type MealChange = RecordChange<NewMeal>;

/** When the meals of a list were eaten; both ends included, null open. */
export interface EatenBetween {
  readonly from: Date | null;
  readonly to: Date | null;
}

const MACROS = { carbs: 1, protein: 1, fat: 1, calories: 1, _id: 0 } as const;
const HORIZON_MS = 86_400_000;
// Four meals a day for a month fill the largest page.
const SPANS_DAYS = [30] as const;
const BATCH = 1_000;
/** Name of the meals among the counted lists. */
export const MEALS_LIST = 'meals';

function eatenAtFilter({ from, to }: EatenBetween): Record<string, unknown> {
  if (from === null && to === null) return {};
  return { eatenAt: { ...(from === null ? {} : atOrAfter(from)), ...(to === null ? {} : { $lte: to }) } };
}

/** Meals of one patient at a time. */
@Injectable()
export class MealsRepository {
  private readonly windows = new WindowMemory();

  constructor(
    @InjectModel(Meal.name) private readonly meals: Model<Meal>,
    private readonly counts: ListCounts,
  ) {}

  private get raw() {
    return this.meals.collection;
  }

  async insert(tx: Tx, scope: PartyScope, meal: NewMeal, now: Date): Promise<MealRecord> {
    const base = { _id: newId(), patientId: oid(scope.userId), __v: 0, itemCount: 0, createdAt: now, updatedAt: now };
    const record: MealRecord = { ...meal, ...base };
    await this.raw.insertOne({ ...record }, { session: tx.session });
    await this.counts.follow(tx, MEALS_LIST, scope.userId, [{ at: record.eatenAt, by: 1 }]);
    return record;
  }

  /** The meal if it is the caller's. */
  async findOwn(scope: PartyScope, id: string, tx?: Tx): Promise<MealRecord | null> {
    return findByIdIf<MealRecord>(
      this.raw,
      oid(id),
      (found) => found.patientId.equals(scope.userId),
      tx === undefined ? {} : { session: tx.session },
    );
  }

  /** Applies a change to a meal that was read in the same transaction: one that changed since makes the write conflict. */
  async update(tx: Tx, stored: MealRecord, change: MealChange, now: Date): Promise<MealRecord> {
    const options = { returnDocument: 'after', session: tx.session } as const;
    // Read in this transaction, so it is there.
    const updated = (await this.raw.findOneAndUpdate(
      { _id: stored._id },
      toUpdate(change, now),
      options,
    )) as unknown as MealRecord;
    await this.counts.follow(tx, MEALS_LIST, stored.patientId.toHexString(), [
      { at: stored.eatenAt, by: -1 },
      { at: updated.eatenAt, by: 1 },
    ]);
    return updated;
  }

  /** Removes the meal; false when it is gone or not the caller's. Its items are the food repository's. */
  async delete(tx: Tx, scope: PartyScope, id: string): Promise<boolean> {
    const stored = await this.findOwn(scope, id, tx);
    if (stored === null) return false;
    await this.raw.deleteOne({ _id: oid(id) }, { session: tx.session });
    await this.counts.follow(tx, MEALS_LIST, scope.userId, [{ at: stored.eatenAt, by: -1 }]);
    return true;
  }

  /** Takes a place for one more item; null when there is no such meal or it holds 50. Version and updatedAt stay. */
  async takeItemPlace(tx: Tx, scope: PartyScope, id: string): Promise<MealRecord | null> {
    const hasRoom = (found: MealRecord): boolean =>
      found.patientId.equals(scope.userId) && ((found.itemCount as number | undefined) ?? 0) < MAX_ITEMS;
    return updateByIdIf<MealRecord>(this.raw, oid(id), hasRoom, { $inc: { itemCount: 1 } }, tx.session);
  }

  /** Gives the place of a removed item back. */
  async freeItemPlace(tx: Tx, id: string): Promise<void> {
    await this.raw.updateOne({ _id: oid(id) }, { $inc: { itemCount: -1 } }, { session: tx.session });
  }

  /** A page of the caller's meals, the latest eaten first, with the number of all that match. */
  async page(
    scope: PartyScope,
    range: EatenBetween,
    now: Date,
    skip: number,
    limit: number,
  ): Promise<{ data: MealRecord[]; total: number }> {
    // Nothing is eaten later than 14 hours from now (contract 00 section 3).
    const horizon = new Date(now.getTime() + HORIZON_MS);
    const before = range.to !== null && range.to < horizon ? new Date(range.to.getTime() + 1) : horizon;
    const counted = { from: range.from, to: range.to === null ? null : new Date(range.to.getTime() + 1) };
    const [found, total] = await Promise.all([
      this.newest(scope, range, before, skip + limit),
      this.counts.count(this.countedOf(scope.userId), counted),
    ]);
    return { data: found.slice(skip), total };
  }

  /** How the meals of a patient are counted. */
  countedOf(patientId: string): CountedList {
    return {
      list: MEALS_LIST,
      ownerId: patientId,
      instants: async (tx) => {
        const found = await this.raw
          .find<Pick<MealRecord, 'eatenAt'>>(
            { patientId: oid(patientId) },
            { projection: { _id: 0, eatenAt: 1 }, batchSize: 10 * BATCH, session: tx.session },
          )
          .toArray();
        return found.map(({ eatenAt }) => eatenAt);
      },
      countPart: (window) => this.raw.countDocuments({ patientId: oid(patientId), eatenAt: windowFilter(window) }),
    };
  }

  private async newest(scope: PartyScope, range: EatenBetween, before: Date, limit: number): Promise<MealRecord[]> {
    const list = `${scope.userId}:${range.to === null ? 'now' : 'range'}`;
    const found = await readNewestWindowed({
      before,
      limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      ...(range.from === null ? {} : { notBefore: range.from }),
      read: (window, count) =>
        this.raw
          .find<MealRecord>({ patientId: oid(scope.userId), eatenAt: windowFilter(window) })
          .sort({ eatenAt: -1, _id: -1 })
          .limit(count)
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit) this.windows.remember(list, before, oldest.eatenAt);
    return found;
  }

  /** The newest meals of a range, the latest first, at most `limit`. */
  async newestBetween(scope: PartyScope, range: EatenBetween, limit: number): Promise<MealRecord[]> {
    return this.raw
      .find<MealRecord>({ patientId: oid(scope.userId), ...eatenAtFilter(range) })
      .sort({ eatenAt: -1, _id: -1 })
      .limit(limit)
      .batchSize(limit)
      .toArray();
  }

  /** Carbohydrates and the other macros of each meal in `[from, until)`; until null: no end. */
  async macros(
    scope: PartyScope,
    from: Date,
    until: Date | null,
  ): Promise<Pick<MealRecord, 'carbs' | 'protein' | 'fat' | 'calories'>[]> {
    const eatenAt = { ...atOrAfter(from), ...(until === null ? {} : { $lt: until }) };
    return this.raw
      .find<Pick<MealRecord, 'carbs'>>(
        { patientId: oid(scope.userId), eatenAt },
        { projection: MACROS, batchSize: BATCH },
      )
      .toArray();
  }

  /** When the patient last ate carbohydrates between two instants, both included. A system read: it names no caller. */
  async lastWithCarbs(patientId: string, from: Date, to: Date): Promise<Date | null> {
    // A condition beside the keys of the index would make the embedded engine scan everybody's meals.
    const found = await this.raw
      .find<Pick<MealRecord, 'eatenAt' | 'carbs'>>(
        { patientId: oid(patientId), eatenAt: { ...atOrAfter(from), $lte: to } },
        { projection: { eatenAt: 1, carbs: 1 }, batchSize: BATCH },
      )
      .toArray();
    const times = found.flatMap(({ eatenAt, carbs }) => (carbs > 0 ? [eatenAt.getTime()] : []));
    return times.length === 0 ? null : new Date(Math.max(...times));
  }

  /** All meals of the caller, the earliest first, one at a time. */
  allOf(scope: PartyScope): AsyncIterable<MealRecord> {
    return this.raw.find<MealRecord>({ patientId: oid(scope.userId) }).sort({ eatenAt: 1, _id: 1 });
  }

  /** Ids of some meals of an erased patient. */
  async someIdsOf(patientId: string, limit: number): Promise<string[]> {
    const found = await this.raw
      .find<Pick<MealRecord, '_id'>>({ patientId: oid(patientId) }, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id.toHexString());
  }

  /** Removes meals of an erased patient, and what was counted of them. */
  async deleteMany(tx: Tx, patientId: string, ids: readonly string[]): Promise<void> {
    await this.raw.deleteMany({ _id: { $in: ids.map(oid) } }, { session: tx.session });
    await this.counts.forget(tx, MEALS_LIST, patientId);
  }
}
