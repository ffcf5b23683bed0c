import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../common/errors';
import { parseInstant, type ParsedInstant } from '../../common/time';
import {
  againstTarget,
  assertEatenAt,
  curveOf,
  type MealReading,
  oneDecimal,
  readingsWindow,
  spikeWindow,
  totalsOf,
} from './nutrition.policy';

const MINUTE = 60_000;
const MEAL = new Date('2026-03-02T12:00:00.000Z');
const NOW = new Date('2026-03-02T15:00:00.000Z');

function instant(text: string): ParsedInstant {
  const parsed = parseInstant(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

/** Readings by their minutes from the meal. */
function readings(...pairs: readonly (readonly [number, number])[]): MealReading[] {
  return pairs.map(([minutes, valueMgdl]) => ({ measuredAt: new Date(MEAL.getTime() + minutes * MINUTE), valueMgdl }));
}

/** The fields that a call finds wrong; empty when it finds none. */
function problems(call: () => unknown): unknown {
  try {
    call();
    return [];
  } catch (error) {
    return error instanceof AppError ? error.options.details : error;
  }
}

describe('the readings around a meal', () => {
  it.each([
    ['nothing', [], [null, null, null]],
    [
      'both',
      [
        [-10, 100],
        [90, 155],
      ],
      [100, 155, 55],
    ],
    [
      'the latest before, the first after',
      [
        [-29, 90],
        [-1, 101],
        [61, 150],
        [119, 180],
      ],
      [101, 150, 49],
    ],
    [
      'both ends of each window',
      [
        [-30, 90],
        [120, 95],
      ],
      [90, 95, 5],
    ],
    [
      'the meal itself and its first hour',
      [
        [0, 90],
        [60, 85],
      ],
      [90, 85, -5],
    ],
    [
      'just outside',
      [
        [-30.001, 90],
        [59.999, 100],
        [120.001, 110],
      ],
      [null, null, null],
    ],
    [
      'after the meal is not before it',
      [
        [0.001, 90],
        [75, 130],
      ],
      [null, 130, null],
    ],
    ['only before', [[-5, 90]], [90, null, null]],
    // 6.1 and 9.3 mmol/L: 6.1 x 18.0182 = 109.91102, 9.3 x 18.0182 = 167.56926; the difference is 57.65824.
    [
      'values of full precision',
      [
        [-5, 109.91102],
        [70, 167.56926],
      ],
      [109.9, 167.6, 57.7],
    ],
  ] as const)('%s', (_what, pairs, [pre, post, spike]) => {
    expect(curveOf(MEAL, readings(...pairs))).toEqual({ preMealGlucose: pre, postMealGlucose: post, spike });
  });

  it('are those that a walk through all readings finds', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: -60, max: 180 }), { maxLength: 40 });
    fc.assert(
      fc.property(minutes, (list) => {
        const sorted = readings(...list.sort((a, b) => a - b).map((minute) => [minute, 100 + minute] as const));
        const at = (reading: MealReading): number => (reading.measuredAt.getTime() - MEAL.getTime()) / MINUTE;
        const pre = sorted.filter((reading) => at(reading) >= -30 && at(reading) <= 0).at(-1);
        const post = sorted.find((reading) => at(reading) >= 60 && at(reading) <= 120);
        expect(curveOf(MEAL, sorted)).toMatchObject({
          preMealGlucose: pre?.valueMgdl ?? null,
          postMealGlucose: post?.valueMgdl ?? null,
        });
      }),
    );
  });

  it('lie in one window for all meals', () => {
    const later = new Date('2026-03-05T08:00:00.000Z');
    expect(readingsWindow([later, MEAL])).toEqual({
      from: new Date('2026-03-02T11:30:00.000Z'),
      to: new Date('2026-03-05T10:00:00.000Z'),
    });
    expect(readingsWindow([])).toBeNull();
  });
});

describe('sums', () => {
  it('are rounded to 1 decimal, half away from zero', () => {
    // 0.35 and 1.005 x 10 are just below their halves in binary.
    expect([0.05, 0.25, 0.35, 0.349, -0.25, -0.04, 1.15, 200.04].map(oneDecimal)).toEqual([
      0.1, 0.3, 0.4, 0.3, -0.3, 0, 1.2, 200,
    ]);
  });

  it('count a missing macro as 0', () => {
    const meals = [{ carbs: 45.5, protein: 10 }, { carbs: 0.15, fat: 3.3, calories: 500 }, { carbs: 20 }];
    // 45.5 + 0.15 + 20 = 65.65
    expect(totalsOf(meals)).toEqual({
      totalCarbs: 65.7,
      totalProtein: 10,
      totalFat: 3.3,
      totalCalories: 500,
      mealCount: 3,
    });
    expect(totalsOf([])).toEqual({ totalCarbs: 0, totalProtein: 0, totalFat: 0, totalCalories: 0, mealCount: 0 });
  });

  it('exceed a target only beyond it', () => {
    expect(againstTarget(200, 200)).toEqual({ exceeded: false, remaining: 0 });
    expect(againstTarget(200.1, 200)).toEqual({ exceeded: true, remaining: 0 });
    expect(againstTarget(66.6, 200)).toEqual({ exceeded: false, remaining: 133.4 });
    // 66.6 + 66.7 + 66.7 is 200.00000000000003 in binary.
    const { totalCarbs } = totalsOf([{ carbs: 66.6 }, { carbs: 66.7 }, { carbs: 66.7 }]);
    expect(againstTarget(totalCarbs, 200).exceeded).toBe(false);
  });
});

describe('when a meal was eaten', () => {
  it.each([
    ['2000-01-01', []],
    ['1999-12-31T23:59:59.999Z', [{ field: 'eatenAt', rule: 'min' }]],
    ['2026-03-02T15:10:00Z', []],
    ['2026-03-02T15:10:01Z', [{ field: 'eatenAt', rule: 'notInFuture' }]],
    ['2026-03-03T05:00:00', []],
    ['2026-03-03T05:00:01', [{ field: 'eatenAt', rule: 'notInFuture' }]],
  ])('%s', (text, expected) => {
    expect(problems(() => assertEatenAt(instant(text), NOW))).toEqual(expected);
  });
});

describe('the window of spikes', () => {
  const window = (start?: string, end?: string) =>
    spikeWindow(
      {
        ...(start === undefined ? {} : { start: instant(start) }),
        ...(end === undefined ? {} : { end: instant(end) }),
      },
      NOW,
    );

  it('is the last 30 days, or what was asked for', () => {
    expect(window()).toEqual({ from: new Date('2026-01-31T15:00:00.000Z'), to: null });
    // January has 31 days, February 28: 1 January + 92 days is 3 April.
    expect(window('2026-01-01', '2026-04-03')).toEqual({ from: new Date('2026-01-01'), to: new Date('2026-04-03') });
    expect(window('2026-01-01', '2026-01-01').from).toEqual(new Date('2026-01-01'));
  });

  it.each([
    ['2026-01-01', undefined, 'end', 'required'],
    [undefined, '2026-01-01', 'start', 'required'],
    ['2026-01-02', '2026-01-01', 'end', 'order'],
    ['2026-01-01', '2026-04-03T00:00:00.001Z', 'end', 'range'],
  ])('is not %s to %s', (start, end, field, rule) => {
    expect(problems(() => window(start, end))).toEqual([{ field, rule }]);
  });
});
