import { randomBytes } from 'node:crypto';
import { type Connection, createConnection, Types } from 'mongoose';
import { expect, inject } from 'vitest';
import type { Migration } from '../../src/platform/database';

/** A document as it lies there, keys of any kind. */
export type Stored = Record<string, unknown> & { _id: unknown };

/** Everything stored, by collection. */
type Snapshot = Record<string, Stored[]>;

export const NOW = new Date('2026-03-02T12:00:00.000Z');

/** An id that is always the same for a number, made on 1 January 2026 at that second. */
export function id(n: number): Types.ObjectId {
  const seconds = Date.parse('2026-01-01T00:00:00Z') / 1_000 + n;
  return new Types.ObjectId(seconds.toString(16).padStart(8, '0') + n.toString(16).padStart(16, '0'));
}

/** Where the database of a test is. */
function testUri(dbName: string): string {
  const url = new URL(inject('mongoUri'));
  url.pathname = `/${dbName}`;
  if (url.username !== '' && !url.searchParams.has('authSource')) url.searchParams.set('authSource', 'admin');
  return url.toString();
}

/** A database as an older version left it: documents of any shape, without a server. */
export class OldDatabase {
  private constructor(
    readonly connection: Connection,
    readonly name: string,
  ) {}

  static async open(): Promise<OldDatabase> {
    const name = `old_${randomBytes(6).toString('hex')}`;
    return new OldDatabase(await createConnection(testUri(name)).asPromise(), name);
  }

  async insert(collection: string, ...documents: object[]): Promise<void> {
    await this.connection.collection(collection).insertMany(documents);
  }

  /** All documents of a collection in order of their ids. */
  async all(collection: string): Promise<Stored[]> {
    return this.connection.collection(collection).find<Stored>({}).sort({ _id: 1 }).toArray();
  }

  async one(collection: string, _id: unknown): Promise<Stored | null> {
    return (await this.all(collection)).find((document) => String(document._id) === String(_id)) ?? null;
  }

  async snapshot(): Promise<Snapshot> {
    const names = (await this.connection.listCollections()).map(({ name }) => name).sort();
    const contents: Snapshot = {};
    for (const name of names) {
      const documents = await this.all(name);
      if (documents.length > 0) contents[name] = documents;
    }
    return contents;
  }

  /** Builds an index as an older version would have: named after its key. */
  async index(
    collection: string,
    key: Readonly<Record<string, 1 | -1 | '2dsphere'>>,
    options: object = {},
  ): Promise<void> {
    await this.connection.collection(collection).createIndexes([{ key, ...options }]);
  }

  /** Names of a collection's indexes. */
  async indexes(collection: string): Promise<string[]> {
    return (await this.connection.collection(collection).indexes()).map(({ name }) => String(name)).sort();
  }

  /**
   * Runs a step as an operator would: dry first, which must write nothing and count the same; then for good; then once
   * more, which must change nothing. Returns the counts.
   */
  async apply(migration: Migration): Promise<Record<string, number>> {
    const before = await this.snapshot();
    const dry = await migration.up(this.connection, { dryRun: true, now: NOW });
    expect(await this.snapshot()).toEqual(before);
    const counts = await migration.up(this.connection, { dryRun: false, now: NOW });
    expect(dry).toEqual(counts);
    const after = await this.snapshot();
    await migration.up(this.connection, { dryRun: false, now: NOW });
    expect(await this.snapshot()).toEqual(after);
    return counts;
  }

  async clear(): Promise<void> {
    for (const { name } of await this.connection.listCollections()) await this.connection.dropCollection(name);
  }

  async close(): Promise<void> {
    await this.connection.dropDatabase();
    await this.connection.close();
  }
}
