import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { numeroOrdre } from '../../src/migrations/0002-numero-ordre';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0002: professional numbers', () => {
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

  it('drops the index over all roles and keeps one number for each role', async () => {
    await db.insert(
      'users',
      { _id: id(1), role: 'MEDECIN', numeroOrdre: '75-1' },
      { _id: id(2), role: 'PHARMACIEN', numeroOrdre: '75-2' },
    );
    await db.index('users', { numeroOrdre: 1 }, { unique: true, sparse: true });
    await db.index('users', { nom: 1 });
    expect(await db.apply(numeroOrdre)).toEqual({ droppedIndexes: 1, numbersRemoved: 0 });
    expect(await db.indexes('users')).toEqual(['_id_', 'nom_1']);
    await db.insert('users', { _id: id(3), role: 'PHARMACIEN', numeroOrdre: '75-1' });
  });

  it('leaves a number that two of a role have to the older account', async () => {
    await db.insert(
      'users',
      { _id: id(1), role: 'MEDECIN', numeroOrdre: '75-1', createdAt: new Date('2025-02-01') },
      { _id: id(2), role: 'MEDECIN', numeroOrdre: '75-1', createdAt: new Date('2025-01-01') },
      { _id: id(3), role: 'PHARMACIEN', numeroOrdre: '75-1' },
      { _id: id(4), role: 'MEDECIN' },
    );
    expect(await db.apply(numeroOrdre)).toEqual({ droppedIndexes: 0, numbersRemoved: 1 });
    expect((await db.all('users')).map(({ numeroOrdre: number }) => number)).toEqual([
      undefined,
      '75-1',
      '75-1',
      undefined,
    ]);
  });
});
