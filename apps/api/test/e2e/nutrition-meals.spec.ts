import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oid } from '../../src/platform/database';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY } from '../support/booking';

const NOW = '2026-03-02T15:00:00.000Z';
const MEAL = { name: ' Déjeuner ', eatenAt: '2026-03-02T12:00:00Z', carbs: 45.5 };
const FULL = { ...MEAL, protein: 20, fat: 12.5, calories: 480, note: 'au restaurant', source: 'AI', confidence: 87.5 };

describe('meals', () => {
  let t: TestApp;
  let patient: TestActor;
  let stranger: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    t.clock.freeze(NOW);
    [patient, stranger] = await Promise.all([t.actors.asPatient(), t.actors.asPatient()]);
  });

  afterEach(() => {
    t.clock.freeze(NOW);
  });

  afterAll(async () => {
    await t.close();
  });

  const make = async (by: TestActor, fields: object = {}) => {
    const { status, body } = await by.post('/nutrition/meals', { ...MEAL, ...fields });
    expect(status).toBe(201);
    return body as { _id: string };
  };

  it('are stored with what was sent, and nothing else', async () => {
    const { status, body, headers } = await patient.post('/nutrition/meals', MEAL);
    expect(status).toBe(201);
    expect(body).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      patientId: patient.id,
      name: 'Déjeuner',
      eatenAt: '2026-03-02T12:00:00.000Z',
      carbs: 45.5,
      source: 'manual',
      createdAt: NOW,
      updatedAt: NOW,
    });
    expect(headers.get('etag')).toMatch(/^"v0-/);
    const full = (await patient.post('/nutrition/meals', FULL)).body;
    const rest = { protein: 20, fat: 12.5, calories: 480, note: 'au restaurant', source: 'ai', confidence: 87.5 };
    expect(full).toMatchObject(rest);
    expect((await patient.get(`/nutrition/meals/${full._id}`)).body).toEqual({ ...full, foods: [] });
    const stored = await t.db.collection('meals').findOne({ _id: oid(full._id) });
    expect(stored).toMatchObject({ patientId: oid(patient.id), itemCount: 0, __v: 0 });
  });

  it('take 0, an empty optional text and the bounds of every range', async () => {
    const zero = { carbs: 0, protein: 0, fat: 0, calories: 0, note: '', confidence: 0 };
    const { body } = await patient.post('/nutrition/meals', { ...MEAL, ...zero });
    expect(body).toMatchObject({ carbs: 0, protein: 0, fat: 0, calories: 0, confidence: 0 });
    expect(body).not.toHaveProperty('note');
    const most = { name: 'x'.repeat(150), carbs: 1_000, protein: 500, fat: 500, calories: 10_000, confidence: 100 };
    await make(patient, { ...most, note: '😀'.repeat(500) });
    await make(patient, { eatenAt: '2000-01-01' });
    // The app's local time without an offset, 14 hours ahead.
    await make(patient, { eatenAt: '2026-03-03T05:00:00' });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(151) }, 'name'],
    [{ eatenAt: undefined }, 'eatenAt'],
    [{ eatenAt: 'yesterday' }, 'eatenAt'],
    [{ eatenAt: '1999-12-31T23:59:59Z' }, 'eatenAt'],
    [{ eatenAt: '2026-03-02T15:11:00Z' }, 'eatenAt'],
    [{ eatenAt: '2026-03-03T05:01:00' }, 'eatenAt'],
    [{ carbs: undefined }, 'carbs'],
    [{ carbs: null }, 'carbs'],
    [{ carbs: '45' }, 'carbs'],
    [{ carbs: -0.1 }, 'carbs'],
    [{ carbs: 1_000.1 }, 'carbs'],
    [{ protein: 501 }, 'protein'],
    [{ fat: -1 }, 'fat'],
    [{ calories: 10_001 }, 'calories'],
    [{ note: 'x'.repeat(501) }, 'note'],
    [{ source: 'robot' }, 'source'],
    [{ confidence: 101 }, 'confidence'],
    [{ patientId: NOBODY }, 'patientId'],
    [{ itemCount: 3 }, 'itemCount'],
  ])('refuse a wrong field (%#)', async (fields, field) => {
    const { status, body } = await patient.post('/nutrition/meals', { ...MEAL, ...fields });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.details[0].field).toBe(field);
  });

  it('are changed field by field; null clears, an equal value changes nothing', async () => {
    const { _id } = await make(patient, FULL);
    t.clock.advance(60_000);
    const changed = await patient.patch(`/nutrition/meals/${_id}`, {
      carbs: 50,
      fat: null,
      note: '',
      confidence: null,
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ carbs: 50, protein: 20, source: 'ai', updatedAt: '2026-03-02T15:01:00.000Z' });
    for (const key of ['fat', 'note', 'confidence']) expect(changed.body).not.toHaveProperty(key);
    expect(changed.headers.get('etag')).toMatch(/^"v1-/);
    t.clock.advance(60_000);
    const same = await patient.patch(`/nutrition/meals/${_id}`, { carbs: 50, eatenAt: MEAL.eatenAt, fat: null });
    expect(same.body).toEqual(changed.body);
    expect((await patient.patch(`/nutrition/meals/${_id}`, {})).body).toEqual(changed.body);
    expect((await patient.patch(`/nutrition/meals/${_id}`, { source: null })).body.source).toBe('manual');
    for (const wrong of [{ carbs: null }, { name: '' }, { eatenAt: null }, { carbs: 1_001 }, { unknown: 1 }])
      expect((await patient.patch(`/nutrition/meals/${_id}`, wrong)).status, JSON.stringify(wrong)).toBe(400);
    const future = await patient.patch(`/nutrition/meals/${_id}`, { eatenAt: '2026-03-04' });
    expect(future.body.code).toBe('VALIDATION_FAILED');
  });

  it('honour If-Match, If-None-Match and an Idempotency-Key', async () => {
    const { _id } = await make(patient);
    const path = `/nutrition/meals/${_id}`;
    const etag = (await patient.get(path)).headers.get('etag') ?? '';
    expect((await patient.get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await patient.patch(path, { carbs: 1 }, { headers: { 'if-match': etag } })).status).toBe(200);
    const stale = await patient.patch(path, { carbs: 2 }, { headers: { 'if-match': etag } });
    expect([stale.status, stale.body.code]).toEqual([412, 'PRECONDITION_FAILED']);
    const current = (await patient.get(path)).headers.get('etag') ?? '';
    await patient.post(`${path}/foods`, { name: 'Bread', carbs: 20 });
    // A new food changes what GET shows, and not the meal itself.
    expect((await patient.get(path, { headers: { 'if-none-match': current } })).status).toBe(200);
    expect((await patient.patch(path, { carbs: 3 }, { headers: { 'if-match': current } })).status).toBe(200);
    const headers = { 'idempotency-key': 'one-meal' };
    const [first, second] = [
      await patient.post('/nutrition/meals', FULL, { headers }),
      await patient.post('/nutrition/meals', FULL, { headers }),
    ];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('lose no change of 20 at once', async () => {
    const { _id } = await make(patient);
    const path = `/nutrition/meals/${_id}`;
    const fields = ['protein', 'fat', 'calories', 'carbs'] as const;
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, n) => patient.patch(path, { [fields[n % 4] ?? 'fat']: 100 + n })),
    );
    expect(done.filter(({ status }) => status === 200).length).toBe(20);
    const { body } = await patient.get(path);
    for (const field of fields) expect(body[field], field).toBeGreaterThanOrEqual(100);
    expect((await t.db.collection('meals').findOne({ _id: oid(_id) }))?.['__v']).toBe(20);
  });

  it('are listed with the latest eaten first, inside inclusive ends', async () => {
    const own = await t.actors.asPatient();
    const days = Array.from({ length: 25 }, (_, n) => new Date(Date.parse('2026-03-02T08:00:00Z') - n * 86_400_000));
    const ids: string[] = [];
    for (const day of days) ids.push((await make(own, { eatenAt: day.toISOString() }))._id);
    // One long before: beyond the usual window of a page.
    ids.push((await make(own, { eatenAt: '2019-05-05T12:00:00Z' }))._id);
    const list = async (query: string) => (await own.get(`/nutrition/meals${query}`)).body;
    const idsOf = (page: { data: { _id: string }[] }) => page.data.map(({ _id }) => _id);
    const first = await list('');
    expect(first).toMatchObject({ total: 26, page: 1, limit: 10, totalPages: 3 });
    expect(idsOf(first)).toEqual(ids.slice(0, 10));
    expect(first.data[0]).not.toHaveProperty('foods');
    expect(idsOf(await list('?page=3'))).toEqual(ids.slice(20));
    expect(idsOf(await list('?limit=1000'))).toEqual(ids);
    expect(await list('?limit=1000')).toMatchObject({ limit: 100, totalPages: 1 });
    expect(await list('?page=9')).toMatchObject({ data: [], total: 26 });
    const window = `?start=${days[4]?.toISOString() ?? ''}&end=${days[2]?.toISOString() ?? ''}`;
    expect(await list(window)).toMatchObject({ total: 3, totalPages: 1 });
    expect(idsOf(await list(window))).toEqual(ids.slice(2, 5));
    expect(idsOf(await list('?end=2020-01-01'))).toEqual(ids.slice(25));
    expect(await list(`?start=${days[4]?.toISOString() ?? ''}&limit=2&page=2`)).toMatchObject({ total: 5, page: 2 });
    expect(await list('?start=2026-02-01&end=2026-01-01')).toMatchObject({ data: [], total: 0, totalPages: 0 });
    for (const query of ['?page=0', '?limit=x', '?start=soon', '?end=2026-13-01'])
      expect((await own.get(`/nutrition/meals${query}`)).body.code, query).toBe('VALIDATION_FAILED');
    expect((await stranger.get('/nutrition/meals')).body).toMatchObject({ data: [], total: 0 });
  });

  it('break ties of one instant by their ids, descending', async () => {
    const own = await t.actors.asPatient();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await make(own))._id);
    const { data } = (await own.get('/nutrition/meals')).body;
    expect(data.map(({ _id }: { _id: string }) => _id)).toEqual(ids.sort().reverse());
  });

  it('go together with their items', async () => {
    const { _id } = await make(patient);
    const kept = await make(patient);
    for (const id of [_id, _id, kept._id]) await patient.post(`/nutrition/meals/${id}/foods`, { name: 'A', carbs: 1 });
    const removed = await patient.delete(`/nutrition/meals/${_id}`);
    expect([removed.status, Object.keys(removed.body)]).toEqual([200, ['message']]);
    expect((await patient.delete(`/nutrition/meals/${_id}`)).body.code).toBe('NOT_FOUND');
    expect((await patient.get(`/nutrition/meals/${_id}`)).body.code).toBe('NOT_FOUND');
    expect(await t.db.collection('fooditems').countDocuments({ mealId: oid(_id) })).toBe(0);
    expect((await patient.get(`/nutrition/meals/${kept._id}`)).body.foods).toHaveLength(1);
  });

  it('are nobody else’s', async () => {
    const { _id } = await make(patient);
    const path = `/nutrition/meals/${_id}`;
    const absent = (await stranger.get(`/nutrition/meals/${NOBODY}`)).body;
    const answers = [
      await stranger.get(path),
      await stranger.patch(path, { carbs: 1 }),
      await stranger.delete(path),
      await stranger.post(`${path}/foods`, { name: 'A', carbs: 1 }),
      await stranger.get(`${path}/foods`),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect({ ...body, requestId: null }).toEqual({ ...absent, requestId: null });
    }
    expect((await patient.get(path)).body).toMatchObject({ carbs: 45.5, foods: [] });
    const [doctor, pharmacist, admin] = [
      await t.actors.asDoctor(),
      await t.actors.asPharmacist(),
      await t.actors.asAdmin(),
    ];
    await t.actors.link(patient, doctor);
    for (const other of [doctor, pharmacist, admin])
      expect((await other.get(path)).body.code, other.role).toBe('FORBIDDEN_ROLE');
    expect((await patient.get('/nutrition/meals/123')).body.code).toBe('INVALID_ID');
    expect((await patient.get(`/nutrition/meals/${_id.toUpperCase()}`)).body._id).toBe(_id);
  });
});
