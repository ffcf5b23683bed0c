import { dropOldIndexes, existing, type Migration } from '../platform/database';

/** Step 5: sessions that hold tokens end, everybody signs in again. Those of this version say when they were proven. */
export const sessions: Migration = {
  name: '0005-sessions',
  async up(connection, run) {
    if ((await existing(connection, ['sessions'])).length === 0) return { droppedIndexes: 0, sessions: 0 };
    const droppedIndexes = await dropOldIndexes(connection, 'sessions', run, ({ key }) =>
      Object.keys(key).some((field) => /token/i.test(field)),
    );
    const old = { authenticatedAt: null };
    const collection = connection.collection('sessions');
    const count = await collection.countDocuments(old);
    if (!run.dryRun && count > 0) await collection.deleteMany(old);
    return { droppedIndexes, sessions: count };
  },
};
