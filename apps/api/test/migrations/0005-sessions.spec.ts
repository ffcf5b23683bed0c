import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sessions } from '../../src/migrations/0005-sessions';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0005: sessions', () => {
  let db: OldDatabase;

  beforeAll(async () => {
    db = await OldDatabase.open();
  });

  afterEach(async () => {
    await db.clear();
  });

  afterAll(async () => {
    await db.close();
  });

  it('ends what holds tokens and keeps what this version made', async () => {
    const own = { _id: id(2), userId: id(9), authenticatedAt: new Date('2026-01-01') };
    await db.insert('sessions', { _id: id(1), userId: id(9), token: 'secret', refreshToken: 'r' }, own);
    await db.index('sessions', { token: 1 }, { unique: true, sparse: true });
    await db.index('sessions', { userId: 1 });
    expect(await db.apply(sessions)).toEqual({ droppedIndexes: 1, sessions: 1 });
    expect(await db.all('sessions')).toEqual([own]);
    expect(await db.indexes('sessions')).toEqual(['_id_', 'userId_1']);
  });
});
