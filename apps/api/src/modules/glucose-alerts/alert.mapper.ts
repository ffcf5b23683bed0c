import { chainOf, toDate } from './alert-records.mapper';
import type { AlertReadingResponse, AlertResponse } from './dto/alert.dto';
import { type Standing, standingOf } from './engine/chain.machine';
import type { GlucoseAlert, StoredAlertReading } from './glucose-alert.schema';

function toReading({ value, unit, measuredAt, kind }: StoredAlertReading): AlertReadingResponse {
  return { value, unit, measuredAt, kind };
}

/** The state of the machine in which an alert stands for somebody: a closed one is idle. */
export function stateFor(alert: GlucoseAlert, userId: string, now: Date): Standing | 'idle' {
  if (alert.state === 'closed') return 'idle';
  const { code, recipients } = chainOf(alert);
  const own = recipients.find((recipient) => recipient.userId === userId);
  return own === undefined ? 'active' : standingOf(own, code, now.getTime());
}

/** An alert as it stands for the caller: told, acknowledged and snoozed are each recipient's own. */
export function toAlert(alert: GlucoseAlert, callerId: string, now: Date): AlertResponse {
  const chain = chainOf(alert);
  const own = chain.recipients.find(({ userId }) => userId === callerId);
  const told = own?.levels.map(({ lastAt }) => lastAt) ?? [];
  const state = stateFor(alert, callerId, now);
  const snoozedUntil = own?.snoozedUntil ?? null;
  return {
    _id: chain.id,
    patientId: alert.patientId.toHexString(),
    side: chain.side,
    state: state === 'idle' ? 'closed' : state,
    code: chain.code,
    openedAt: alert.openedAt,
    updatedAt: alert.updatedAt,
    closedAt: alert.closedAt,
    closedBy: alert.closedBy,
    first: toReading(alert.first),
    latest: toReading(alert.latest),
    extreme: toReading(alert.extreme),
    notifiedAt: told.length === 0 ? null : new Date(Math.max(...told)),
    acknowledgedAt: toDate(own?.acknowledgedAt ?? null),
    snoozedUntil: snoozedUntil === null || snoozedUntil <= now.getTime() ? null : new Date(snoozedUntil),
  };
}
