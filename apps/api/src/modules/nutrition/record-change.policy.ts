/** Fields of a record to change; null removes one, absent leaves it. */
export type RecordChange<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

function isSame(stored: unknown, wanted: unknown): boolean {
  if (stored instanceof Date && wanted instanceof Date) return stored.getTime() === wanted.getTime();
  return (stored ?? null) === (wanted ?? null);
}

/** What a change really changes: a value equal to the stored one counts as absent (contract 00 section 3). */
export function effectiveChange<T extends object>(stored: T, change: RecordChange<T>): RecordChange<T> {
  const entries = Object.entries(change).filter(
    ([key, value]) => value !== undefined && !isSame((stored as Record<string, unknown>)[key], value),
  );
  // Entries of `change`, some left out.
  return Object.fromEntries(entries) as RecordChange<T>;
}

/** The update of a versioned document: an absent field is unset and never null. */
export function toUpdate<T extends object>(change: RecordChange<T>, now: Date) {
  const set: Record<string, unknown> = { updatedAt: now };
  const unset: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) unset[key] = 1;
    else if (value !== undefined) set[key] = value;
  }
  return { $set: set, ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }), $inc: { __v: 1 } };
}
