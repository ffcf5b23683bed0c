import type { ClientSession, Collection, Document, Filter } from 'mongodb';

/**
 * Changes one document whose entry in a unique index must become free: deletes and inserts it in the transaction, with
 * the same `_id`. An update would say the same to MongoDB; the embedded engine keeps the old entry of a unique index
 * after an update (it drops it on deletion), so a declined request, an ended link or an old address would stay taken.
 * @returns the document as it is now, or null when none matched
 */
export async function rewriteOne<T extends object>(
  collection: Collection,
  filter: Filter<Document>,
  change: (stored: T) => T,
  session: ClientSession,
): Promise<T | null> {
  const stored = await collection.findOneAndDelete(filter, { session });
  if (stored === null) return null;
  const changed = change(stored as unknown as T);
  await collection.insertOne({ ...changed }, { session });
  return changed;
}
