import fc from 'fast-check';
import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CounterChange, type LedgerEntry, PharmacyCounters, PharmacyLedger } from '../../src/modules/activities';
import { type Tx, UnitOfWork } from '../../src/platform/database';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';

describe('the ledger of pharmacies', () => {
  let t: TestApp;
  let ledger: PharmacyLedger;
  let counters: PharmacyCounters;

  beforeAll(async () => {
    t = await startTestApp();
    ledger = t.app.get(PharmacyLedger);
    counters = t.app.get(PharmacyCounters);
  });

  afterAll(async () => {
    await t.close();
  });

  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => t.app.get(UnitOfWork).run(work);
  const entry = (pharmacyId: string, fields: Partial<LedgerEntry> = {}): LedgerEntry => ({
    pharmacyId,
    activityType: 'request_accepted',
    description: 'Request accepted',
    eventKey: new Types.ObjectId().toHexString(),
    at: t.clock.now(),
    ...fields,
  });
  const record = (pharmacyId: string, fields: Partial<LedgerEntry> = {}) =>
    inTx((tx) => ledger.record(tx, entry(pharmacyId, fields)));
  const stored = async (pharmacyId: string) =>
    (await t.db.collection('users').findOne({ _id: new Types.ObjectId(pharmacyId) })) as Record<string, unknown>;
  const lines = (pharmacyId: string) =>
    t.db
      .collection('pharmacyactivities')
      .find({ pharmacyId: new Types.ObjectId(pharmacyId) })
      .sort({ createdAt: 1, _id: 1 })
      .toArray();

  // Ratings are set here without reviews behind them: these are compared in the tests of reviews.
  const RATINGS = ['users.averageRating', 'users.totalReviews'];
  const differences = async () =>
    (await t.app.get(CounterChecks).run()).filter(({ counter }) => !RATINGS.includes(counter));

  it('moves points, level and badges in one step', async () => {
    const { id } = await t.actors.asPharmacist();
    expect(await record(id, { points: 30 })).toEqual({ points: 30, granted: true });
    expect(await record(id, { points: 30, activityType: 'rating_received' })).toEqual({ points: 30, granted: true });
    expect(await stored(id)).toMatchObject({ points: 60, badgeLevel: 'silver', unlockedBadges: ['fiable'] });
    const unlocked = (await lines(id)).filter((line) => line['activityType'] === 'badge_unlocked');
    expect(unlocked).toMatchObject([{ description: 'New badge: fiable', eventKey: 'fiable' }]);
    // Never below 0: of -100 only -60 takes effect. The badge stays unlocked.
    expect((await record(id, { points: -100 })).points).toBe(-60);
    expect(await stored(id)).toMatchObject({ points: 0, badgeLevel: 'bronze', unlockedBadges: ['fiable'] });
    expect((await record(id, { points: -2 })).points).toBe(0);
    expect((await record(id, { points: 55 })).points).toBe(55);
    expect((await lines(id)).filter((line) => line['activityType'] === 'badge_unlocked')).toHaveLength(1);
    expect(await record(NOBODY, { points: 5 })).toEqual({ points: 0, granted: false });
  });

  it('grants once per key and writes once per event, whoever comes first', async () => {
    const { id } = await t.actors.asPharmacist();
    const grants = await parallel(20, (index) =>
      record(id, {
        activityType: index % 2 === 0 ? 'review_received' : 'rating_received',
        points: 5,
        grantKey: 'quality:r',
      }),
    );
    expect(grants.filter(({ granted, points }) => granted && points === 5)).toHaveLength(1);
    expect(await stored(id)).toMatchObject({ points: 5 });
    expect((await lines(id)).map((line) => line['points'] as number).sort()).toEqual([...Array(19).fill(0), 5]);
    const zero = await record(id, { points: 0, grantKey: 'quality:s' });
    expect(zero).toEqual({ points: 0, granted: true });
    expect((await record(id, { points: 25, grantKey: 'quality:s' })).granted).toBe(false);
    const same = await parallel(20, () => record(id, { eventKey: 'event', points: 3 }));
    expect(same.filter(({ points }) => points === 3)).toHaveLength(1);
    expect(await stored(id)).toMatchObject({ points: 8 });
    const ids = [id, (await t.actors.asPharmacist()).id, NOBODY];
    const told = { activityType: 'request_received', description: 'New', eventKey: 'r', at: t.clock.now() } as const;
    await parallel(5, () => inTx((tx) => ledger.recordEach(tx, ids, told)));
    for (const [pharmacyId, count] of [
      [id, 1],
      [NOBODY, 0],
    ] as const)
      expect((await lines(pharmacyId)).filter((line) => line['eventKey'] === 'r')).toHaveLength(count);
  });

  it('keeps figures that are exact under concurrency', async () => {
    const [one, two] = [await t.actors.asPharmacist(), await t.actors.asPharmacist()];
    const add = (by: CounterChange) => inTx((tx) => counters.add(tx, one.id, by));
    await parallel(10, () => inTx((tx) => counters.addEach(tx, [one.id, two.id, NOBODY], { received: 1 })));
    await parallel(4, (index) => add({ accepted: 1, responseMinutes: index }));
    await parallel(3, () => add({ declined: 1, responseMinutes: 11 }));
    await parallel(2, () => add({ clients: 1, revenue: 0.1 }));
    await add({ clients: 1, revenue: 0.1 });
    await inTx((tx) => counters.setRating(tx, one.id, 4.5, 2));
    const { body } = await one.get(`/pharmaciens/${one.id}/stats`);
    // Minutes 0 + 1 + 2 + 3 + 33 = 39 over 7 responses = 5.57: 6.
    expect(body).toEqual({
      totalRequestsReceived: 10,
      totalRequestsAccepted: 4,
      totalRequestsDeclined: 3,
      totalClients: 3,
      totalRevenue: 0.3,
      averageResponseTime: 6,
      averageRating: 4.5,
      totalReviews: 2,
      acceptanceRate: 40,
      responseRate: 70,
    });
    expect((await two.get(`/pharmaciens/${two.id}/stats`)).body).toMatchObject({
      totalRequestsReceived: 10,
      acceptanceRate: 0,
      responseRate: 0,
    });
    const { body: months } = await one.get(`/pharmaciens/${one.id}/stats/monthly`);
    expect(months).toHaveLength(6);
    expect(months.at(-1)).toMatchObject({ requestsCount: 10, acceptedCount: 4, clientsCount: 3, revenue: 0.3 });
  });

  it('equals a plain recomputation, whatever happens in whatever order', async () => {
    const event = fc.record({
      points: fc.constantFrom(30, 25, 15, 10, 8, 5, 0, -2, -10, -20),
      event: fc.integer({ min: 0, max: 25 }),
      grant: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), async (events) => {
        const { id } = await t.actors.asPharmacist();
        let total = 0;
        const [seen, granted, badges] = [new Set<number>(), new Set<number>(), new Set<string>()];
        for (const { points, event: key, grant } of events) {
          const fresh = grant === undefined || !granted.has(grant);
          const expected = seen.has(key) || !fresh ? 0 : Math.max(0 - total, points);
          if (!seen.has(key) && grant !== undefined) granted.add(grant);
          seen.add(key);
          total += expected;
          if (total >= 50) badges.add('fiable');
          if (total >= 100) badges.add('reactif');
          if (total >= 200) badges.add('excellence');
          const grantKey = grant === undefined ? {} : { grantKey: `g:${grant}` };
          expect((await record(id, { points, eventKey: `e:${key}`, ...grantKey })).points).toBe(expected);
        }
        const account = await stored(id);
        expect(account).toMatchObject({ points: total, unlockedBadges: [...badges] });
        const levels: readonly (readonly [string, number])[] = [
          ['diamond', 500],
          ['platinum', 300],
          ['gold', 150],
          ['silver', 50],
        ];
        expect(account['badgeLevel']).toBe(levels.find(([, min]) => total >= min)?.[0] ?? 'bronze');
        const sum = (await lines(id)).reduce((so, line) => so + ((line['points'] as number | undefined) ?? 0), 0);
        expect(sum).toBe(total);
      }),
      { numRuns: 12 },
    );
    expect(await differences()).toEqual([]);
  });

  it('is compared with the accounts by the check', async () => {
    const { id } = await t.actors.asPharmacist();
    await record(id, { points: 60 });
    await t.db
      .collection('users')
      .updateOne({ _id: new Types.ObjectId(id) }, { $set: { points: 400, badgeLevel: 'bronze', unlockedBadges: [] } });
    expect(await differences()).toEqual([
      { counter: 'users.points', owner: id, stored: 400, counted: 60 },
      { counter: 'users.badgeLevel', owner: id, stored: 0, counted: 1 },
      { counter: 'users.unlockedBadges', owner: id, stored: 0, counted: 3 },
    ]);
  });
});
