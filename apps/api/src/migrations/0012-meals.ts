import {
  dateOf,
  existing,
  keyOf,
  madeAt,
  type Migration,
  type Old,
  rewriteEach,
  setting,
  spelled,
} from '../platform/database';

const SOURCES = ['manual', 'ai'] as const;

/** Defaults of meals, and the number of their food items, which the limit of items is judged by. */
export const meals: Migration = {
  name: '0012-meals',
  async up(connection, run) {
    const items = new Map<string, number>();
    if ((await existing(connection, ['fooditems'])).length > 0) {
      const found = connection.collection('fooditems').find<Old>({}, { projection: { mealId: 1 } });
      for await (const item of found) items.set(keyOf(item['mealId']), (items.get(keyOf(item['mealId'])) ?? 0) + 1);
    }
    const number = (value: unknown): number | undefined => (typeof value === 'number' ? undefined : Number(value) || 0);
    const changed = await rewriteEach(connection, 'meals', run, (meal) =>
      setting(meal, {
        source: spelled(meal['source'], SOURCES) ?? 'manual',
        eatenAt: meal['eatenAt'] instanceof Date ? undefined : (dateOf(meal['eatenAt']) ?? madeAt(meal)),
        carbs: number(meal['carbs']),
        itemCount: items.get(keyOf(meal._id)) ?? 0,
      }),
    );
    return { meals: changed };
  },
};
