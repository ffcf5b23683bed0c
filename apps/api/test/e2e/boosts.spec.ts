import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';
import { TestClock } from '../support/test-clock';

const MINUTE = 60_000;
const DAY = 86_400_000;
const KEYS = [
  '_id',
  'pharmacyId',
  'boostType',
  'price',
  'radiusKm',
  'startsAt',
  'expiresAt',
  'status',
  'paymentStatus',
  'createdAt',
  'updatedAt',
];

describe('boosts', () => {
  let t: TestApp;
  const clock = new TestClock();
  const at = (ms: number): string => new Date(clock.now().getTime() + ms).toISOString();

  beforeAll(async () => {
    clock.freeze();
    t = await startTestApp({ clock });
  });

  afterAll(async () => {
    await t.close();
  });

  const listOf = async (pharmacist: TestActor) => (await pharmacist.get(`/boost/pharmacy/${pharmacist.id}`)).body;

  it('are made for the caller, at the price of the catalogue', async () => {
    const pharmacist = await t.actors.asPharmacist();
    const now = clock.now().getTime();
    const { status, body } = await pharmacist.post('/boost', {
      boostType: 'WEEK',
      pharmacyId: pharmacist.id.toUpperCase(),
      price: 99,
    });
    expect(status).toBe(201);
    const { boost, ...flat } = body as { boost: object };
    expect(Object.keys(flat)).toEqual(KEYS);
    expect(flat).toEqual(boost);
    expect(flat).toMatchObject({
      pharmacyId: pharmacist.id,
      boostType: 'boost_week',
      price: 0,
      radiusKm: 5,
      startsAt: new Date(now).toISOString(),
      expiresAt: new Date(now + 7 * DAY).toISOString(),
      status: 'active',
      paymentStatus: 'paid',
    });
    const active = await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`);
    expect([active.status, active.body]).toEqual([200, boost]);
    const seen = (await (await t.actors.asPatient()).get(`/pharmaciens/${pharmacist.id}`)).body;
    expect(seen).toMatchObject({ boostType: 'boost_week', boostExpiresAt: body.expiresAt });
    expect((await pharmacist.get(`/users/${pharmacist.id}`)).body.boostType).toBe('boost_week');
    expect((await pharmacist.get('/auth/profile')).body.boostType).toBe('boost_week');
    const { body: feed } = await pharmacist.get(`/activity/pharmacy/${pharmacist.id}/feed`);
    expect(feed).toMatchObject([{ activityType: 'boost_activated', relativeTime: "À l'instant" }]);
    expect(feed[0]).not.toHaveProperty('points');
  });

  it('refuse what is wrong, and strangers', async () => {
    const pharmacist = await t.actors.asPharmacist();
    const post = (body: object) => pharmacist.post('/boost', body);
    for (const wrong of [
      {},
      { boostType: 'free' },
      { boostType: 'year' },
      { boostType: 1 },
      { boostType: '24h', radiusKm: 0 },
      { boostType: '24h', radiusKm: 51 },
      { boostType: '24h', radiusKm: 2.5 },
      { boostType: '24h', price: -1 },
      { boostType: '24h', status: 'active' },
      { boostType: '24h', pharmacyId: 'x' },
      { boostType: '24h', startsAt: at(-6 * MINUTE) },
      { boostType: '24h', startsAt: at(30 * DAY + MINUTE) },
      { boostType: '24h', startsAt: 'tomorrow' },
    ])
      expect((await post(wrong)).body.code, JSON.stringify(wrong)).toBe('VALIDATION_FAILED');
    expect((await post({ boostType: '24h', pharmacyId: NOBODY })).body.code).toBe('IDENTITY_MISMATCH');
    for (const stranger of [await t.actors.asPatient(), await t.actors.asDoctor(), await t.actors.asAdmin()])
      expect((await stranger.post('/boost', { boostType: '24h' })).body.code).toBe('FORBIDDEN_ROLE');
    expect(await listOf(pharmacist)).toEqual([]);
    expect((await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`)).body).toMatchObject({
      statusCode: 404,
      code: 'NO_ACTIVE_BOOST',
    });
  });

  it('do not overlap, but may touch', async () => {
    const pharmacist = await t.actors.asPharmacist();
    const post = (boostType: string, start: number) => pharmacist.post('/boost', { boostType, startsAt: at(start) });
    expect((await post('boost_24h', 2 * DAY)).status).toBe(201);
    for (const [type, start] of [
      ['boost_24h', 2 * DAY],
      ['boost_24h', 3 * DAY - 1],
      ['boost_24h', DAY + 1],
      ['boost_month', 0],
      ['boost_week', 2 * DAY + 1],
    ] as const)
      expect((await post(type, start)).body.code, `${type} ${start}`).toBe('BOOST_OVERLAP');
    expect((await post('boost_24h', 3 * DAY)).status).toBe(201);
    expect((await post('boost_24h', DAY)).status).toBe(201);
    const running = await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`);
    expect(running.body.code).toBe('NO_ACTIVE_BOOST');
    const list = await listOf(pharmacist);
    expect(list).toHaveLength(3);
    expect((await t.actors.asPharmacist()).id).not.toBe(pharmacist.id);
  });

  it('of 20 at once one is made', async () => {
    const pharmacist = await t.actors.asPharmacist();
    const made = await parallel(20, (index) =>
      pharmacist.post('/boost', { boostType: 'month', startsAt: at(index * DAY) }),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(made.filter(({ body }) => body.code === 'BOOST_OVERLAP')).toHaveLength(19);
    expect(await listOf(pharmacist)).toHaveLength(1);
    const keyed = await t.actors.asPharmacist();
    const headers = { 'idempotency-key': 'once' };
    const [one, two] = [
      await keyed.post('/boost', { boostType: '24h' }, { headers }),
      await keyed.post('/boost', { boostType: '24h' }, { headers }),
    ];
    expect([two.status, two.body, two.headers.get('idempotency-replayed')]).toEqual([201, one.body, 'true']);
  });

  it('are cancelled by their owner, once', async () => {
    const [pharmacist, other] = [await t.actors.asPharmacist(), await t.actors.asPharmacist()];
    const { body: boost } = await pharmacist.post('/boost', { boostType: '24h' });
    const cancel = (actor: TestActor, id = boost._id as string) => actor.put(`/boost/${id}/cancel`);
    expect((await cancel(other)).body.code).toBe('NOT_FOUND');
    expect((await cancel(pharmacist, NOBODY)).body.code).toBe('NOT_FOUND');
    expect((await cancel(pharmacist, 'x')).body.code).toBe('INVALID_ID');
    expect((await cancel(await t.actors.asPatient())).body.code).toBe('FORBIDDEN_ROLE');
    const calls = await parallel(5, () => cancel(pharmacist));
    const [done] = calls.filter(({ status }) => status === 200);
    expect(calls.filter(({ body }) => body.code === 'ILLEGAL_TRANSITION')).toHaveLength(4);
    expect(Object.keys(done?.body as object)).toEqual(KEYS);
    expect(done?.body).toMatchObject({ _id: boost._id, status: 'cancelled' });
    expect((await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`)).status).toBe(404);
    expect((await pharmacist.get(`/pharmaciens/${pharmacist.id}`)).body.boostType).toBe('free');
    // The time is free again.
    expect((await pharmacist.post('/boost', { boostType: '24h' })).status).toBe(201);
    expect((await listOf(pharmacist)).map((item: { status: string }) => item.status)).toEqual(['active', 'cancelled']);
  });

  it('end when their time has passed, before and after the job', async () => {
    const pharmacist = await t.actors.asPharmacist();
    const { body: boost } = await pharmacist.post('/boost', { boostType: '24h' });
    clock.advance(DAY - 1);
    const token = await t.http.post('/auth/login', { email: pharmacist.email, motDePasse: pharmacist.password });
    pharmacist.token = token.body.accessToken;
    expect((await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`)).body._id).toBe(boost._id);
    clock.advance(1);
    for (const job of [null, 'boost-expiry']) {
      if (job !== null) await t.runJob(job);
      expect((await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`)).status).toBe(404);
      expect((await listOf(pharmacist))[0].status).toBe('expired');
      expect((await pharmacist.put(`/boost/${boost._id}/cancel`)).body.code).toBe('ILLEGAL_TRANSITION');
      expect((await pharmacist.get(`/pharmaciens/${pharmacist.id}`)).body).not.toHaveProperty('boostExpiresAt');
    }
    // One that began within the last five minutes overlaps what has just ended.
    const early = { boostType: '24h', startsAt: at(-MINUTE) };
    expect((await pharmacist.post('/boost', early)).body.code).toBe('BOOST_OVERLAP');
    expect((await pharmacist.post('/boost', { boostType: '24h' })).status).toBe(201);
  });

  it('list at most 100, and are exported', async () => {
    const pharmacist = await t.actors.asPharmacist();
    for (let index = 0; index < 2; index += 1) {
      const { body } = await pharmacist.post('/boost', { boostType: '24h' });
      await pharmacist.put(`/boost/${body._id}/cancel`);
    }
    const [stored] = await t.db.collection('boosts').find({ status: 'cancelled' }).sort({ _id: -1 }).limit(1).toArray();
    const { _id, ...fields } = stored ?? {};
    await t.db.collection('boosts').insertMany(Array.from({ length: 99 }, () => ({ ...fields })));
    const response = await pharmacist.get(`/boost/pharmacy/${pharmacist.id}`);
    expect(response.body).toHaveLength(100);
    expect(response.headers.get('x-truncated')).toBe('true');
    const exported = (await pharmacist.get('/users/me/export')).body;
    expect(exported.boosts).toHaveLength(101);
    expect(exported.activities).toHaveLength(2);
    expect(Object.keys(exported.boosts[0])).toEqual(KEYS);
    expect(exported.activities[0]).not.toHaveProperty('eventKey');
  });
});

describe('boosts for the app of 2026', () => {
  it('are an array of no or one', async () => {
    const t = await startTestApp({ config: { care: { clientProfile: 'flutter-2026' } } });
    try {
      const pharmacist = await t.actors.asPharmacist();
      const active = () => pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`);
      const none = await active();
      expect([none.status, none.body]).toEqual([200, []]);
      await pharmacist.post('/boost', { boostType: '24h', radiusKm: 9 });
      const one = await active();
      expect([one.status, one.body]).toMatchObject([200, [{ boostType: 'boost_24h', radiusKm: 9 }]]);
      const stranger = await t.actors.asPharmacist();
      expect((await stranger.get(`/boost/pharmacy/${pharmacist.id}/active`)).body.code).toBe('FORBIDDEN_SPACE');
    } finally {
      await t.close();
    }
  });

  it('cost what the catalogue says', async () => {
    const boostPrices = { boost_24h: 5, boost_week: 20, boost_month: 60 };
    const t = await startTestApp({ config: { care: { boostPrices } } });
    try {
      const pharmacist = await t.actors.asPharmacist();
      const { body } = await pharmacist.post('/boost', { boostType: 'boost_month', price: 0 });
      expect(body).toMatchObject({ price: 60, paymentStatus: 'pending', status: 'active' });
      expect((await pharmacist.get(`/boost/pharmacy/${pharmacist.id}/active`)).status).toBe(200);
    } finally {
      await t.close();
    }
  });
});
