import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { meals } from '../../src/migrations/0012-meals';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0012: meals', () => {
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

  it('counts the items of meals and fills their defaults', async () => {
    const eatenAt = new Date('2026-01-01T12:00:00Z');
    await db.insert(
      'meals',
      { _id: id(10), patientId: id(1), name: 'Lunch', eatenAt, carbs: 40, source: 'AI' },
      { _id: id(11), patientId: id(1), name: 'Dinner', eatenAt: eatenAt.toISOString(), carbs: '12.5' },
    );
    await db.insert(
      'fooditems',
      ...[20, 21].map((n) => ({ _id: id(n), mealId: id(10), patientId: id(1), name: 'x', carbs: 1 })),
    );
    expect(await db.apply(meals)).toEqual({ meals: 2 });
    expect(await db.all('meals')).toEqual([
      { _id: id(10), patientId: id(1), name: 'Lunch', eatenAt, carbs: 40, source: 'ai', itemCount: 2 },
      { _id: id(11), patientId: id(1), name: 'Dinner', eatenAt, carbs: 12.5, source: 'manual', itemCount: 0 },
    ]);
  });
});
