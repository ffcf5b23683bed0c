import {
  type Database,
  dateOf,
  existing,
  keyOf,
  madeAt,
  type Migration,
  type MigrationRun,
  type Old,
  rewriteEach,
  setting,
  spelled,
} from '../platform/database';

const HOUR_MS = 3_600_000;
/** How long pharmacies had to answer before requests said so themselves (contract 40 section 3.4). */
const ANSWER_MS = 2 * HOUR_MS;
const BOOST_HOURS: Readonly<Record<string, number>> = { boost_24h: 24, boost_week: 7 * 24, boost_month: 30 * 24 };

const URGENCIES = ['normal', 'urgent'] as const;
const GLOBAL = ['open', 'confirmed', 'closed', 'expired'] as const;
const RESPONSES = ['pending', 'accepted', 'unavailable', 'declined', 'ignored', 'expired'] as const;
const BOOST_TYPES = ['boost_24h', 'boost_week', 'boost_month'] as const;
const BOOST_STATUSES = ['active', 'expired', 'cancelled'] as const;
const PAYMENTS = ['pending', 'paid', 'failed'] as const;
const ENTRY_DATES = ['respondedAt', 'expiredAt', 'pickupDeadline'] as const;

/** Undefined where the value is a date already, so that it is left alone. */
function dated(value: unknown, otherwise: Date | null): Date | null | undefined {
  return value instanceof Date ? undefined : (dateOf(value) ?? otherwise);
}

function numbered(value: unknown, otherwise: number): number | undefined {
  if (typeof value === 'number') return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : otherwise;
}

/** A pharmacy's entry without nulls; one that waits in a request that is over waits no more, without loss of points. */
function entryOf(entry: Old, isOpen: boolean): Record<string, unknown> {
  const kept: Record<string, unknown> = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
  const status = spelled(entry['status'], RESPONSES) ?? 'pending';
  kept['status'] = status === 'pending' && !isOpen ? 'expired' : status;
  kept['pointsAwarded'] = typeof entry['pointsAwarded'] === 'number' ? entry['pointsAwarded'] : 0;
  for (const field of ENTRY_DATES) {
    if (kept[field] === undefined) continue;
    const date = dateOf(kept[field]);
    if (date === null) Reflect.deleteProperty(kept, field);
    else kept[field] = date;
  }
  return kept;
}

function requestOf(request: Old) {
  const isPickedUp = request['isPickedUp'] === true;
  const globalStatus = isPickedUp ? 'confirmed' : (spelled(request['globalStatus'], GLOBAL) ?? 'open');
  const isOpen = globalStatus === 'open';
  const expiresAt = dateOf(request['expiresAt']) ?? new Date(madeAt(request).getTime() + ANSWER_MS);
  const entries = Array.isArray(request['pharmacyResponses']) ? (request['pharmacyResponses'] as Old[]) : [];
  return setting(request, {
    urgencyLevel: spelled(request['urgencyLevel'], URGENCIES) ?? 'normal',
    globalStatus,
    isPickedUp,
    pickedUpAt: isPickedUp ? dated(request['pickedUpAt'], madeAt(request)) : dated(request['pickedUpAt'], null),
    quantity: numbered(request['quantity'], 1),
    expiresAt,
    confirmationDeadline: dated(request['confirmationDeadline'], expiresAt),
    // Looked at when its time runs out, as a request of this version is.
    dueAt: isOpen ? dated(request['dueAt'], expiresAt) : undefined,
    pharmacyResponses: entries.map((entry) => entryOf(entry, isOpen)),
  });
}

function boostOf(boost: Old) {
  const boostType =
    spelled(boost['boostType'], BOOST_TYPES) ??
    spelled(`boost_${String(boost['boostType'])}`, BOOST_TYPES) ??
    'boost_24h';
  const startsAt = dateOf(boost['startsAt']) ?? madeAt(boost);
  const end = new Date(startsAt.getTime() + (BOOST_HOURS[boostType] ?? 24) * HOUR_MS);
  const price = Number(boost['price']) || 0;
  return setting(boost, {
    boostType,
    startsAt,
    expiresAt: dated(boost['expiresAt'], end),
    price,
    radiusKm: numbered(boost['radiusKm'], 5),
    status: spelled(boost['status'], BOOST_STATUSES) ?? 'active',
    paymentStatus: spelled(boost['paymentStatus'], PAYMENTS) ?? (price === 0 ? 'paid' : 'pending'),
  });
}

const GRANTS: Readonly<Record<string, string>> = {
  request_accepted: 'response',
  request_unavailable: 'response',
  request_expired: 'response',
  review_received: 'quality',
  rating_received: 'quality',
};

/** What the points of an old line were granted for, where it says of which request it was; null where it does not. */
function grantOf(activity: Old): string | null {
  const kind = GRANTS[String(activity['activityType'])];
  const { requestId } = (activity['metadata'] ?? {}) as { requestId?: unknown };
  const request = keyOf(requestId);
  return kind === undefined || request === '' ? null : `${kind}:${request}`;
}

/** Keys that make lines of the ledger unique: without them no second line of a kind could be stored. */
async function keyActivities(connection: Database, run: MigrationRun): Promise<number> {
  if ((await existing(connection, ['pharmacyactivities'])).length === 0) return 0;
  const taken = new Set<string>();
  const keyed = connection
    .collection('pharmacyactivities')
    .find<Old>({}, { projection: { pharmacyId: 1, grantKey: 1 } });
  for await (const { pharmacyId, grantKey } of keyed)
    if (typeof grantKey === 'string') taken.add(`${keyOf(pharmacyId)} ${grantKey}`);
  return rewriteEach(connection, 'pharmacyactivities', run, (activity) => {
    const grant = grantOf(activity);
    const place = `${keyOf(activity['pharmacyId'])} ${grant ?? ''}`;
    const isFirst = grant !== null && !taken.has(place);
    if (isFirst && typeof activity['grantKey'] !== 'string') taken.add(place);
    return setting(activity, {
      eventKey: typeof activity['eventKey'] === 'string' ? undefined : String(activity._id),
      grantKey: typeof activity['grantKey'] === 'string' ? undefined : isFirst ? grant : `none:${String(activity._id)}`,
    });
  });
}

/** What pharmacies' data need beyond the contract's steps: keys of the ledger, defaults, canonical spelling. */
export const pharmacy: Migration = {
  name: '0013-pharmacy',
  async up(connection, run) {
    return {
      requests: await rewriteEach(connection, 'medicationrequests', run, requestOf),
      activities: await keyActivities(connection, run),
      reviews: await rewriteEach(connection, 'reviews', run, (review) =>
        setting(review, { isVisible: review['isVisible'] !== false, rating: numbered(review['rating'], 1) }),
      ),
      ratings: await rewriteEach(connection, 'ratings', run, (rating) =>
        setting(rating, {
          stars: numbered(rating['stars'], 1),
          medicationAvailable: rating['medicationAvailable'] !== false,
          pointsAwarded: numbered(rating['pointsAwarded'], 0),
          penaltyApplied: numbered(rating['penaltyApplied'], 0),
        }),
      ),
      boosts: await rewriteEach(connection, 'boosts', run, boostOf),
    };
  },
};
