import { type AlertReading, type AlertState, type Chain, type ChainRecipient, emptyState } from './engine/alert-types';
import type { GlucoseAlert, GlucoseAlertState, StoredAlertReading, StoredRecipient } from './glucose-alert.schema';

/** A chain about to be stored; ids are texts until the repository turns them into ObjectIds. */
export type ChainRecord = Omit<GlucoseAlert, '_id' | 'patientId' | 'createdAt' | 'updatedAt'>;

/** Makes an ObjectId of an id; repositories hand theirs in, since mongoose stays with them. */
type ToObjectId = (id: string) => GlucoseAlert['_id'];

/** An instant of the rules as it is stored. */
export function toDate(instant: number): Date;
export function toDate(instant: number | null): Date | null;
export function toDate(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

function toInstant(date: Date | null | undefined): number | null {
  return date?.getTime() ?? null;
}

/** A stored reading of a chain as the rules see it. */
function readingOf(stored: StoredAlertReading): AlertReading {
  return {
    id: stored.glucoseId.toHexString(),
    t: stored.t.getTime(),
    measuredAt: stored.measuredAt.getTime(),
    value: stored.value,
    unit: stored.unit,
    kind: stored.kind,
    intervalMinutes: stored.intervalMinutes,
    saturated: stored.saturated,
  };
}

function storedReading(reading: AlertReading, oid: ToObjectId): StoredAlertReading {
  const { id, t, measuredAt, ...rest } = reading;
  return { glucoseId: oid(id), t: new Date(t), measuredAt: new Date(measuredAt), ...rest };
}

function recipientOf(stored: StoredRecipient): ChainRecipient {
  return {
    userId: stored.userId.toHexString(),
    levels: stored.levels.map((level) => ({
      ...level,
      firstAt: level.firstAt.getTime(),
      lastAt: level.lastAt.getTime(),
      seriesAt: level.seriesAt.getTime(),
    })),
    acknowledgedAt: toInstant(stored.acknowledgedAt),
    acknowledgedCode: stored.acknowledgedCode,
    snoozedUntil: toInstant(stored.snoozedUntil),
    snoozedCode: stored.snoozedCode,
  };
}

function storedRecipient(recipient: ChainRecipient, oid: ToObjectId): StoredRecipient {
  return {
    userId: oid(recipient.userId),
    levels: recipient.levels.map((level) => ({
      ...level,
      firstAt: toDate(level.firstAt),
      lastAt: toDate(level.lastAt),
      seriesAt: toDate(level.seriesAt),
    })),
    acknowledgedAt: toDate(recipient.acknowledgedAt),
    acknowledgedCode: recipient.acknowledgedCode,
    snoozedUntil: toDate(recipient.snoozedUntil),
    snoozedCode: recipient.snoozedCode,
  };
}

/** A stored chain as the rules see it. */
export function chainOf(stored: GlucoseAlert): Chain {
  return {
    id: stored._id.toHexString(),
    side: stored.side,
    code: stored.code,
    reachedAt: stored.reachedAt.getTime(),
    openedAt: stored.openedAt.getTime(),
    from: stored.from.getTime(),
    first: readingOf(stored.first),
    latest: readingOf(stored.latest),
    extreme: readingOf(stored.extreme),
    lastOutAt: stored.lastOutAt.getTime(),
    left: stored.left,
    recheckAt: toInstant(stored.recheckAt),
    closedAt: toInstant(stored.closedAt),
    closedBy: stored.closedBy,
    escalated: [...stored.escalated],
    waiting: stored.waiting.map(({ userId, ...rest }) => ({ ...rest, userId: userId.toHexString() })),
    recipients: stored.recipients.map(recipientOf),
  };
}

/** A chain as it is stored. */
export function chainRecord(chain: Chain, oid: ToObjectId): ChainRecord {
  return {
    side: chain.side,
    state: chain.closedAt === null ? 'open' : 'closed',
    code: chain.code,
    openedAt: toDate(chain.openedAt),
    closedAt: toDate(chain.closedAt),
    closedBy: chain.closedBy,
    first: storedReading(chain.first, oid),
    latest: storedReading(chain.latest, oid),
    extreme: storedReading(chain.extreme, oid),
    recheckAt: toDate(chain.recheckAt),
    recipients: chain.recipients.map((recipient) => storedRecipient(recipient, oid)),
    reachedAt: toDate(chain.reachedAt),
    from: toDate(chain.from),
    lastOutAt: toDate(chain.lastOutAt),
    left: chain.left,
    escalated: [...chain.escalated],
    waiting: chain.waiting.map(({ userId, ...rest }) => ({ ...rest, userId: oid(userId) })),
  };
}

/** The stored state as the rules see it; the open chains come from their own documents. */
export function stateOf(stored: GlucoseAlertState | null, chains: readonly Chain[]): AlertState {
  const open = {
    low: chains.find(({ side }) => side === 'low') ?? null,
    high: chains.find(({ side }) => side === 'high') ?? null,
  };
  if (stored === null) return { ...emptyState(), chains: open };
  return {
    cursors: { cgm: toInstant(stored.cursors.cgm), capillary: toInstant(stored.cursors.capillary) },
    newestCgmAt: toInstant(stored.newestCgmAt),
    noDataNotifiedAt: toInstant(stored.noDataNotifiedAt),
    predictive: { ...stored.predictive },
    rapid: { ...stored.rapid },
    firstNotices: stored.firstNotices.map(({ userId, code, at }) => ({
      userId: userId.toHexString(),
      code,
      at: at.getTime(),
    })),
    chains: open,
  };
}

/** The state as it is stored, without pushes and leases, which others write. */
export function stateRecord(
  state: AlertState,
  oid: ToObjectId,
): Omit<GlucoseAlertState, '_id' | 'patientId' | 'pushes' | 'nextTimerAt' | 'lockedUntil' | 'lockedBy' | 'version'> {
  return {
    cursors: { cgm: toDate(state.cursors.cgm), capillary: toDate(state.cursors.capillary) },
    newestCgmAt: toDate(state.newestCgmAt),
    noDataNotifiedAt: toDate(state.noDataNotifiedAt),
    predictive: { ...state.predictive },
    rapid: { ...state.rapid },
    firstNotices: state.firstNotices.map(({ userId, code, at }) => ({ userId: oid(userId), code, at: toDate(at) })),
  };
}
