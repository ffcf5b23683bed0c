import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { HOUR } from '../support/booking';
import type { TestResponse } from '../support/http';
import { Counter } from '../support/pharmacy';

const TIMES = 20;
const many = (call: (index: number) => Promise<TestResponse>): Promise<TestResponse[]> =>
  Promise.all(Array.from({ length: TIMES }, (_, index) => call(index)));
const won = (answers: TestResponse[]): TestResponse[] => answers.filter(({ status }) => status < 300);
/** The codes of those who lost. */
const lost = (answers: TestResponse[]): string[] => [
  ...new Set(answers.filter(({ status }) => status >= 300).map(({ body }) => body.code as string)),
];

/** Two instances of the server on one database: what holds here holds by the database, not by one process. */
describe('medication requests under concurrency', () => {
  let t: TestApp;
  let other: TestApp;
  let c: Counter;

  beforeAll(async () => {
    t = await startTestApp();
    other = await startTestApp({ dbName: t.dbName, clock: t.clock });
  });

  beforeEach(async () => {
    c = await Counter.open(t, 3);
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await other.close();
    await t.close();
  });

  const base = (index: number) => (index % 2 === 0 ? t : other).http;
  const put = (index: number, path: string, token: string, body: object = {}) =>
    base(index).put(`/medication-request/${path}`, body, { token });
  const quality = async () => (await c.ledger(0)).filter((line) => /^(review|rating)_/.test(line));

  /** What both instances have told somebody of a request. */
  const events = async (actor: TestActor, requestId: string): Promise<string[]> => {
    await other.settle();
    return c.events(actor, requestId);
  };

  it('take one response of a pharmacy, whatever it sends', async () => {
    const id = await c.request();
    const answers = await many((index) =>
      put(index, `${id}/respond`, c.pharmacy(0).token, { status: ['accepted', 'unavailable', 'declined'][index % 3] }),
    );
    expect(won(answers)).toHaveLength(1);
    expect(lost(answers)).toEqual(['ALREADY_ANSWERED']);
    expect(await c.ledger(0)).toHaveLength(2);
    const { totalRequestsAccepted = 0, totalRequestsDeclined = 0 } = await c.figures(0);
    expect(Number(totalRequestsAccepted) + Number(totalRequestsDeclined)).toBe(1);
    expect(await events(c.patient, id)).toHaveLength(1);
  });

  it('take the responses of all pharmacies at once', async () => {
    const id = await c.request();
    const answers = await Promise.all(
      [0, 1, 2].map((index) => put(index, `${id}/respond`, c.pharmacy(index).token, { status: 'accepted' })),
    );
    expect(lost(answers)).toEqual([]);
    for (const index of [0, 1, 2])
      expect(await c.figures(index)).toMatchObject({ points: 30, totalRequestsAccepted: 1 });
  });

  it('make one choice of two devices', async () => {
    const id = await c.request();
    for (const index of [0, 1]) await c.respond(id, index, 'accepted');
    const answers = await many((index) =>
      put(index, `${id}/confirm`, c.patient.token, { selectedPharmacyId: c.pharmacy(index % 2).id }),
    );
    expect(won(answers)).toHaveLength(1);
    expect(lost(answers)).toEqual(['ILLEGAL_TRANSITION']);
    const { body } = await c.patient.get(`/medication-request/${id}`);
    expect(body.selectedPharmacyId._id).toBe(won(answers)[0]?.body.selectedPharmacyId);
    expect(await c.ledger(2)).toEqual(['request_received:', 'request_expired:']);
  });

  it('confirm before they are cancelled, or not at all', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    const answers = await many((index) =>
      index % 2 === 0
        ? put(index >> 1, `${id}/confirm`, c.patient.token, { selectedPharmacyId: c.pharmacy(0).id })
        : put(index >> 1, `${id}/cancel`, c.patient.token),
    );
    const steps = won(answers).map(({ body }) => body.globalStatus as string);
    // Cancelling ends it either way, exactly once.
    expect(steps.filter((status) => status === 'closed')).toHaveLength(1);
    expect(steps.filter((status) => status === 'confirmed').length).toBeLessThanOrEqual(1);
    expect(lost(answers)).toEqual(['ILLEGAL_TRANSITION']);
    expect((await c.patient.get(`/medication-request/${id}`)).body.globalStatus).toBe('closed');
    const told = await events(c.pharmacy(0), id);
    expect(told.at(-1)).toBe('medication_cancelled');
    expect(told.filter((event) => event === 'medication_cancelled')).toHaveLength(1);
  });

  it('are picked up once', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted', { indicativePrice: 4 });
    const answers = await many((index) => put(index, `${id}/pickup`, c.pharmacy(0).token));
    expect(won(answers)).toHaveLength(1);
    expect(lost(answers)).toEqual(['ALREADY_PICKED_UP']);
    expect(await c.figures(0)).toMatchObject({ totalClients: 1, totalRevenue: 4 });
  });

  it('are picked up at one pharmacy while another is chosen', async () => {
    const id = await c.request();
    for (const index of [0, 1]) await c.respond(id, index, 'accepted', { indicativePrice: 4 });
    const answers = await many((index) =>
      index % 2 === 0
        ? put(index >> 1, `${id}/pickup`, c.pharmacy(0).token)
        : put(index >> 1, `${id}/confirm`, c.patient.token, { selectedPharmacyId: c.pharmacy(1).id }),
    );
    expect(won(answers)).toHaveLength(1);
    const { body } = await c.patient.get(`/medication-request/${id}`);
    const pickedUp = body.selectedPharmacyId._id === c.pharmacy(0).id;
    expect(body.isPickedUp).toBe(pickedUp);
    expect((await c.figures(0))['totalClients'] ?? 0).toBe(pickedUp ? 1 : 0);
    for (const code of lost(answers))
      expect(['ALREADY_PICKED_UP', 'PICKUP_NOT_ALLOWED', 'ILLEGAL_TRANSITION']).toContain(code);
  });

  it('expire once, whoever answers or chooses at that moment', async () => {
    await t.db.collection('users').updateMany({ role: 'PHARMACIEN' }, { $set: { points: 10 } });
    t.clock.freeze();
    const id = await c.request();
    t.clock.advance(2 * HOUR);
    const jobs = [t, other, t, other].map((app) => app.runJob('medication-request-expiry'));
    const answers = await many((index) =>
      put(index, `${id}/respond`, c.pharmacy(index % 3).token, { status: 'accepted' }),
    );
    await Promise.all(jobs);
    expect(lost(answers)).toEqual(['REQUEST_NOT_OPEN']);
    for (const index of [0, 1, 2]) {
      expect(await c.ledger(index)).toEqual(['request_received:', 'request_expired:-2']);
      expect(await c.figures(index)).toMatchObject({ points: 8 });
    }
    expect(await events(c.patient, id)).toEqual(['medication_expired']);
  });

  it('give points once for review and rating together, and count once', async () => {
    const id = await c.pickedUp();
    const before = Number((await c.figures(0))['points']);
    const opinion = { pharmacyId: c.pharmacy(0).id };
    const answers = await many((index) =>
      index % 2 === 0
        ? base(index >> 1).post('/review', { ...opinion, requestId: id, rating: 5 }, { token: c.patient.token })
        : base(index >> 1).post(
            '/ratings',
            { ...opinion, medicationRequestId: id, stars: 5, medicationAvailable: true },
            { token: c.patient.token },
          ),
    );
    expect(won(answers)).toHaveLength(2);
    expect(lost(answers).sort()).toEqual(['RATING_EXISTS', 'REVIEW_EXISTS']);
    const lines = await quality();
    expect(lines).toHaveLength(2);
    const gained = Number((await c.figures(0))['points']) - before;
    expect(lines.includes('review_received:8') ? 8 : 25).toBe(gained);
    const { body } = await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}/summary`);
    expect(body).toMatchObject({ averageRating: 5, totalReviews: 1 });
  });

  it('count every opinion of many patients at once', async () => {
    const counters: Counter[] = [];
    for (let index = 0; index < 6; index += 1)
      counters.push(new Counter(t, await t.actors.asPatient(), [c.pharmacy(0)]));
    const requests = await Promise.all(counters.map((counter) => counter.pickedUp()));
    const stars = [5, 4, 5, 1, 3, 2];
    await Promise.all(
      counters.flatMap((counter, index) => {
        const pharmacyId = c.pharmacy(0).id;
        const token = counter.patient.token;
        return [
          base(index).post('/review', { pharmacyId, rating: stars[index] }, { token }),
          base(index + 1).post(
            '/ratings',
            { pharmacyId, medicationRequestId: requests[index], stars: stars[index], medicationAvailable: true },
            { token },
          ),
        ];
      }),
    );
    const { body } = await t.http.get(`/review/pharmacy/${c.pharmacy(0).id}/summary`);
    // 20 stars of 6 patients: 3.33.
    expect(body).toEqual({
      averageRating: 3.3,
      totalReviews: 6,
      ratingDistribution: { '1': 1, '2': 1, '3': 1, '4': 1, '5': 2 },
    });
    expect(await c.figures(0)).toMatchObject({ averageRating: 3.3, totalReviews: 6, totalRequestsReceived: 6 });
  });

  it('review two picked-up requests with two calls that name none', async () => {
    const made = [await c.pickedUp(), await c.pickedUp()];
    const answers = await many((index) =>
      base(index).post('/review', { pharmacyId: c.pharmacy(0).id, rating: 4 }, { token: c.patient.token }),
    );
    expect(new Set(won(answers).map(({ body }) => body.requestId as string))).toEqual(new Set(made));
    expect(won(answers)).toHaveLength(2);
    expect(lost(answers)).toEqual(['REVIEW_NOT_ALLOWED']);
  });
});
