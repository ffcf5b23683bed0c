import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CounterChange, type LedgerEntry, PharmacyCounters, PharmacyLedger } from '../../src/modules/activities';
import { PharmacyFacts } from '../../src/modules/pharmacists';
import { type Tx, UnitOfWork } from '../../src/platform/database';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { TestClock } from '../support/test-clock';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = '2026-03-15T10:00:00.000Z';

describe('a pharmacy’s figures', () => {
  let t: TestApp;
  const clock = new TestClock();

  beforeAll(async () => {
    clock.freeze(NOW);
    t = await startTestApp({ clock });
  });

  afterAll(async () => {
    await t.close();
  });

  const record = (pharmacyId: string, at: Date, fields: Partial<LedgerEntry> = {}) =>
    t.app.get(UnitOfWork).run((tx) =>
      t.app.get(PharmacyLedger).record(tx, {
        pharmacyId,
        activityType: 'request_accepted',
        description: 'Request accepted',
        eventKey: new Types.ObjectId().toHexString(),
        at,
        ...fields,
      }),
    );
  const count = (pharmacyId: string, by: CounterChange, at: string) =>
    t.app.get(UnitOfWork).run((tx) => t.app.get(PharmacyCounters).add(tx, pharmacyId, by, new Date(at)));
  const ago = (ms: number): Date => new Date(clock.now().getTime() - ms);

  describe('activities', () => {
    it('come in pages, newest first', async () => {
      const pharmacist = await t.actors.asPharmacist();
      const path = `/activity/pharmacy/${pharmacist.id}`;
      expect((await pharmacist.get(path)).body).toEqual({ data: [], total: 0, page: 1, limit: 20, totalPages: 0 });
      for (let index = 0; index < 23; index += 1)
        await record(pharmacist.id, ago(index * 10 * DAY), {
          ...(index === 0 ? { points: 10, amount: 3.5, metadata: { requestId: 'r' } } : {}),
          description: `n${index}`,
        });
      const { body } = await pharmacist.get(path);
      expect(body).toMatchObject({ total: 23, limit: 20, totalPages: 2 });
      expect(body.data.map((item: { description: string }) => item.description)).toEqual(
        Array.from({ length: 20 }, (_, index) => `n${index}`),
      );
      expect(body.data[0]).toEqual({
        _id: expect.any(String) as string,
        pharmacyId: pharmacist.id,
        activityType: 'request_accepted',
        description: 'n0',
        amount: 3.5,
        points: 10,
        metadata: { requestId: 'r' },
        createdAt: NOW,
        updatedAt: NOW,
      });
      expect(Object.keys(body.data[1])).toEqual([
        '_id',
        'pharmacyId',
        'activityType',
        'description',
        'createdAt',
        'updatedAt',
      ]);
      const second = (await pharmacist.get(`${path}?page=2`)).body.data;
      expect(second.map((item: { description: string }) => item.description)).toEqual(['n20', 'n21', 'n22']);
      expect((await pharmacist.get(`${path}?page=0`)).body.code).toBe('VALIDATION_FAILED');
      expect((await pharmacist.get(`${path}/feed`)).body).toHaveLength(8);
      expect((await pharmacist.get(`${path}/feed?limit=99`)).body).toHaveLength(23);
      expect((await pharmacist.get(`${path}/feed?limit=0`)).status).toBe(400);
    });

    it('say how long ago they were', async () => {
      const pharmacist = await t.actors.asPharmacist();
      const ages = [0, MINUTE - 1, 5 * MINUTE, 60 * MINUTE - 1, 2 * 60 * MINUTE, DAY - 1, DAY, 2 * DAY - 1, 3 * DAY];
      for (const age of ages) await record(pharmacist.id, ago(age));
      const words = async (language?: string) =>
        (
          await pharmacist.get(
            `/activity/pharmacy/${pharmacist.id}/feed?limit=50`,
            language === undefined ? {} : { headers: { 'accept-language': language } },
          )
        ).body.map((item: { relativeTime: string }) => item.relativeTime);
      expect(await words('fr-FR')).toEqual([
        "À l'instant",
        "À l'instant",
        'Il y a 5 min',
        'Il y a 59 min',
        'Il y a 2h',
        'Il y a 23h',
        'Hier',
        'Hier',
        'Il y a 3 jours',
      ]);
      expect(await words('en-GB,fr;q=0.5')).toEqual([
        'Just now',
        'Just now',
        '5 min ago',
        '59 min ago',
        '2h ago',
        '23h ago',
        'Yesterday',
        'Yesterday',
        '3 days ago',
      ]);
      expect((await words('de'))[0]).toBe("À l'instant");
    });
  });

  describe('months', () => {
    it('are those of the pharmacy’s zone, even after a move', async () => {
      const pharmacist = await t.actors.asPharmacist({ timeZone: 'Asia/Kolkata' });
      // Kolkata is 5:30 ahead of UTC: its March begins on 28 February at 18:30 UTC.
      await count(pharmacist.id, { received: 1 }, '2026-02-28T18:29:59.999Z');
      await count(pharmacist.id, { received: 2, accepted: 1 }, '2026-02-28T18:30:00.000Z');
      await count(pharmacist.id, { received: 4, clients: 1, revenue: 7.25 }, '2026-03-10T12:00:00.000Z');
      await count(pharmacist.id, { received: 8 }, '2025-10-01T12:00:00.000Z');
      await count(pharmacist.id, { received: 16 }, '2025-09-30T12:00:00.000Z');
      const months = async () => (await pharmacist.get(`/pharmaciens/${pharmacist.id}/stats/monthly`)).body;
      const none = { requestsCount: 0, acceptedCount: 0, clientsCount: 0, revenue: 0 };
      const expected = [
        { month: '2025-10', ...none, requestsCount: 8 },
        { month: '2025-11', ...none },
        { month: '2025-12', ...none },
        { month: '2026-01', ...none },
        { month: '2026-02', ...none, requestsCount: 1 },
        { month: '2026-03', requestsCount: 6, acceptedCount: 1, clientsCount: 1, revenue: 7.25 },
      ];
      expect(await months()).toEqual(expected);
      await pharmacist.patch(`/pharmaciens/${pharmacist.id}`, { timeZone: 'UTC' });
      expect((await months()).slice(4)).toMatchObject([{ requestsCount: 3 }, { requestsCount: 4 }]);
      await pharmacist.patch(`/pharmaciens/${pharmacist.id}`, { timeZone: 'Asia/Kolkata' });
      expect(await months()).toEqual(expected);
    });
  });

  describe('points', () => {
    it('come with badge, place and the day in the pharmacy’s zone', async () => {
      // Los Angeles: its 15 March began at 07:00 UTC.
      const pharmacist = await t.actors.asPharmacist({ timeZone: 'America/Los_Angeles' });
      const better = await t.actors.asPharmacist();
      await record(better.id, clock.now(), { points: 120 });
      await record(pharmacist.id, new Date('2026-03-15T06:59:59.999Z'), { points: 55 });
      await record(pharmacist.id, new Date('2026-03-15T07:00:00.000Z'), {
        points: 30,
        metadata: { breakdown: ['+10 accepted', '+20 below 30 min'] },
      });
      await record(pharmacist.id, ago(MINUTE), { points: -2, description: 'Left to expire' });
      await record(pharmacist.id, ago(2 * MINUTE), { activityType: 'request_received' });
      const get = (path: string, language = 'en') =>
        pharmacist.get(`/pharmaciens/${pharmacist.id}/points/${path}`, { headers: { 'accept-language': language } });
      const { body: badges } = await t.http.get('/pharmaciens/points/badges');
      expect(badges).toEqual([
        { badge: 'aucun', emoji: '', minPoints: 0, maxPoints: 49, description: 'No badge yet' },
        { badge: 'fiable', emoji: '⭐', minPoints: 50, maxPoints: 99, description: 'A reliable pharmacy' },
        { badge: 'reactif', emoji: '🔥', minPoints: 100, maxPoints: 199, description: 'A pharmacy that responds fast' },
        { badge: 'excellence', emoji: '👑', minPoints: 200, maxPoints: null, description: 'An excellent pharmacy' },
      ]);
      const active = await t.db.collection('users').countDocuments({ role: 'PHARMACIEN', statutCompte: 'ACTIF' });
      const place = { rank: 2, totalPharmacies: active, percentile: Math.round((100 * (active - 1)) / active) };
      expect((await get('stats')).body).toEqual({
        currentPoints: 83,
        badge: { name: 'fiable', emoji: '⭐', description: 'A reliable pharmacy' },
        ranking: place,
        statistics: {
          totalRequests: 0,
          totalAccepted: 0,
          totalDeclined: 0,
          acceptanceRate: 0,
          averageResponseTime: 0,
          totalClients: 0,
          averageRating: 0,
          totalReviews: 0,
        },
        unlockedBadges: ['fiable'],
        badgeThresholds: badges,
        today: { pointsEarned: 28, activitiesCount: 3 },
      });
      expect((await get('stats', 'fr')).body.badge.description).toBe('Une pharmacie fiable');
      expect((await get('ranking')).body).toEqual({
        pharmacyId: pharmacist.id,
        ...place,
        points: 83,
        nomPharmacie: 'Pharmacie Test',
      });
      expect((await get('history/today')).body).toEqual([
        { timestamp: ago(MINUTE).toISOString(), points: -2, description: 'Left to expire', breakdown: [] },
        {
          timestamp: '2026-03-15T07:00:00.000Z',
          points: 30,
          description: 'Request accepted',
          breakdown: ['+10 accepted', '+20 below 30 min'],
        },
      ]);
      await (await t.actors.asAdmin()).patch(`/users/${better.id}`, { statutCompte: 'INACTIF' });
      expect((await get('ranking')).body).toMatchObject({ rank: 1, totalPharmacies: active - 1, percentile: 100 });
    });
  });

  describe('the dashboard', () => {
    it('holds all of it, compared with the others', async () => {
      const own = await startTestApp({ clock });
      try {
        await fill(own);
      } finally {
        await own.close();
      }
    });

    const run = (app: TestApp, work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
      app.app.get(UnitOfWork).run(work);

    async function fill(app: TestApp): Promise<void> {
      const pharmacist = await app.actors.asPharmacist({ timeZone: 'Europe/Paris' });
      const [quick, silent] = [await app.actors.asPharmacist(), await app.actors.asPharmacist()];
      const counters = app.app.get(PharmacyCounters);
      const add = (actor: TestActor, by: CounterChange, at: Date = clock.now()) =>
        run(app, (tx) => counters.add(tx, actor.id, by, at));
      await add(pharmacist, { received: 4, accepted: 2, declined: 1, responseMinutes: 40 });
      await add(quick, { responseMinutes: 11 });
      await run(app, (tx) => counters.setRating(tx, pharmacist.id, 4.2, 3));
      await run(app, (tx) => counters.setRating(tx, quick.id, 4.9, 1));
      await run(app, (tx) => counters.setRating(tx, silent.id, 0, 0));
      const pickup = async (at: Date, amount: number): Promise<void> => {
        await run(app, (tx) =>
          app.app.get(PharmacyLedger).record(tx, {
            pharmacyId: pharmacist.id,
            activityType: 'client_pickup',
            description: 'Medication picked up',
            eventKey: new Types.ObjectId().toHexString(),
            amount,
            at,
          }),
        );
        await add(pharmacist, { clients: 1, revenue: amount }, at);
      };
      // Two within the last 30 times 24 h, the first of them just so; one a millisecond too old.
      await pickup(ago(30 * DAY), 10);
      await pickup(ago(30 * DAY + 1), 100);
      await pickup(ago(DAY), 2.5);
      await add(pharmacist, { missed: 2 });
      await add(pharmacist, { missed: 1 }, new Date('2026-02-20T10:00:00Z'));
      const facts = app.app.get(PharmacyFacts);
      facts.registerRequests({
        addressed: () => Promise.resolve(false),
        answered: () => Promise.resolve(false),
        pendingCount: () => Promise.resolve(7),
      });
      facts.registerReviews({ recent: (_id, limit) => Promise.resolve([{ rating: limit }]) });
      const { status, body } = await pharmacist.get(`/pharmaciens/${pharmacist.id}/dashboard`);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual([
        'pharmacy',
        'stats',
        'monthlyStats',
        'pendingRequestsCount',
        'recentActivity',
        'recentReviews',
        'badgeProgression',
        'performanceComparison',
        'valueProposition',
        'annualProjection',
        'missedOpportunitiesCount',
      ]);
      expect(body.pharmacy).toMatchObject({ _id: pharmacist.id, points: 0, badge: 'aucun', totalClients: 3 });
      expect(body.stats).toMatchObject({ acceptanceRate: 50, responseRate: 75, totalRevenue: 112.5 });
      expect(body.monthlyStats.slice(4)).toEqual([
        { month: '2026-02', requestsCount: 0, acceptedCount: 0, clientsCount: 2, revenue: 110 },
        { month: '2026-03', requestsCount: 4, acceptedCount: 2, clientsCount: 1, revenue: 2.5 },
      ]);
      expect(body).toMatchObject({
        pendingRequestsCount: 7,
        recentReviews: [{ rating: 5 }],
        badgeProgression: { currentPoints: 0, currentBadge: 'bronze', pointsToNextLevel: 50, nextBadgeName: 'silver' },
        // (40 + 11) / 2 = 25.5, half away from zero; (4.2 + 4.9) / 2 = 4.55: 4.6. All three have 0 points.
        performanceComparison: {
          pharmacyAverageResponseTime: 40,
          sectorAverage: 26,
          pharmacyAverageRating: 4.2,
          sectorAverageRating: 4.6,
          topPercentage: 34,
        },
        valueProposition: {
          equivalentAdvertisingCost: { targetedAds: 300, localSEO: 200, analytics: 150, totalValue: 650 },
          pharmacyPays: 0,
          annualSavings: 7800,
        },
        annualProjection: { estimatedYearlyClients: 24, estimatedYearlyRevenue: 150 },
        missedOpportunitiesCount: 2,
      });
      expect(body.recentActivity).toHaveLength(3);
      expect(body.recentActivity[0]).toMatchObject({ activityType: 'client_pickup', relativeTime: 'Hier' });
      const fresh = (await silent.get(`/pharmaciens/${silent.id}/dashboard`)).body;
      expect(fresh).toMatchObject({ recentActivity: [], missedOpportunitiesCount: 0 });
      await run(app, (tx) =>
        app.app.get(PharmacyLedger).record(tx, {
          pharmacyId: silent.id,
          activityType: 'rating_received',
          description: 'Rated',
          eventKey: 'x',
          points: 512,
          at: clock.now(),
        }),
      );
      expect((await silent.get(`/pharmaciens/${silent.id}/dashboard`)).body.badgeProgression).toEqual({
        currentPoints: 512,
        currentBadge: 'diamond',
        pointsToNextLevel: 0,
        nextBadgeName: 'max',
      });
    }
  });
});
