import type { Connection } from 'mongoose';

const MAX_BACKOFF_MS = 60;

type Collection = ReturnType<Connection['collection']>;
type Named = { readonly session?: unknown } | undefined;

/**
 * Writes to many documents run in a transaction, also where nobody opened one. The embedded engine tries such a write
 * again for as long as an open transaction holds one of its documents, and until then lets no other write through, that
 * transaction's own and its commit included: the database would stand still for good. Within a transaction it gives way,
 * and is repeated from here (decision 14).
 */
export function manyInTransactions(connection: Connection): Connection {
  const guarded = new WeakSet<Collection>();
  const original = connection.collection.bind(connection);
  connection.collection = ((...args: Parameters<Connection['collection']>) => {
    const collection = original(...args);
    if (!guarded.has(collection)) {
      guarded.add(collection);
      guard(connection, collection);
    }
    return collection;
  }) as Connection['collection'];
  return connection;
}

function guard(connection: Connection, collection: Collection): void {
  const [update, remove] = [collection.updateMany.bind(collection), collection.deleteMany.bind(collection)];
  collection.updateMany = (filter, change, options) =>
    (options as Named)?.session === undefined
      ? repeated(connection, (session) => update(filter, change, { ...options, session }))
      : update(filter, change, options);
  collection.deleteMany = (filter, options) =>
    (options as Named)?.session === undefined
      ? repeated(connection, (session) => remove(filter, { ...options, session }))
      : remove(filter, options);
}

type Session = ReturnType<ReturnType<Connection['getClient']>['startSession']>;

/** The driver repeats what lost against another transaction; a growing pause lets that one end. */
async function repeated<T>(connection: Connection, write: (session: Session) => Promise<T>): Promise<T> {
  const session = connection.getClient().startSession();
  let attempt = 0;
  try {
    return await session.withTransaction(async () => {
      attempt += 1;
      if (attempt > 1)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(MAX_BACKOFF_MS, 2 ** attempt)));
      return write(session);
    });
  } finally {
    await session.endSession();
  }
}
