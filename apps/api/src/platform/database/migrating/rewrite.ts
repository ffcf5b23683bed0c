import type { AnyBulkWriteOperation, Collection, Document, Filter, UpdateFilter } from 'mongodb';
import type { Connection } from 'mongoose';
import { isIndexConflict } from '../driver-errors';
import type { MigrationRun } from '../migrations';

const READ_BATCH = 1_000;
const WRITE_BATCH = 500;

/** The database as migrations see it: collections by name. */
export type Database = Connection;

/** A stored document of any shape: old ones keep to no schema. */
export type Old = Record<string, unknown> & { readonly _id: unknown };

/** Writes gathered to batches; in a dry run they are counted only. */
export class Writes {
  private waiting: AnyBulkWriteOperation[] = [];
  /** Documents changed, or that would be. */
  count = 0;

  constructor(
    private readonly collection: Collection,
    private readonly run: MigrationRun,
  ) {}

  async update(id: unknown, update: UpdateFilter<Document>): Promise<void> {
    await this.add({ updateOne: { filter: { _id: id as never }, update } });
  }

  async insert(document: Document): Promise<void> {
    await this.add({ insertOne: { document: document } });
  }

  async delete(id: unknown): Promise<void> {
    await this.add({ deleteOne: { filter: { _id: id as never } } });
  }

  async upsert(filter: Filter<Document>, update: UpdateFilter<Document>): Promise<void> {
    await this.add({ updateOne: { filter, update, upsert: true } });
  }

  private async add(operation: AnyBulkWriteOperation): Promise<void> {
    this.count += 1;
    if (this.run.dryRun) return;
    this.waiting.push(operation);
    if (this.waiting.length >= WRITE_BATCH) await this.flush();
  }

  /** Sends what is waiting; to be called at the end. */
  async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length > 0) await this.collection.bulkWrite(batch, { ordered: true });
  }
}

/** Which of the collections exist. */
export async function existing(connection: Database, names: readonly string[]): Promise<string[]> {
  const present = new Set((await connection.listCollections()).map(({ name }) => name));
  return names.filter((name) => present.has(name));
}

/** Reads a collection once and changes the documents for which `change` has an update; returns how many. */
export async function rewriteEach(
  connection: Database,
  name: string,
  run: MigrationRun,
  change: (document: Old) => UpdateFilter<Document> | null | Promise<UpdateFilter<Document> | null>,
  filter: Filter<Document> = {},
): Promise<number> {
  if ((await existing(connection, [name])).length === 0) return 0;
  const collection = connection.collection(name);
  const writes = new Writes(collection, run);
  for await (const document of collection.find<Old>(filter, { batchSize: READ_BATCH })) {
    const update = await change(document);
    if (update !== null) await writes.update(document._id, update);
  }
  await writes.flush();
  return writes.count;
}

/** The update that sets what differs; null when nothing does. Undefined values are left alone, null ones removed. */
export function setting(document: Old, wanted: Readonly<Record<string, unknown>>): UpdateFilter<Document> | null {
  const set: Record<string, unknown> = {};
  const unset: Record<string, ''> = {};
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    if (value === null) {
      if (document[key] !== undefined) unset[key] = '';
    } else if (!isEqual(document[key], value)) set[key] = value;
  }
  const update = {
    ...(Object.keys(set).length === 0 ? {} : { $set: set }),
    ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }),
  };
  return Object.keys(update).length === 0 ? null : update;
}

/** By value; a date or an id never equals its text. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return a.constructor === b.constructor && JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Drops indexes that an older version made: those that are named after their own key, as this version names none.
 * @param wanted which of them
 */
export async function dropOldIndexes(
  connection: Database,
  name: string,
  run: MigrationRun,
  wanted: (index: { readonly key: Document; readonly unique: boolean }) => boolean,
): Promise<number> {
  if ((await existing(connection, [name])).length === 0) return 0;
  const collection = connection.collection(name);
  let count = 0;
  for (const index of await collection.indexes()) {
    const derived = Object.entries(index.key as Record<string, unknown>)
      .map(([field, kind]) => `${field}_${String(kind)}`)
      .join('_');
    if (index.name !== derived || index.name === '_id_') continue;
    if (!wanted({ key: index.key, unique: index.unique === true })) continue;
    count += 1;
    if (!run.dryRun) await collection.dropIndex(index.name);
  }
  return count;
}

/** For `catch`: an index that is there under another name is as good. @throws any other error */
export function unlessConflict(error: unknown): void {
  if (!isIndexConflict(error)) throw error;
}
