import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, Model } from 'mongoose';
import { isIndexConflict } from './driver-errors';

/** Builds every declared index before the server takes traffic; equal indexes that exist cost one command each collection. */
@Injectable()
export class IndexBuilder {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Creates missing collections and indexes of all models. Safe to repeat. */
  async build(): Promise<void> {
    const seen = new Set<string>();
    const existing = new Set((await this.connection.listCollections()).map((collection) => collection.name));
    const models: readonly Model<unknown>[] = Object.values(this.connection.models);
    await Promise.all(
      models.map(async (model) => {
        const name = model.collection.collectionName;
        if (seen.has(name)) return;
        seen.add(name);
        // A collection made inside a transaction conflicts with others that make it at the same time.
        if (!existing.has(name)) await model.createCollection();
        await this.buildFor(model);
      }),
    );
  }

  /** An index that an older version made under another name, or in another form, gives way to the declared one. */
  private async buildFor(model: Model<unknown>): Promise<void> {
    try {
      await model.createIndexes();
    } catch (error) {
      if (!isIndexConflict(error)) throw error;
      await dropRivals(model);
      await model.createIndexes();
    }
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
