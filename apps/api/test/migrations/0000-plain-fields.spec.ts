import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { plainFields } from '../../src/migrations/0000-plain-fields';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0000: plain fields', () => {
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

  it('removes nulls, dates by the id and adds the version', async () => {
    const made = new Date('2025-05-05T05:05:05Z');
    await db.insert(
      'users',
      { _id: id(1), email: 'a@x.example', googleSubject: null, deletedAt: null },
      { _id: id(2), email: 'b@x.example', createdAt: made, updatedAt: made, __v: 3 },
    );
    await db.insert('messages', { _id: id(3), content: 'x', createdAt: null });
    expect(await db.apply(plainFields)).toEqual({ users: 1, messages: 1 });
    const atId = (n: number) => id(n).getTimestamp();
    expect(await db.all('users')).toEqual([
      { _id: id(1), email: 'a@x.example', createdAt: atId(1), updatedAt: atId(1), __v: 0 },
      { _id: id(2), email: 'b@x.example', createdAt: made, updatedAt: made, __v: 3 },
    ]);
    expect(await db.all('messages')).toEqual([{ _id: id(3), content: 'x', createdAt: atId(3), updatedAt: atId(3) }]);
  });

  it('has nothing to do in an empty database', async () => {
    expect(await db.apply(plainFields)).toEqual({});
  });
});
