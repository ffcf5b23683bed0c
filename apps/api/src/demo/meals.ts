import { DateTime } from 'luxon';
import { patientKey, patientZone, userId } from './accounts';
import { demoId, type DemoDocument } from './demo.repository';
import { Random } from './random';

const DAYS = 14;
const EATERS = 12;
interface Dish {
  readonly name: string;
  /** g */
  readonly carbs: number;
  readonly protein: number;
  readonly fat: number;
  /** kcal */
  readonly calories: number;
}

interface Course {
  readonly name: string;
  readonly hour: number;
  readonly dishes: readonly Dish[];
}

const dish = (name: string, carbs: number, protein: number, fat: number): Dish => ({
  name,
  carbs,
  protein,
  fat,
  calories: Math.round(4 * carbs + 4 * protein + 9 * fat),
});

const COURSES: readonly Course[] = [
  {
    name: 'Breakfast',
    hour: 7,
    dishes: [dish('Pain complet', 32, 6, 2), dish('Yaourt nature', 8, 6, 4), dish('Flocons d’avoine', 40, 9, 6)],
  },
  {
    name: 'Lunch',
    hour: 12,
    dishes: [dish('Couscous aux légumes', 58, 14, 9), dish('Poulet rôti', 2, 32, 12), dish('Lentilles', 34, 16, 3)],
  },
  { name: 'Snack', hour: 16, dishes: [dish('Pomme', 18, 0, 0), dish('Amandes', 6, 6, 14), dish('Dattes', 28, 1, 0)] },
  {
    name: 'Dinner',
    hour: 19,
    dishes: [dish('Soupe de légumes', 16, 4, 3), dish('Riz et poisson', 52, 28, 8), dish('Salade', 9, 3, 7)],
  },
];

/** Meals with their food items, as the collections hold them. */
export interface DemoMeals {
  readonly meals: readonly DemoDocument[];
  readonly fooditems: readonly DemoDocument[];
}

/**
 * Three meals and a snack a day over the last 14 days of the first patients, by the clock of each. What a day holds
 * follows from its date alone, so a load on a later day adds the new days and nothing else.
 */
export function demoMeals(now: Date): DemoMeals {
  const meals: DemoDocument[] = [];
  const fooditems: DemoDocument[] = [];
  for (let index = 0; index < EATERS; index += 1) {
    const key = patientKey(index);
    const today = DateTime.fromJSDate(now, { zone: patientZone(index) }).startOf('day');
    for (let back = 0; back < DAYS; back += 1)
      for (const course of COURSES) addMeal(key, today.minus({ days: back }), course, now, { meals, fooditems });
  }
  return { meals, fooditems };
}

function addMeal(
  key: string,
  day: DateTime,
  course: Course,
  now: Date,
  into: { meals: DemoDocument[]; fooditems: DemoDocument[] },
): void {
  const word = `meal:${key}:${day.toISODate() ?? ''}:${course.name}`;
  const random = new Random(word);
  const eatenAt = day.set({ hour: course.hour, minute: random.below(50) }).toJSDate();
  // Entered a quarter of an hour later.
  const createdAt = new Date(eatenAt.getTime() + 15 * 60_000);
  if (createdAt > now) return;
  const first = random.below(course.dishes.length);
  const dishes = course.name === 'Snack' ? [first] : [first, (first + 1) % course.dishes.length];
  const eaten = dishes.flatMap((at) => course.dishes[at] ?? []);
  const sum = (field: 'carbs' | 'protein' | 'fat' | 'calories'): number =>
    eaten.reduce((total, part) => total + part[field], 0);
  const base = { patientId: userId(key), __v: 0, createdAt, updatedAt: createdAt };
  const meal = { carbs: sum('carbs'), protein: sum('protein'), fat: sum('fat'), calories: sum('calories') };
  const guessed = random.next() < 0.15 ? { source: 'ai', confidence: 70 + random.below(28) } : { source: 'manual' };
  const mealId = demoId(word);
  into.meals.push({ _id: mealId, ...base, name: course.name, eatenAt, ...meal, ...guessed, itemCount: eaten.length });
  for (const part of eaten) into.fooditems.push({ _id: demoId(`${word}:${part.name}`), ...base, mealId, ...part });
}
