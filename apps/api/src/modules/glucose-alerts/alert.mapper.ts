import { chainOf } from './alert-records.mapper';
import type { AlertReadingResponse, AlertResponse } from './dto/alert.dto';
import { standingOf } from './engine/chain.machine';
import type { GlucoseAlert, StoredAlertReading } from './glucose-alert.schema';

function toReading({ value, unit, measuredAt, kind }: StoredAlertReading): AlertReadingResponse {
  return { value, unit, measuredAt, kind };
}

/** An alert as it stands for the caller: told, acknowledged and snoozed are each recipient's own. */
export function toAlert(alert: GlucoseAlert, callerId: string, now: Date): AlertResponse {
  const chain = chainOf(alert);
  const own = chain.recipients.find(({ userId }) => userId === callerId);
  const told = own?.levels.map(({ lastAt }) => lastAt) ?? [];
  const standing = own === undefined ? 'active' : standingOf(own, chain.code, now.getTime());
  const snoozedUntil = own?.snoozedUntil ?? null;
  return {
    _id: chain.id,
    patientId: alert.patientId.toHexString(),
    side: chain.side,
    state: alert.state === 'closed' ? 'closed' : standing,
    code: chain.code,
    openedAt: alert.openedAt,
    updatedAt: alert.updatedAt,
    closedAt: alert.closedAt,
    closedBy: alert.closedBy,
    first: toReading(alert.first),
    latest: toReading(alert.latest),
    extreme: toReading(alert.extreme),
    notifiedAt: told.length === 0 ? null : new Date(Math.max(...told)),
    acknowledgedAt: own?.acknowledgedAt == null ? null : new Date(own.acknowledgedAt),
    snoozedUntil: snoozedUntil === null || snoozedUntil <= now.getTime() ? null : new Date(snoozedUntil),
  };
}
