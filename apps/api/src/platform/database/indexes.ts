import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';

/** Builds every declared index before the server takes traffic; equal indexes that exist cost one command each collection. */
@Injectable()
export class IndexBuilder {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Creates missing collections and indexes of all models. Safe to repeat. */
  async build(): Promise<void> {
    const seen = new Set<string>();
    const existing = new Set((await this.connection.listCollections()).map((collection) => collection.name));
    const models = Object.values(this.connection.models);
    await Promise.all(
      models.map(async (model) => {
        const name = model.collection.collectionName;
        if (seen.has(name)) return;
        seen.add(name);
        // A collection made inside a transaction conflicts with others that make it at the same time.
        if (!existing.has(name)) await model.createCollection();
        await model.createIndexes();
      }),
    );
  }
}
