import type { Connection } from 'mongoose';
import { describe, expect, it, vi } from 'vitest';
import { IndexBuilder } from './indexes';

/** A connection with one model, whose first build of indexes fails with a code. */
function connectionWith(code: number) {
  const createIndexes = vi.fn().mockRejectedValueOnce(Object.assign(new Error('conflict'), { code }));
  const dropIndex = vi.fn();
  const model = {
    collection: {
      collectionName: 'users',
      createIndexes,
      dropIndex,
      indexes: () =>
        Promise.resolve([
          { name: '_id_', key: { _id: 1 } },
          { name: 'email_1', key: { email: 1 } },
          { name: 'users_role', key: { role: 1 } },
          { name: 'users_email', key: { email: 1 } },
          { name: 'nom_1', key: { nom: 1 } },
        ]),
    },
    schema: {
      indexes: () => [
        [{ email: 1 }, { name: 'users_email' }],
        [{ role: 1, nom: 1 }, { name: 'users_role' }],
      ],
    },
  };
  // Two models of one collection: it is built once.
  const connection = { models: { users: model, people: model } };
  // Only what the builder asks of a connection.
  return { builder: new IndexBuilder(connection as unknown as Connection), createIndexes, dropIndex };
}

describe('building indexes', () => {
  it.each([85, 86])('drops what stands in the way of a declared index, and nothing else (%i)', async (code) => {
    const { builder, createIndexes, dropIndex } = connectionWith(code);
    await builder.build();
    // The same key under another name, and the same name with another key.
    expect(dropIndex.mock.calls.flat()).toEqual(['email_1', 'users_role']);
    expect(createIndexes).toHaveBeenCalledTimes(2);
    expect(createIndexes).toHaveBeenCalledWith([
      { name: 'users_email', key: { email: 1 } },
      { name: 'users_role', key: { role: 1, nom: 1 } },
    ]);
  });

  it('fails with any other error', async () => {
    const { builder, dropIndex } = connectionWith(11_000);
    await expect(builder.build()).rejects.toThrow('conflict');
    expect(dropIndex).not.toHaveBeenCalled();
  });
});
