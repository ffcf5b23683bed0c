import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import { findByIdIf, newId, oid, type Tx } from '../../platform/database';
import { FoodItem, MAX_ITEMS } from './meal.schema';
import { type RecordChange, toUpdate } from './record-change.policy';

/** A food item as stored. */
export type FoodItemRecord = FoodItem;

/** A food item about to be stored. */
export type NewFoodItem = Omit<FoodItemRecord, '_id' | '__v' | 'createdAt' | 'updatedAt' | 'patientId' | 'mealId'>;

/** Fields of an item to change; null removes one. */
export type FoodItemChange = RecordChange<NewFoodItem>;

/** Which item: of which meal. */
export interface ItemPath {
  readonly mealId: string;
  readonly id: string;
}

/** Food items of one patient's meals. */
@Injectable()
export class FoodItemsRepository {
  constructor(@InjectModel(FoodItem.name) private readonly items: Model<FoodItem>) {}

  private get raw() {
    return this.items.collection;
  }

  async insert(tx: Tx, scope: PartyScope, mealId: string, item: NewFoodItem, now: Date): Promise<FoodItemRecord> {
    const ids = { _id: newId(), mealId: oid(mealId), patientId: oid(scope.userId) };
    const record: FoodItemRecord = { ...ids, ...item, __v: 0, createdAt: now, updatedAt: now };
    await this.raw.insertOne({ ...record }, { session: tx.session });
    return record;
  }

  /** The items of a meal in the order in which they were added, or its reverse; none of another patient. */
  async listOf(scope: PartyScope, mealId: string, order: 'oldest' | 'newest'): Promise<FoodItemRecord[]> {
    const direction = order === 'oldest' ? 1 : -1;
    return this.raw
      .find<FoodItemRecord>({ mealId: oid(mealId), patientId: oid(scope.userId) })
      .sort({ createdAt: direction, _id: direction })
      .limit(MAX_ITEMS)
      .toArray();
  }

  /** The item if it is of that meal and the caller's. */
  async findOwn(scope: PartyScope, path: ItemPath, tx?: Tx): Promise<FoodItemRecord | null> {
    return findByIdIf<FoodItemRecord>(
      this.raw,
      oid(path.id),
      (found) => isOwn(found, scope, path),
      tx === undefined ? {} : { session: tx.session },
    );
  }

  /** Applies a change to an item that was read in the same transaction: one that changed since makes the write conflict. */
  async update(tx: Tx, stored: FoodItemRecord, change: FoodItemChange, now: Date): Promise<FoodItemRecord> {
    const options = { returnDocument: 'after', session: tx.session } as const;
    // Read in this transaction, so it is there.
    return (await this.raw.findOneAndUpdate(
      { _id: stored._id },
      toUpdate(change, now),
      options,
    )) as unknown as FoodItemRecord;
  }

  /** Removes one; false when it is gone or not the caller's. */
  async delete(tx: Tx, scope: PartyScope, path: ItemPath): Promise<boolean> {
    if ((await this.findOwn(scope, path, tx)) === null) return false;
    await this.raw.deleteOne({ _id: oid(path.id) }, { session: tx.session });
    return true;
  }

  /** Removes all items of meals, which are that patient's. */
  async deleteOf(tx: Tx, patientId: string, mealIds: readonly string[]): Promise<void> {
    const [only] = mealIds;
    // The list alone: with a condition beside it the embedded engine would scan everybody's items.
    const filter =
      mealIds.length === 1 && only !== undefined
        ? { mealId: oid(only), patientId: oid(patientId) }
        : { mealId: { $in: mealIds.map(oid) } };
    await this.raw.deleteMany(filter, { session: tx.session });
  }
}

function isOwn(found: FoodItemRecord, scope: PartyScope, path: ItemPath): boolean {
  return found.patientId.equals(scope.userId) && found.mealId.equals(path.mealId);
}
