/**
 * Where the place in the stream of events is kept, per user. An app that keeps it over restarts misses nothing while it
 * is closed; without one, each start begins with `resync`.
 */
export interface CursorStore {
  read(userId: string): string | null | Promise<string | null>;
  write(userId: string, eventId: string): void | Promise<void>;
}

/** Keeps the places in memory. */
export function memoryCursorStore(): CursorStore {
  const kept = new Map<string, string>();
  return {
    read: (userId) => kept.get(userId) ?? null,
    write: (userId, eventId) => {
      kept.set(userId, eventId);
    },
  };
}

/** Ids grow; a longer one is a later one, so that the order holds whatever their width. */
export function isLater(eventId: string, than: string): boolean {
  return eventId.length === than.length ? eventId > than : eventId.length > than.length;
}
