import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pharmacy } from '../../src/migrations/0013-pharmacy';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0013: pharmacy', () => {
  let db: OldDatabase;

  beforeAll(async () => {
    db = await OldDatabase.open();
  });

  afterEach(async () => {
    await db.clear();
  });

  afterAll(async () => {
    await db.close();
  });

  const NOTHING = { requests: 0, activities: 0, reviews: 0, ratings: 0, boosts: 0 };

  it('needs nothing of an empty database', async () => {
    expect(await db.apply(pharmacy)).toEqual(NOTHING);
  });

  it('gives the lines of ledgers their keys, and points of a request to one line', async () => {
    const own = { pharmacyId: id(1), points: 5 };
    await db.insert(
      'pharmacyactivities',
      { _id: id(10), ...own, activityType: 'rating_received', metadata: { requestId: id(7).toHexString() } },
      { _id: id(11), ...own, activityType: 'review_received', metadata: { requestId: id(7) } },
      { _id: id(12), ...own, activityType: 'points_earned' },
      { _id: id(13), ...own, activityType: 'points_earned' },
      { _id: id(14), ...own, activityType: 'request_accepted', metadata: { requestId: id(8).toHexString() } },
      {
        _id: id(15),
        ...own,
        activityType: 'request_accepted',
        eventKey: 'e',
        grantKey: `response:${id(8).toHexString()}`,
      },
    );
    expect(await db.apply(pharmacy)).toEqual({ ...NOTHING, activities: 5 });
    const keys = (await db.all('pharmacyactivities')).map(({ eventKey, grantKey }) => [eventKey, grantKey]);
    const hex = (n: number): string => id(n).toHexString();
    expect(keys).toEqual([
      [hex(10), `quality:${hex(7)}`],
      [hex(11), `none:${hex(11)}`],
      [hex(12), `none:${hex(12)}`],
      [hex(13), `none:${hex(13)}`],
      [hex(14), `none:${hex(14)}`],
      ['e', `response:${hex(8)}`],
    ]);
    // What the server builds before it takes calls.
    await db.index('pharmacyactivities', { pharmacyId: 1, activityType: 1, eventKey: 1 }, { unique: true });
    await db.index('pharmacyactivities', { pharmacyId: 1, grantKey: 1 }, { unique: true });
  });

  it('makes requests judgeable by time, and leaves nothing pending in what is over', async () => {
    const entry = { pharmacyId: id(1), status: 'Pending', indicativePrice: null, respondedAt: null };
    await db.insert(
      'medicationrequests',
      { _id: id(20), globalStatus: 'OPEN', quantity: '2', pharmacyResponses: [entry] },
      {
        _id: id(21),
        globalStatus: 'closed',
        quantity: 1,
        expiresAt: '2026-03-03T10:00:00Z',
        pharmacyResponses: [entry, { ...entry, status: 'ACCEPTED', respondedAt: '2026-03-03T09:00:00Z' }],
      },
      { _id: id(22), globalStatus: 'open', isPickedUp: true, quantity: 1, expiresAt: new Date('2026-03-03') },
    );
    expect(await db.apply(pharmacy)).toEqual({ ...NOTHING, requests: 3 });
    const end = new Date(id(20).getTimestamp().getTime() + 120 * 60_000);
    const [open, closed, fetched] = await db.all('medicationrequests');
    expect(open).toEqual({
      _id: id(20),
      globalStatus: 'open',
      isPickedUp: false,
      urgencyLevel: 'normal',
      quantity: 2,
      expiresAt: end,
      confirmationDeadline: end,
      dueAt: end,
      pharmacyResponses: [{ pharmacyId: id(1), status: 'pending', pointsAwarded: 0 }],
    });
    expect(closed).toMatchObject({ expiresAt: new Date('2026-03-03T10:00:00Z') });
    expect(closed?.['pharmacyResponses']).toEqual([
      { pharmacyId: id(1), status: 'expired', pointsAwarded: 0 },
      { pharmacyId: id(1), status: 'accepted', pointsAwarded: 0, respondedAt: new Date('2026-03-03T09:00:00Z') },
    ]);
    expect(fetched).toMatchObject({ globalStatus: 'confirmed', pickedUpAt: id(22).getTimestamp() });
  });

  it('fills defaults of reviews, ratings and boosts', async () => {
    await db.insert('reviews', { _id: id(30), rating: '4' }, { _id: id(31), rating: 5, isVisible: false });
    await db.insert('ratings', { _id: id(40), stars: 5 });
    await db.insert(
      'boosts',
      { _id: id(50), boostType: 'Week', createdAt: new Date('2026-02-01') },
      { _id: id(51), boostType: 'boost_24h', price: 9, status: 'CANCELLED', startsAt: new Date('2026-02-01') },
    );
    expect(await db.apply(pharmacy)).toEqual({ ...NOTHING, reviews: 1, ratings: 1, boosts: 2 });
    expect(await db.all('reviews')).toEqual([
      { _id: id(30), rating: 4, isVisible: true },
      { _id: id(31), rating: 5, isVisible: false },
    ]);
    expect(await db.all('ratings')).toEqual([
      { _id: id(40), stars: 5, medicationAvailable: true, pointsAwarded: 0, penaltyApplied: 0 },
    ]);
    const common = { radiusKm: 5, startsAt: new Date('2026-02-01') };
    expect(await db.all('boosts')).toMatchObject([
      {
        ...common,
        boostType: 'boost_week',
        status: 'active',
        paymentStatus: 'paid',
        price: 0,
        expiresAt: new Date('2026-02-08'),
      },
      { ...common, status: 'cancelled', paymentStatus: 'pending', expiresAt: new Date('2026-02-02') },
    ]);
  });
});
