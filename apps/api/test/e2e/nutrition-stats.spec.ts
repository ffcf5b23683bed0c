import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oid } from '../../src/platform/database';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const MINUTE = 60_000;
const NOW = '2026-03-30T10:00:00.000Z';

describe('statistics of meals', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const eat = async (by: TestActor, eatenAt: string, carbs: number, more: object = {}): Promise<string> => {
    const { status, body } = await by.post('/nutrition/meals', { name: 'Meal', eatenAt, carbs, ...more });
    expect(status).toBe(201);
    return body._id as string;
  };
  const stats = async (by: TestActor, path: string, language = 'en') =>
    (await by.get(`/nutrition/stats/${path}`, { headers: { 'accept-language': language } })).body;

  it('of a day follow the patient’s zone, on a day of 23 hours', async () => {
    t.clock.freeze(NOW);
    const patient = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    // 29 March 2026 in Paris: from 28 March 23:00Z (+01) to 29 March 22:00Z (+02).
    await eat(patient, '2026-03-28T22:59:59.999Z', 1);
    await eat(patient, '2026-03-28T23:00:00Z', 10.1, { protein: 5 });
    await eat(patient, '2026-03-29T21:59:59.999Z', 20.25, { protein: 2.5, fat: 3, calories: 120 });
    await eat(patient, '2026-03-29T22:00:00Z', 100);
    expect(await stats(patient, 'daily-carbs?date=2026-03-29')).toEqual({
      date: '2026-03-29',
      // 10.1 + 20.25 = 30.35
      totalCarbs: 30.4,
      totalProtein: 7.5,
      totalFat: 3,
      totalCalories: 120,
      mealCount: 2,
    });
    expect(await stats(patient, 'daily-carbs?date=2026-03-30')).toMatchObject({ totalCarbs: 100, mealCount: 1 });
    expect(await stats(patient, 'daily-carbs?date=2031-01-01')).toEqual({
      date: '2031-01-01',
      totalCarbs: 0,
      totalProtein: 0,
      totalFat: 0,
      totalCalories: 0,
      mealCount: 0,
    });
    for (const query of ['', '?date=', '?date=today', '?date=2026-02-30', '?date=2026-03-29T10:00:00Z'])
      expect((await stats(patient, `daily-carbs${query}`)).code, query).toBe('VALIDATION_FAILED');
    const stranger = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    expect(await stats(stranger, 'daily-carbs?date=2026-03-29')).toMatchObject({ totalCarbs: 0, mealCount: 0 });
  });

  it('of a day of 25 hours hold the hour that comes twice', async () => {
    // 26 October 2025 in Paris: from 25 October 22:00Z (+02) to 26 October 23:00Z (+01).
    t.clock.freeze('2025-10-28T10:00:00Z');
    const patient = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    for (const at of ['2025-10-25T22:00:00Z', '2025-10-26T00:30:00Z', '2025-10-26T01:30:00Z', '2025-10-26T22:59:00Z'])
      await eat(patient, at, 1);
    expect(await stats(patient, 'daily-carbs?date=2025-10-26')).toMatchObject({ totalCarbs: 4, mealCount: 4 });
    expect(await stats(patient, 'daily-carbs?date=2025-10-27')).toMatchObject({ totalCarbs: 0 });
  });

  it('of a week are those of seven calendar days, today included', async () => {
    t.clock.freeze(NOW);
    const patient = await t.actors.asPatient({ timeZone: 'America/Montreal' });
    // Today is 30 March (-04); the week begins on 24 March at 04:00Z.
    await eat(patient, '2026-03-24T03:59:59.999Z', 500);
    await eat(patient, '2026-03-24T04:00:00Z', 50.5, { protein: 10, fat: 1, calories: 300 });
    await eat(patient, '2026-03-30T09:00:00Z', 49.6, { protein: 1.25, calories: 250.5 });
    expect(await stats(patient, 'weekly-macros')).toEqual({
      totalCarbs: 100.1,
      totalProtein: 11.3,
      totalFat: 1,
      totalCalories: 550.5,
      mealCount: 2,
      // 100.1 / 7 = 14.3
      averageCarbsPerDay: 14.3,
    });
    // A phone east of Greenwich that sends its wall clock without an offset.
    await eat(patient, '2026-03-30T23:00:00', 7);
    expect(await stats(patient, 'weekly-macros')).toMatchObject({ totalCarbs: 107.1, mealCount: 3 });
  });

  it('against the targets warn only above them, in the language of the request', async () => {
    t.clock.freeze(NOW);
    const patient = await t.actors.asPatient({ timeZone: 'Pacific/Auckland' });
    // 23:00 on 30 March in Auckland (+13).
    await eat(patient, '2026-03-30T09:00:00Z', 150.4, { calories: 2_000 });
    expect(await stats(patient, 'targets')).toEqual({
      date: '2026-03-30',
      dailyCarbs: 150.4,
      dailyCalories: 2_000,
      carbsTarget: 200,
      caloriesTarget: 2_000,
      carbsExceeded: false,
      caloriesExceeded: false,
      carbsRemaining: 49.6,
      caloriesRemaining: 0,
      warnings: [],
    });
    await eat(patient, '2026-03-30T09:30:00Z', 49.7, { calories: 0.1 });
    const exceeded = await stats(patient, 'targets');
    expect(exceeded).toMatchObject({ dailyCarbs: 200.1, carbsRemaining: 0, carbsExceeded: true });
    expect(exceeded.warnings).toEqual(['Carbohydrate target exceeded', 'Calorie target exceeded']);
    expect((await stats(patient, 'targets', 'fr-CA')).warnings).toEqual([
      'Objectif de glucides dépassé',
      'Objectif calorique dépassé',
    ]);
    expect(await stats(patient, 'targets?date=2026-03-29')).toMatchObject({
      date: '2026-03-29',
      dailyCarbs: 0,
      carbsRemaining: 200,
      warnings: [],
    });
    expect((await stats(patient, 'targets?date=x')).code).toBe('VALIDATION_FAILED');
    // Half past noon in UTC is the next day in Auckland.
    t.clock.freeze('2026-03-30T12:30:00Z');
    expect((await stats(patient, 'targets')).date).toBe('2026-03-31');
  });

  it('take the targets from the settings', async () => {
    const own = await startTestApp({
      config: { care: { nutritionCarbsTargetG: 90, nutritionCaloriesTargetKcal: 500 } },
    });
    const patient = await own.actors.asPatient();
    expect(await stats(patient, 'targets')).toMatchObject({ carbsTarget: 90, caloriesRemaining: 500 });
    await own.close();
  });

  const reading = (patient: TestActor, at: string, valueMgdl: number) => ({
    patientId: oid(patient.id),
    value: valueMgdl,
    unit: 'mg/dL',
    valueMgdl,
    measuredAt: new Date(at),
    source: 'manual',
    createdAt: new Date(at),
    updatedAt: new Date(at),
  });

  it('pair each meal with the readings around it', async () => {
    t.clock.freeze(NOW);
    const [patient, stranger] = [await t.actors.asPatient(), await t.actors.asPatient()];
    const lunch = await eat(patient, '2026-03-29T12:00:00Z', 60, { name: 'Lunch' });
    const dinner = await eat(patient, '2026-03-29T19:00:00Z', 40, { name: 'Dinner' });
    await eat(patient, '2026-02-28T09:59:00Z', 10);
    await t.db
      .collection('glucoses')
      .insertMany([
        reading(patient, '2026-03-29T11:30:00Z', 99),
        reading(patient, '2026-03-29T11:55:00Z', 104.25),
        reading(patient, '2026-03-29T12:59:00Z', 200),
        reading(patient, '2026-03-29T13:00:00Z', 160.5),
        reading(patient, '2026-03-29T13:30:00Z', 190),
        reading(patient, '2026-03-29T18:45:00Z', 110),
        reading(stranger, '2026-03-29T20:30:00Z', 300),
      ]);
    const rows = await stats(patient, 'meals/spike');
    const meal = { mealId: lunch, mealName: 'Lunch', eatenAt: '2026-03-29T12:00:00.000Z', carbs: 60, unit: 'mg/dL' };
    expect(rows).toEqual([
      {
        mealId: dinner,
        mealName: 'Dinner',
        eatenAt: '2026-03-29T19:00:00.000Z',
        carbs: 40,
        preMealGlucose: 110,
        postMealGlucose: null,
        spike: null,
        unit: 'mg/dL',
      },
      // 160.5 - 104.25 = 56.25
      { ...meal, preMealGlucose: 104.3, postMealGlucose: 160.5, spike: 56.3 },
    ]);
    const february = await stats(patient, 'meals/spike?start=2026-02-28&end=2026-02-28T09:59:00Z');
    expect(february).toMatchObject([{ carbs: 10, preMealGlucose: null, postMealGlucose: null, spike: null }]);
    expect(await stats(stranger, 'meals/spike')).toEqual([]);
    for (const query of [
      'start=2026-03-01',
      'end=2026-03-01',
      'start=2026-03-02&end=2026-03-01',
      'start=2026-01-01&end=2026-04-04',
      'start=x&end=y',
    ])
      expect((await stats(patient, `meals/spike?${query}`)).code, query).toBe('VALIDATION_FAILED');
  });

  it('pair at most 500 meals, the latest, and say so', async () => {
    t.clock.freeze(NOW);
    const patient = await t.actors.asPatient();
    const base = { patientId: oid(patient.id), name: 'Snack', carbs: 5, source: 'manual', itemCount: 0, __v: 0 };
    const meals = Array.from({ length: 501 }, (_, n) => {
      const eatenAt = new Date(Date.parse(NOW) - n * 30 * MINUTE);
      return { ...base, eatenAt, createdAt: eatenAt, updatedAt: eatenAt };
    });
    await t.db.collection('meals').insertMany(meals);
    const full = await patient.get('/nutrition/stats/meals/spike');
    expect(full.body).toHaveLength(500);
    expect(full.body[0].eatenAt).toBe(NOW);
    expect(full.headers.get('x-truncated')).toBe('true');
    const start = meals[499]?.eatenAt.toISOString() ?? '';
    const exact = await patient.get(`/nutrition/stats/meals/spike?start=${start}&end=${NOW}`);
    expect([exact.body.length, exact.headers.get('x-truncated')]).toEqual([500, null]);
  });

  it('are for patients only', async () => {
    const others = [await t.actors.asDoctor(), await t.actors.asPharmacist(), await t.actors.asAdmin()];
    for (const path of ['daily-carbs?date=2026-03-29', 'weekly-macros', 'meals/spike', 'targets'])
      for (const other of others) expect((await stats(other, path)).code, other.role).toBe('FORBIDDEN_ROLE');
  });
});
