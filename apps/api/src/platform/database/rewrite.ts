import type { ClientSession, Collection } from 'mongodb';
import type { ObjectId } from './object-id';

/**
 * Changes one document whose entry in a unique index must become free: deletes and inserts it in the transaction, with
 * the same `_id`. An update would say the same to MongoDB; the embedded engine keeps the old entry of a unique index
 * after an update (it drops it on deletion), so a declined request, an ended link or an old address would stay taken.
 * @param stored as read in the same transaction
 */
export async function rewriteOne<T extends { readonly _id: ObjectId }>(
  collection: Collection,
  stored: T,
  change: (stored: T) => T,
  session: ClientSession,
): Promise<T> {
  const changed = change(stored);
  await collection.deleteOne({ _id: stored._id }, { session });
  await collection.insertOne({ ...changed }, { session });
  return changed;
}
