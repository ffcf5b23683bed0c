import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Meals } from '../../src/modules/nutrition';
import { oid } from '../../src/platform/database';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';
import { findStored } from '../support/stored';

const MEAL = { name: 'Dinner', eatenAt: '2026-03-01T19:00:00Z', carbs: 60 };
const FOOD = { name: 'Whole grain bread', carbs: 24.5 };

describe('food items', () => {
  let t: TestApp;
  let patient: TestActor;
  let stranger: TestActor;
  let mealId: string;

  beforeAll(async () => {
    t = await startTestApp();
    [patient, stranger] = await Promise.all([t.actors.asPatient(), t.actors.asPatient()]);
  });

  beforeEach(async () => {
    mealId = (await patient.post('/nutrition/meals', MEAL)).body._id as string;
  });

  afterAll(async () => {
    await t.close();
  });

  const path = (id?: string): string => `/nutrition/meals/${mealId}/foods${id === undefined ? '' : `/${id}`}`;
  const add = async (fields: object = {}) => {
    const { status, body } = await patient.post(path(), { ...FOOD, ...fields });
    expect(status).toBe(201);
    return body as { _id: string; name: string };
  };
  const itemCount = async () => (await t.db.collection('meals').findOne({ _id: oid(mealId) }))?.['itemCount'] as number;

  it('are added to a meal, which stays as it is', async () => {
    const meal = (await patient.get(`/nutrition/meals/${mealId}`)).body;
    const { status, body } = await patient.post(path(), { ...FOOD, protein: 4.2, fat: 0, calories: 130 });
    expect(status).toBe(201);
    expect(body).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      mealId,
      patientId: patient.id,
      ...FOOD,
      protein: 4.2,
      fat: 0,
      calories: 130,
      createdAt: expect.any(String) as string,
      updatedAt: body.createdAt as string,
    });
    const bare = await add();
    expect(Object.keys(bare)).toEqual(['_id', 'mealId', 'patientId', 'name', 'carbs', 'createdAt', 'updatedAt']);
    expect((await patient.get(`/nutrition/meals/${mealId}`)).body).toEqual({ ...meal, foods: [body, bare] });
    expect((await patient.get(path())).body).toEqual([bare, body]);
    expect(await itemCount()).toBe(2);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(151) }, 'name'],
    [{ carbs: undefined }, 'carbs'],
    [{ carbs: 1_000.5 }, 'carbs'],
    [{ protein: 500.5 }, 'protein'],
    [{ fat: '1' }, 'fat'],
    [{ calories: -1 }, 'calories'],
    [{ note: 'no such field' }, 'note'],
    [{ mealId: NOBODY }, 'mealId'],
  ])('refuse a wrong field (%#)', async (fields, field) => {
    const { status, body } = await patient.post(path(), { ...FOOD, ...fields });
    expect([status, body.code, body.details[0].field]).toEqual([400, 'VALIDATION_FAILED', field]);
    expect(await itemCount()).toBe(0);
  });

  it('are changed and removed', async () => {
    const { _id } = await add({ fat: 3 });
    const changed = await patient.patch(path(_id), { name: 'Rye bread', fat: null, protein: 5 });
    expect(changed.body).toMatchObject({ _id, mealId, name: 'Rye bread', carbs: 24.5, protein: 5 });
    expect(changed.body).not.toHaveProperty('fat');
    const etag = changed.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"v1-/);
    expect((await patient.patch(path(_id), { name: 'Rye bread' })).body).toEqual(changed.body);
    expect((await patient.patch(path(_id), { carbs: 2 }, { headers: { 'if-match': etag } })).body.carbs).toBe(2);
    const stale = await patient.patch(path(_id), { carbs: 3 }, { headers: { 'if-match': etag } });
    expect(stale.body.code).toBe('PRECONDITION_FAILED');
    for (const wrong of [{ name: null }, { carbs: null }, { carbs: -1 }])
      expect((await patient.patch(path(_id), wrong)).body.code).toBe('VALIDATION_FAILED');
    const removed = await patient.delete(path(_id));
    expect([removed.status, Object.keys(removed.body)]).toEqual([200, ['message']]);
    expect((await patient.delete(path(_id))).body.code).toBe('NOT_FOUND');
    expect((await patient.patch(path(_id), { carbs: 1 })).body.code).toBe('NOT_FOUND');
    expect(await itemCount()).toBe(0);
    expect((await patient.get(path())).body).toEqual([]);
  });

  it('never pass 50, however many are added at once', async () => {
    for (let n = 0; n < 40; n += 1) await add({ name: `food ${n}` });
    const answers = await parallel(30, () => patient.post(path(), FOOD));
    const codes = answers.map(({ status, body }) => (status === 201 ? '201' : `${status} ${String(body.code)}`));
    expect(codes.filter((code) => code === '201')).toHaveLength(10);
    expect(codes.filter((code) => code === '409 MEAL_FULL')).toHaveLength(20);
    expect((await patient.get(path())).body).toHaveLength(50);
    const { foods } = (await patient.get(`/nutrition/meals/${mealId}`)).body;
    expect(foods[0].name).toBe('food 0');
    expect(await itemCount()).toBe(50);
    const french = await patient.post(path(), FOOD, { headers: { 'accept-language': 'fr-FR' } });
    expect(french.body).toMatchObject({ code: 'MEAL_FULL', message: 'Un repas compte au plus 50 aliments' });
    await patient.delete(path(foods[0]._id as string));
    await add();
  });

  it('of one key are added once', async () => {
    const answers = await parallel(10, () => patient.post(path(), FOOD, { headers: { 'idempotency-key': mealId } }));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body._id as string)).size).toBe(1);
    expect(await itemCount()).toBe(1);
  });

  it('do not survive a meal that is deleted while they are added', async () => {
    const [removed, ...added] = await Promise.all([
      patient.delete(`/nutrition/meals/${mealId}`),
      ...Array.from({ length: 19 }, () => patient.post(path(), FOOD)),
    ]);
    expect(removed.status).toBe(200);
    for (const { status } of added) expect([201, 404]).toContain(status);
    expect(await t.db.collection('fooditems').countDocuments({ mealId: oid(mealId) })).toBe(0);
  });

  it('are found only below their own meal, and by their owner', async () => {
    const { _id } = await add();
    const other = (await patient.post('/nutrition/meals', MEAL)).body._id as string;
    const wrong = `/nutrition/meals/${other}/foods/${_id}`;
    expect((await patient.patch(wrong, { carbs: 1 })).body.code).toBe('NOT_FOUND');
    expect((await patient.delete(wrong)).body.code).toBe('NOT_FOUND');
    for (const answer of [
      await stranger.get(path()),
      await stranger.post(path(), FOOD),
      await stranger.patch(path(_id), { carbs: 1 }),
      await stranger.delete(path(_id)),
      await patient.get(`/nutrition/meals/${NOBODY}/foods`),
      await patient.post(`/nutrition/meals/${NOBODY}/foods`, FOOD),
    ])
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await patient.get(path())).body).toHaveLength(1);
    for (const answer of [await patient.get('/nutrition/meals/x/foods'), await patient.delete(path('x'))])
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_ID']);
  });

  it('are exported with their meal, the earliest meal first, and erased with it', async () => {
    const own = await t.actors.asPatient();
    const meals: string[] = [];
    for (const day of ['2026-02-02', '2026-02-01'])
      meals.unshift((await own.post('/nutrition/meals', { ...MEAL, name: `Meal of ${day}`, eatenAt: day })).body._id);
    for (const name of ['unmistakable-bread', 'unmistakable-cheese'])
      await own.post(`/nutrition/meals/${meals[0] ?? ''}/foods`, { ...FOOD, name });
    const exported = (await own.get('/users/me/export')).body.meals as { _id: string; foods: object[] }[];
    expect(exported.map(({ _id }) => _id)).toEqual(meals);
    expect(exported[0]).toEqual((await own.get(`/nutrition/meals/${meals[0] ?? ''}`)).body);
    expect(exported[0]?.foods).toHaveLength(2);
    expect((await own.delete('/users/me')).status).toBe(200);
    await t.runJob('erasure');
    await t.settle();
    expect(await findStored(t.db, ['unmistakable', 'Meal of 2026'])).toEqual([]);
    for (const collection of ['meals', 'fooditems'])
      expect(await t.db.collection(collection).countDocuments({ patientId: oid(own.id) }), collection).toBe(0);
    expect((await patient.get(`/nutrition/meals/${mealId}`)).status).toBe(200);
  });

  it('tell the system when carbohydrates were eaten', async () => {
    const own = await t.actors.asPatient();
    for (const [eatenAt, carbs] of [
      ['2026-03-01T12:00:00Z', 30],
      ['2026-03-01T12:20:00Z', 0.5],
      ['2026-03-01T12:30:00Z', 0],
    ] as const)
      await own.post('/nutrition/meals', { ...MEAL, eatenAt, carbs });
    const last = async (from: string, to: string) =>
      (await t.app.get(Meals).lastWithCarbsBefore(own.id, new Date(from), new Date(to)))?.toISOString() ?? null;
    expect(await last('2026-03-01T12:00:00Z', '2026-03-01T13:00:00Z')).toBe('2026-03-01T12:20:00.000Z');
    expect(await last('2026-03-01T12:20:00Z', '2026-03-01T12:20:00Z')).toBe('2026-03-01T12:20:00.000Z');
    expect(await last('2026-03-01T12:00:00Z', '2026-03-01T12:19:59Z')).toBe('2026-03-01T12:00:00.000Z');
    expect(await last('2026-03-01T12:21:00Z', '2026-03-01T13:00:00Z')).toBeNull();
  });
});
