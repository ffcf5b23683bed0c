import { userId } from './accounts';
import { demoId, type DemoDocument } from './demo.repository';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KINDS = { boost_24h: 1, boost_week: 7, boost_month: 30 } as const;

interface Plan {
  readonly owner: string;
  readonly boostType: keyof typeof KINDS;
  readonly radiusKm: number;
  /** Negative: that long before the load. */
  readonly startsInDays: number;
  readonly cancelled?: true;
}

/** One boost runs in each city when the demo is loaded; others are over, ahead or cancelled. */
const PLANS: readonly Plan[] = [
  { owner: 'pharmacist', boostType: 'boost_week', radiusKm: 10, startsInDays: -2 },
  { owner: 'pharmacist', boostType: 'boost_month', radiusKm: 15, startsInDays: -50 },
  { owner: 'pharmacist', boostType: 'boost_24h', radiusKm: 20, startsInDays: 9 },
  { owner: 'pharmacist8', boostType: 'boost_month', radiusKm: 25, startsInDays: -12 },
  { owner: 'pharmacist11', boostType: 'boost_week', radiusKm: 8, startsInDays: -1 },
  { owner: 'pharmacist10', boostType: 'boost_week', radiusKm: 5, startsInDays: -3, cancelled: true },
];

/** Boosts around the load, with their lines in the ledgers. */
export function demoBoosts(now: Date): { boosts: DemoDocument[]; activities: DemoDocument[] } {
  const boosts = PLANS.map((plan) => toBoost(plan, now));
  return { boosts, activities: boosts.map(toActivity) };
}

function toBoost({ owner, boostType, radiusKm, startsInDays, cancelled }: Plan, now: Date): DemoDocument {
  const startsAt = new Date(now.getTime() + startsInDays * DAY_MS);
  const expiresAt = new Date(startsAt.getTime() + KINDS[boostType] * DAY_MS);
  const createdAt = startsAt < now ? startsAt : new Date(now.getTime() - HOUR_MS);
  const status = cancelled === true ? 'cancelled' : expiresAt <= now ? 'expired' : 'active';
  return {
    _id: demoId(`boost:${owner}:${startsInDays}`),
    pharmacyId: userId(owner),
    boostType,
    price: 0,
    radiusKm,
    startsAt,
    expiresAt,
    status,
    paymentStatus: 'paid',
    createdAt,
    updatedAt: { active: createdAt, expired: expiresAt, cancelled: new Date(createdAt.getTime() + HOUR_MS) }[status],
  };
}

function toActivity(boost: DemoDocument): DemoDocument {
  const _id = demoId(`activity:${boost._id.toHexString()}`);
  const { boostType, startsAt, expiresAt, radiusKm, createdAt } = boost;
  return {
    _id,
    pharmacyId: boost['pharmacyId'],
    activityType: 'boost_activated',
    description: `Boost activé : ${String(boostType)}`,
    amount: 0,
    metadata: { boostType, startsAt, expiresAt, radiusKm },
    eventKey: boost._id.toHexString(),
    grantKey: `none:${_id.toHexString()}`,
    createdAt,
    updatedAt: createdAt,
  };
}
