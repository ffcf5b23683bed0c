import { Types } from 'mongoose';
import type { Old } from './rewrite';

/** The id in a stored reference: an ObjectId, or its text; null for anything else. */
export function idOf(value: unknown): Types.ObjectId | null {
  if (value instanceof Types.ObjectId) return value;
  if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value.trim())) return new Types.ObjectId(value.trim());
  // A populated or embedded document that was stored whole.
  if (typeof value === 'object' && value !== null && '_id' in value) return idOf(value._id);
  return null;
}

/** The text of an id, for maps and sets; '' for none. */
export function keyOf(value: unknown): string {
  return idOf(value)?.toHexString() ?? '';
}

/** The value in the spelling of the list, whatever its case; undefined when it is none of them. */
export function spelled<T extends string>(value: unknown, values: readonly T[]): T | undefined {
  const wanted = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return values.find((candidate) => candidate.toLowerCase() === wanted);
}

/** A text, or '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A date, or the text or number of one; null for anything else. */
export function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** When a document was made: as stored, or as its id says. */
export function madeAt(document: Old): Date {
  const { _id } = document;
  return dateOf(document['createdAt']) ?? (_id instanceof Types.ObjectId ? _id.getTimestamp() : new Date(0));
}

/** Order from old to new; ties by id. */
export function byAge(a: Old, b: Old): number {
  return madeAt(a).getTime() - madeAt(b).getTime() || (String(a._id) < String(b._id) ? -1 : 1);
}

/** Documents grouped by a key; those whose key is null are left out. */
export function grouped<T>(documents: Iterable<T>, key: (document: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const document of documents) {
    const name = key(document);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [document]);
    else group.push(document);
  }
  return groups;
}
