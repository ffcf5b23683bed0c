import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { IndexDescription } from 'mongodb';
import type { Connection, Model } from 'mongoose';
import { isIndexConflict } from './driver-errors';

// More connections would each cost a sign-in at the database, which takes longer than the command.
const PARALLEL = 4;

/** Builds every declared index before the server takes traffic; equal indexes that exist cost one command each collection. */
@Injectable()
export class IndexBuilder {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Creates missing collections and indexes of all models: one command each collection. Safe to repeat. */
  async build(): Promise<void> {
    const models: readonly Model<unknown>[] = Object.values(this.connection.models);
    const waiting = [...new Map(models.map((model) => [model.collection.collectionName, model])).values()];
    const worker = async (): Promise<void> => {
      for (let model = waiting.pop(); model !== undefined; model = waiting.pop()) await buildFor(model);
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  }
}

/** An index that an older version made under another name, or in another form, gives way to the declared one. */
async function buildFor(model: Model<unknown>): Promise<void> {
  const declared = model.schema.indexes().map(([key, options]) => ({ ...options, key }) as IndexDescription);
  // A collection made inside a transaction conflicts with others that make it at the same time: all are made here,
  // those with indexes by the same command.
  if (declared.length === 0) {
    await model.createCollection();
    return;
  }
  try {
    await model.collection.createIndexes(declared);
  } catch (error) {
    if (!isIndexConflict(error)) throw error;
    await dropRivals(model);
    await model.collection.createIndexes(declared);
  }
}

async function dropRivals(model: Model<unknown>): Promise<void> {
  const keyText = (key: object): string => JSON.stringify(Object.entries(key));
  const declared = model.schema.indexes().map(([key, options]) => ({ key: keyText(key), name: options.name }));
  for (const index of await model.collection.indexes()) {
    const key = keyText(index.key);
    const isRival = declared.some((wanted) => (wanted.key === key) !== (wanted.name === index.name));
    if (isRival && index.name !== undefined && index.name !== '_id_') await model.collection.dropIndex(index.name);
  }
}
