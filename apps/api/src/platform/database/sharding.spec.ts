import type { Connection } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { Sharding } from './sharding';

/** A server as far as the sharding looks at it; `collections` are the records of a cluster. */
function serverWith(hello: object, collections: readonly { _id: string; key: object; unsplittable?: boolean }[] = []) {
  const sent: unknown[] = [];
  const db = (databaseName: string) => ({
    databaseName,
    command: (command: object) => Promise.resolve(void sent.push({ database: databaseName, command })),
    admin: () => ({ command: () => Promise.resolve(hello) }),
    collection: (name: string) => ({
      find: (filter: { _id: { $in: string[] } }) => ({
        toArray: () => {
          if (`${databaseName}.${name}` !== 'config.collections') throw new Error('only the records are read');
          const wanted = new Set(filter._id.$in);
          return Promise.resolve(
            collections.filter(({ _id, unsplittable }) => wanted.has(_id) && unsplittable !== true),
          );
        },
      }),
    }),
  });
  const connection = { name: 'care', getClient: () => ({ db }) };
  // Only what the sharding asks of a connection.
  return { sharding: new Sharding(connection as unknown as Connection), sent };
}

const MONGOS = { msg: 'isdbgrid' };

describe('sharding', () => {
  it('takes nothing but a mongos for a cluster', async () => {
    expect(await serverWith(MONGOS).sharding.isCluster()).toBe(true);
    expect(await serverWith({ setName: 'rs0' }).sharding.isCluster()).toBe(false);
    expect(await serverWith({}).sharding.isCluster()).toBe(false);
  });

  it('makes the index of the key before it shards, with the hashed field', async () => {
    const { sharding, sent } = serverWith(MONGOS);
    const [glucoses] = await sharding.plan();
    for (const command of [sharding.enabling(), ...(glucoses?.commands ?? [])]) await sharding.run(command);
    const key = { patientId: 'hashed' };
    expect(sent).toEqual([
      { database: 'admin', command: { enableSharding: 'care' } },
      { database: 'care', command: { createIndexes: 'glucoses', indexes: [{ key, name: 'glucoses_shard' }] } },
      { database: 'admin', command: { shardCollection: 'care.glucoses', key } },
    ]);
  });

  it('skips what is sharded, and leaves a foreign key alone', async () => {
    const { sharding } = serverWith(MONGOS, [
      { _id: 'care.glucoses', key: { patientId: 'hashed' } },
      { _id: 'care.meals', key: { patientId: 1 } },
      { _id: 'care.messages', key: { _id: 1 }, unsplittable: true },
      { _id: 'other.notifications', key: { userId: 'hashed' } },
    ]);
    const steps = await sharding.plan();
    expect(steps.map(({ collection, state, commands }) => [collection, state, commands.length])).toEqual([
      ['glucoses', 'done', 0],
      ['glucosedays', 'todo', 2],
      ['meals', 'other', 0],
      ['messages', 'todo', 2],
      ['notifications', 'todo', 2],
      ['realtimeevents', 'todo', 2],
    ]);
  });

  it('asks a server that is no cluster for no records', async () => {
    const records = [{ _id: 'care.glucoses', key: { patientId: 'hashed' } }];
    const steps = await serverWith({ setName: 'rs0' }, records).sharding.plan();
    expect(steps.every(({ state }) => state === 'todo')).toBe(true);
  });
});
