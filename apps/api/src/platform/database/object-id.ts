import { Types } from 'mongoose';

/** A database id. Services pass ids as 24-digit strings; repositories turn them into these. */
export type ObjectId = Types.ObjectId;

/** The ObjectId of a string that was validated as an id; an ObjectId is handed back as it is. */
export function oid(id: string | ObjectId): ObjectId {
  return typeof id === 'string' ? new Types.ObjectId(id) : id;
}

/** A new id. */
export function newId(): ObjectId {
  return new Types.ObjectId();
}
