import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oid } from '../../src/platform/database';
import { CounterChecks } from '../../src/platform/scheduler';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY } from '../support/booking';
import { Counter } from '../support/pharmacy';

const REVIEW_KEYS = ['_id', 'createdAt', 'isVisible', 'pharmacyId', 'rating', 'updatedAt'];
const RATING_KEYS = [
  '_id',
  'createdAt',
  'medicationAvailable',
  'penaltyApplied',
  'pharmacyId',
  'pointsAwarded',
  'stars',
  'updatedAt',
];
const NONE = { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 };

describe('reviews and ratings', () => {
  let t: TestApp;
  let c: Counter;

  beforeAll(async () => {
    t = await startTestApp();
  });

  beforeEach(async () => {
    c = await Counter.open(t, 2);
  });

  afterAll(async () => {
    await t.close();
  });

  const review = (fields: object = {}, by: TestActor = c.patient) =>
    by.post('/review', { pharmacyId: c.pharmacy(0).id, rating: 5, ...fields });
  const rate = (id: string, fields: object = {}, by: TestActor = c.patient) =>
    by.post('/ratings', {
      pharmacyId: c.pharmacy(0).id,
      medicationRequestId: id,
      stars: 5,
      medicationAvailable: true,
      ...fields,
    });
  const quality = async () => (await c.ledger(0)).filter((line) => /^(review|rating)_/.test(line));

  /** The three public views and what is stored agree; answers the summary. */
  async function totals(index = 0) {
    const { id } = c.pharmacy(index);
    const { body: summary } = await t.http.get(`/review/pharmacy/${id}/summary`);
    const { body: stats } = await t.http.get(`/ratings/pharmacy/${id}/stats`);
    expect(Object.keys(summary).sort()).toEqual(['averageRating', 'ratingDistribution', 'totalReviews']);
    expect(Object.keys(stats).sort()).toEqual(['averageRating', 'distribution', 'recentRatings', 'totalRatings']);
    expect(stats).toMatchObject({
      averageRating: summary.averageRating,
      totalRatings: summary.totalReviews,
      distribution: summary.ratingDistribution,
    });
    const counts = Object.values(summary.ratingDistribution as Record<string, number>);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(summary.totalReviews);
    const stored = await c.figures(index);
    expect([stored['averageRating'] ?? 0, stored['totalReviews'] ?? 0]).toEqual([
      summary.averageRating,
      summary.totalReviews,
    ]);
    return summary;
  }

  it('begin with zeros', async () => {
    expect(await totals()).toEqual({ averageRating: 0, totalReviews: 0, ratingDistribution: NONE });
    expect((await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}`)).body).toEqual({
      data: [],
      total: 0,
      page: 1,
      limit: 20,
      totalPages: 0,
    });
    expect((await t.http.get(`/ratings/pharmacy/${c.pharmacy(0).id}`)).body).toEqual([]);
  });

  it('review what was picked up, the last first, each request once', async () => {
    expect((await review()).body).toMatchObject({ statusCode: 403, code: 'REVIEW_NOT_ALLOWED' });
    const [first, second] = [await c.pickedUp(), await c.pickedUp()];
    const { status, body } = await review({ comment: 'Accueil rapide' });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual([...REVIEW_KEYS, 'comment', 'patientId', 'requestId'].sort());
    expect(body).toMatchObject({ requestId: second, patientId: c.patient.id, rating: 5, isVisible: true });
    expect((await review({ rating: 3, requestId: first.toUpperCase() })).body).toMatchObject({ requestId: first });
    expect((await review()).body).toMatchObject({ statusCode: 403, code: 'REVIEW_NOT_ALLOWED' });
    expect((await review({ requestId: first })).body).toMatchObject({ statusCode: 409, code: 'REVIEW_EXISTS' });
    expect(await quality()).toEqual(['review_received:8', 'review_received:0']);
    expect(await totals()).toEqual({
      averageRating: 4,
      totalReviews: 2,
      ratingDistribution: { ...NONE, '3': 1, '5': 1 },
    });
    const { body: page } = await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}?limit=1`);
    expect(page).toMatchObject({ total: 2, page: 1, limit: 1, totalPages: 2 });
    expect(Object.keys(page.data[0]).sort()).toEqual(REVIEW_KEYS);
    const { body: fives } = await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}?rating=5`);
    expect(fives.data.map((item: { comment: string }) => item.comment)).toEqual(['Accueil rapide']);
    expect((await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}?rating=6`)).status).toBe(400);
  });

  it('are for the patient whose request it is', async () => {
    const id = await c.pickedUp();
    const stranger = await t.actors.asPatient();
    expect((await review({ requestId: id }, stranger)).body).toMatchObject({ statusCode: 404 });
    expect((await review({ requestId: NOBODY })).body).toMatchObject({ statusCode: 404 });
    expect((await review({ pharmacyId: NOBODY })).body).toMatchObject({ statusCode: 404 });
    expect((await review({ pharmacyId: stranger.id })).body).toMatchObject({ statusCode: 404 });
    expect((await review({ pharmacyId: c.pharmacy(1).id, requestId: id })).body).toMatchObject({
      statusCode: 403,
      code: 'REVIEW_NOT_ALLOWED',
    });
    expect((await rate(id, {}, stranger)).body).toMatchObject({ statusCode: 404 });
    expect((await rate(NOBODY)).body).toMatchObject({ statusCode: 404 });
    expect((await rate(id, { pharmacyId: NOBODY })).body).toMatchObject({ statusCode: 404 });
    expect((await rate(id, { pharmacyId: c.pharmacy(1).id })).body).toMatchObject({
      statusCode: 403,
      code: 'RATING_NOT_ALLOWED',
    });
    expect((await rate(id, { patientId: stranger.id })).body).toMatchObject({
      statusCode: 403,
      code: 'IDENTITY_MISMATCH',
    });
    for (const path of ['/review', '/ratings'])
      expect((await c.pharmacy(0).post(path, {})).body).toMatchObject({ statusCode: 403, code: 'FORBIDDEN_ROLE' });
    expect((await c.pharmacy(0).delete(`/review/${NOBODY}`)).body).toMatchObject({ code: 'FORBIDDEN_ROLE' });
    expect((await stranger.delete(`/review/${NOBODY}`)).body).toMatchObject({ statusCode: 404 });
    for (const path of ['/review/pharmacy/', '/ratings/pharmacy/']) {
      expect((await t.http.get(`${path}${NOBODY}`)).status).toBe(404);
      expect((await t.http.get(`${path}no-id`)).body).toMatchObject({ statusCode: 400, code: 'INVALID_ID' });
    }
    expect((await t.http.get(`/ratings/medication-request/${id}`)).status).toBe(401);
  });

  it.each([
    [5, true, 25, 0, 25],
    [4, true, 15, 0, 15],
    [3, true, 5, 0, 5],
    [2, true, 0, 0, 0],
    [1, true, -10, 0, -10],
    [4, false, 15, 10, 5],
    // 30 points of the response are there: -20 takes effect.
    [1, false, -10, 10, -20],
  ])('rate with %d stars, medication there: %s', async (stars, medicationAvailable, awarded, penalty, effect) => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    const { status, body } = await rate(id, { stars, medicationAvailable, patientId: c.patient.id });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual([...RATING_KEYS, 'medicationRequestId', 'patientId'].sort());
    expect(body).toMatchObject({ stars, medicationAvailable, pointsAwarded: awarded, penaltyApplied: penalty });
    expect(await quality()).toEqual([`rating_received:${effect}`]);
    expect(await c.figures(0)).toMatchObject({ points: 30 + effect });
    expect((await rate(id, { stars: 5 })).body).toMatchObject({ statusCode: 409, code: 'RATING_EXISTS' });
  });

  it('never take a pharmacy below zero', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    await t.db.collection('users').updateMany({ role: 'PHARMACIEN' }, { $set: { points: 3 } });
    expect((await rate(id, { stars: 1 })).body).toMatchObject({ pointsAwarded: -10 });
    expect(await quality()).toEqual(['rating_received:-3']);
    expect(await c.figures(0)).toMatchObject({ points: 0 });
  });

  it('count a request once, with the later of the two, and give points once', async () => {
    const id = await c.pickedUp();
    const { body: said } = await review({ rating: 2 });
    expect(await totals()).toMatchObject({ averageRating: 2, totalReviews: 1 });
    const { body: rated } = await rate(id, { stars: 5, medicationAvailable: false });
    expect(rated).toMatchObject({ pointsAwarded: 0, penaltyApplied: 0 });
    expect(await quality()).toEqual(['review_received:0', 'rating_received:0']);
    expect(await totals()).toMatchObject({ averageRating: 5, totalReviews: 1 });
    expect((await c.patient.delete(`/review/${said._id}`)).body).toEqual({ message: expect.any(String) });
    expect(await totals()).toMatchObject({ averageRating: 5, totalReviews: 1 });
    // The request may be reviewed again, without points; the new review is the later opinion.
    const { body: again } = await review({ rating: 5, requestId: id });
    expect(await quality()).toEqual(['review_received:0', 'rating_received:0', 'review_received:0']);
    await c.patient.delete(`/review/${again._id}`);
    expect((await review({ rating: 1 })).status).toBe(201);
    expect(await totals()).toMatchObject({ averageRating: 1, totalReviews: 1 });
  });

  it('are removed by author and ADMIN only, and keep their points', async () => {
    await c.pickedUp();
    const { body } = await review();
    const points = (await c.figures(0))['points'];
    const stranger = await t.actors.asPatient();
    expect((await stranger.delete(`/review/${body._id}`)).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
    const admin = await t.actors.asAdmin();
    expect((await admin.delete(`/review/${body._id}`)).status).toBe(200);
    expect((await admin.delete(`/review/${body._id}`)).status).toBe(404);
    expect(await totals()).toEqual({ averageRating: 0, totalReviews: 0, ratingDistribution: NONE });
    expect(await c.figures(0)).toMatchObject({ points });
    const audited = await t.db.collection('auditevents').find({ action: 'review.deleted' }).toArray();
    expect(audited.filter(({ resourceId }) => String(resourceId) === body._id)).toHaveLength(1);
  });

  it('are counted as they come and go, all and by stars', async () => {
    const pharmacyId = c.pharmacy(0).id;
    const total = async (query = ''): Promise<number> =>
      (await t.http.get(`/review/pharmacy/${pharmacyId}${query}`)).body.total as number;
    const written: string[] = [];
    for (const rating of [5, 5, 3]) {
      await c.pickedUp();
      written.push((await review({ rating })).body._id as string);
    }
    expect([await total(), await total('?rating=5'), await total('?rating=3'), await total('?rating=1')]).toEqual([
      3, 2, 1, 0,
    ]);
    await c.pickedUp();
    await Promise.all([review({ rating: 1 }), c.patient.delete(`/review/${written[0]}`), total('?rating=4'), total()]);
    expect([await total(), await total('?rating=5'), await total('?rating=3'), await total('?rating=1')]).toEqual([
      3, 1, 1, 1,
    ]);
    expect(await total('?page=7')).toBe(3);
    const differences = async () =>
      (await t.app.get(CounterChecks).run()).filter(({ counter }) => counter.startsWith('listcounts.reviews'));
    expect(await differences()).toEqual([]);
    await t.db
      .collection('listcounts')
      .updateOne({ ownerId: oid(pharmacyId), list: 'reviews5' }, { $set: { 'months.2020-01': 1 } });
    expect(await differences()).toEqual([
      { counter: 'listcounts.reviews5', owner: `${pharmacyId} 2020-01`, stored: 1, counted: 0 },
    ]);
  });

  it('are shown to the patient and to the pharmacy that they are about', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    await c.respond(id, 1, 'accepted');
    const path = `/ratings/medication-request/${id}`;
    expect((await c.patient.get(path)).status).toBe(404);
    const extras = { comment: 'Bien', speedRating: 4, courtesynRating: 5 };
    const { body: a } = await rate(id, extras);
    const { body: b } = await rate(id, { pharmacyId: c.pharmacy(1).id, stars: 2 });
    expect((await c.patient.get(path)).body).toEqual(b);
    await c.confirm(id, 0);
    const own = await c.patient.get(path);
    expect(own.body).toEqual(a);
    expect(own.headers.get('etag')).not.toBeNull();
    const { patientId: _author, ...asPharmacy } = a;
    expect((await c.pharmacy(0).get(path)).body).toEqual({ ...asPharmacy, ...extras });
    expect((await c.pharmacy(1).get(path)).body.stars).toBe(2);
    const { medicationRequestId: _request, ...asPublic } = asPharmacy;
    expect((await t.http.get(`/ratings/pharmacy/${c.pharmacy(0).id}`)).body).toEqual([asPublic]);
    expect((await t.http.get(`/ratings/pharmacy/${c.pharmacy(0).id}/stats`)).body.recentRatings).toEqual([asPublic]);
    const foreign = await t.actors.asPharmacist();
    expect((await foreign.get(path)).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
    expect((await (await t.actors.asPatient()).get(path)).status).toBe(404);
    expect((await (await t.actors.asDoctor()).get(path)).body).toMatchObject({ code: 'FORBIDDEN_ROLE' });
  });

  it('stay in the averages without author and comment after an erasure', async () => {
    const id = await c.pickedUp();
    await review({ comment: 'geheim-1' });
    await rate(id, { stars: 4, comment: 'geheim-2' });
    const before = await totals();
    await c.patient.delete('/users/me', { currentPassword: c.patient.password });
    await t.runJob('erasure');
    expect(await totals()).toEqual(before);
    for (const name of ['reviews', 'ratings']) {
      const all = await t.db.collection(name).find().toArray();
      const own = all.find(({ pharmacyId }) => String(pharmacyId) === c.pharmacy(0).id);
      expect(Object.keys(own ?? {})).not.toContain('patientId');
      expect(JSON.stringify(all)).not.toContain('geheim');
    }
    const { body } = await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}`);
    await (await t.actors.asAdmin()).delete(`/review/${body.data[0]._id}`);
    expect(await totals()).toMatchObject({ averageRating: 4, totalReviews: 1 });
  });
});
