import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { SHARD_KEYS, type ShardKey } from './shard-keys';

/** A command of the sharding, and the database it is sent to. */
interface ShardCommand {
  readonly database: string;
  readonly command: mongo.Document;
}

/** What {@link Sharding.plan} found for one collection. */
export interface ShardStep {
  readonly collection: string;
  /**
   * `todo`: the commands are to be run; `done`: it is sharded by our key; `other`: it is sharded by another key, which
   * only `reshardCollection` can change.
   */
  readonly state: 'todo' | 'done' | 'other';
  readonly commands: readonly ShardCommand[];
}

/** Distributes the collections that grow over the shards of a cluster. Only a mongos can; nothing else is ever changed. */
@Injectable()
export class Sharding {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Is the server the router of a sharded cluster? */
  async isCluster(): Promise<boolean> {
    return (await this.database.admin().command({ hello: 1 }))['msg'] === 'isdbgrid';
  }

  /** The first command of all. */
  enabling(): ShardCommand {
    return { database: 'admin', command: { enableSharding: this.database.databaseName } };
  }

  /** One step per collection with a key. Anything but a cluster holds no sharded collection. */
  async plan(): Promise<ShardStep[]> {
    const keys = (await this.isCluster()) ? await this.keysInForce() : new Map<string, string>();
    return SHARD_KEYS.map((key) => this.stepFor(key, keys.get(this.namespaceOf(key.collection))));
  }

  /** Sends one command. @throws the driver's error when the server refuses it */
  async run({ database, command }: ShardCommand): Promise<void> {
    await this.connection.getClient().db(database).command(command);
  }

  private get database(): mongo.Db {
    return this.connection.getClient().db(this.connection.name);
  }

  private namespaceOf(collection: string): string {
    return `${this.database.databaseName}.${collection}`;
  }

  private stepFor({ collection, field }: ShardKey, inForce: string | undefined): ShardStep {
    const key = { [field]: 'hashed' };
    if (inForce !== undefined)
      return { collection, state: inForce === JSON.stringify(key) ? 'done' : 'other', commands: [] };
    const { databaseName } = this.database;
    const commands = [
      // A collection that holds documents can only be sharded when the index of its key is there.
      {
        database: databaseName,
        command: { createIndexes: collection, indexes: [{ key, name: `${collection}_shard` }] },
      },
      { database: 'admin', command: { shardCollection: this.namespaceOf(collection), key } },
    ];
    return { collection, state: 'todo', commands };
  }

  /** Keys of our sharded collections by namespace, as the cluster's own records tell them. */
  private async keysInForce(): Promise<Map<string, string>> {
    const ids = SHARD_KEYS.map(({ collection }) => this.namespaceOf(collection));
    const records = await this.connection
      .getClient()
      .db('config')
      .collection<{ _id: string; key: object; unsplittable?: boolean }>('collections')
      // Since MongoDB 8 collections that are not sharded may be recorded as well: those carry `unsplittable`.
      .find({ _id: { $in: ids }, unsplittable: { $ne: true } })
      .toArray();
    return new Map(records.map(({ _id, key }) => [_id, JSON.stringify(key)]));
  }
}
