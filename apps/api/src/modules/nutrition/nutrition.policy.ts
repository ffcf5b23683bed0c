import { invalidField } from '../../common/errors';
import { isInFuture, type ParsedInstant } from '../../common/time';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const EARLIEST = new Date('2000-01-01T00:00:00.000Z');
const MAX_SPIKE_DAYS = 92;
const DEFAULT_SPIKE_DAYS = 30;

/** How far before a meal its first reading may lie, minutes. */
const PRE_MEAL_MINUTES = 30;
/** When the reading after a meal is taken, minutes; both ends included. */
const POST_MEAL_MINUTES = { from: 60, to: 120 } as const;

/** Rounds to 1 decimal, half away from zero; a sum that binary fractions put just below a half counts as the half. */
export function oneDecimal(value: number): number {
  const scaled = Math.abs(value) * 10;
  const rounded = Math.round(scaled + scaled * Number.EPSILON * 4) / 10;
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Judges when a meal was eaten. @throws AppError VALIDATION_FAILED before 2000, or in the future (contract 00 section 3) */
export function assertEatenAt(eatenAt: ParsedInstant, now: Date): void {
  if (eatenAt.date < EARLIEST)
    throw invalidField('eatenAt', 'min', 'must not be before 2000', 'ne doit pas précéder l’an 2000');
  if (isInFuture(eatenAt, now))
    throw invalidField('eatenAt', 'notInFuture', 'must not be in the future', 'ne doit pas être dans le futur');
}

/** The window of the spike statistics; `to` null means that it has no end. */
export interface SpikeWindow {
  readonly from: Date;
  readonly to: Date | null;
}

/** @throws AppError VALIDATION_FAILED for one of the two, a wrong order, or more than 92 days */
export function spikeWindow(query: { start?: ParsedInstant; end?: ParsedInstant }, now: Date): SpikeWindow {
  const { start, end } = query;
  if (start === undefined && end === undefined)
    return { from: new Date(now.getTime() - DEFAULT_SPIKE_DAYS * DAY_MS), to: null };
  if (start === undefined)
    throw invalidField('start', 'required', 'is required together with end', 'est requis avec end');
  if (end === undefined)
    throw invalidField('end', 'required', 'is required together with start', 'est requis avec start');
  const span = end.date.getTime() - start.date.getTime();
  if (span < 0) throw invalidField('end', 'order', 'must not be before start', 'ne doit pas précéder start');
  if (span > MAX_SPIKE_DAYS * DAY_MS)
    throw invalidField('end', 'range', 'must be at most 92 days after start', 'doit suivre start de 92 jours au plus');
  return { from: start.date, to: end.date };
}

/** A glucose reading as the spike statistics need it. */
export interface MealReading {
  readonly measuredAt: Date;
  /** mg/dL, full precision */
  readonly valueMgdl: number;
}

/** The readings before and after a meal, mg/dL to 1 decimal, and their difference. */
export interface MealResponseCurve {
  readonly preMealGlucose: number | null;
  readonly postMealGlucose: number | null;
  readonly spike: number | null;
}

/**
 * Finds the readings around a meal: the latest from 30 minutes before it up to the meal, and the first from 60 to 120
 * minutes after it. Two binary searches for each meal.
 * @param readings by measuredAt, ascending
 */
export function curveOf(eatenAt: Date, readings: readonly MealReading[]): MealResponseCurve {
  const at = eatenAt.getTime();
  const pre = readings[firstFrom(readings, at + 1) - 1];
  const post = readings[firstFrom(readings, at + POST_MEAL_MINUTES.from * MINUTE_MS)];
  const preValue = pre !== undefined && pre.measuredAt.getTime() >= at - PRE_MEAL_MINUTES * MINUTE_MS ? pre : null;
  const postValue =
    post !== undefined && post.measuredAt.getTime() <= at + POST_MEAL_MINUTES.to * MINUTE_MS ? post : null;
  return {
    preMealGlucose: preValue === null ? null : oneDecimal(preValue.valueMgdl),
    postMealGlucose: postValue === null ? null : oneDecimal(postValue.valueMgdl),
    spike: preValue === null || postValue === null ? null : oneDecimal(postValue.valueMgdl - preValue.valueMgdl),
  };
}

/** Index of the first reading at or after an instant (milliseconds); the length when there is none. */
function firstFrom(readings: readonly MealReading[], instant: number): number {
  let [low, high] = [0, readings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((readings[middle]?.measuredAt.getTime() ?? Infinity) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When readings for these meals can lie: from 30 minutes before the first to 120 minutes after the last. */
export function readingsWindow(eatenAt: readonly Date[]): { from: Date; to: Date } | null {
  if (eatenAt.length === 0) return null;
  const times = eatenAt.map((date) => date.getTime());
  return {
    from: new Date(Math.min(...times) - PRE_MEAL_MINUTES * MINUTE_MS),
    to: new Date(Math.max(...times) + POST_MEAL_MINUTES.to * MINUTE_MS),
  };
}

/** What is summed of a meal; a missing macro counts as 0. */
export interface Nutrients {
  readonly carbs: number;
  readonly protein?: number;
  readonly fat?: number;
  readonly calories?: number;
}

/** Sums of meals, each to 1 decimal. */
export interface MacroTotals {
  readonly totalCarbs: number;
  readonly totalProtein: number;
  readonly totalFat: number;
  readonly totalCalories: number;
  readonly mealCount: number;
}

/** Adds meals up. */
export function totalsOf(meals: readonly Nutrients[]): MacroTotals {
  const sum = (key: keyof Nutrients): number => oneDecimal(meals.reduce((total, meal) => total + (meal[key] ?? 0), 0));
  return {
    totalCarbs: sum('carbs'),
    totalProtein: sum('protein'),
    totalFat: sum('fat'),
    totalCalories: sum('calories'),
    mealCount: meals.length,
  };
}

/** A sum against its target: what is left is never negative. */
export function againstTarget(sum: number, target: number): { exceeded: boolean; remaining: number } {
  return { exceeded: sum > target, remaining: oneDecimal(Math.max(0, target - sum)) };
}
