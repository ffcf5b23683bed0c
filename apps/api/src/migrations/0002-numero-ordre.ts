import { dropOldIndexes, grouped, type Migration, byAge, type Old, textOf, Writes } from '../platform/database';

/**
 * Step 2: professional numbers are unique for each role and no longer over all. Of several accounts of one role with the
 * same number the oldest keeps it: the index could not be built otherwise.
 */
export const numeroOrdre: Migration = {
  name: '0002-numero-ordre',
  async up(connection, run) {
    const droppedIndexes = await dropOldIndexes(
      connection,
      'users',
      run,
      ({ key, unique }) => unique && 'numeroOrdre' in key,
    );
    const collection = connection.collection('users');
    const numbered = await collection
      .find<Old>({ numeroOrdre: { $gt: '' } }, { projection: { role: 1, numeroOrdre: 1, createdAt: 1 } })
      .toArray();
    const writes = new Writes(collection, run);
    const key = (user: Old): string => `${textOf(user['role']).toUpperCase()} ${textOf(user['numeroOrdre'])}`;
    for (const group of grouped(numbered, key).values())
      for (const user of group.sort(byAge).slice(1)) await writes.update(user._id, { $unset: { numeroOrdre: '' } });
    await writes.flush();
    return { droppedIndexes, numbersRemoved: writes.count };
  },
};
