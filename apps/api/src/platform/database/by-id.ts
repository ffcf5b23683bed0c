import type { ClientSession, Collection, Document, UpdateFilter } from 'mongodb';
import type { ObjectId } from './object-id';

/**
 * Reads a document by its id and keeps it if it is the one that is wanted. The condition is judged here and not in the
 * query, because the embedded engine scans a collection when a filter names `_id` and anything else.
 */
export async function findByIdIf<T extends object>(
  collection: Collection,
  id: ObjectId,
  wanted: (document: T) => boolean,
  options: { readonly session?: ClientSession; readonly projection?: Document } = {},
): Promise<T | null> {
  const found = await collection.findOne<T>({ _id: id }, options);
  return found !== null && wanted(found) ? found : null;
}

/**
 * A conditional update of one document inside a transaction: read, judge, write by id. Nobody can come in between, since
 * a document that changed after the read makes the write conflict and the transaction run again.
 * @returns the document as it is now, or null when the condition does not hold
 */
export async function updateByIdIf<T extends object>(
  collection: Collection,
  id: ObjectId,
  condition: (document: T) => boolean,
  update: UpdateFilter<Document>,
  session: ClientSession,
): Promise<T | null> {
  if ((await findByIdIf<T>(collection, id, condition, { session })) === null) return null;
  return (await collection.findOneAndUpdate({ _id: id }, update, { returnDocument: 'after', session })) as T | null;
}
