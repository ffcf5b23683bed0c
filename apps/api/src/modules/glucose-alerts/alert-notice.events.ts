import type { Tx } from '../../platform/database';
import type { GlycemicPopulation } from './alert-settings.policy';
import type { AlertSettings, Ending, Limit, Notice } from './engine/alert-types';

/** Topic of {@link AlertNotice}. */
export const ALERT_NOTICE = 'glucose-alert.notice';
/** Topic of {@link AlertEnded}. */
export const ALERT_ENDED = 'glucose-alert.ended';

/** Payload: one notice on its way to one recipient, with what its text is made of. */
export interface AlertNotice extends Notice {
  readonly userId: string;
  readonly patientId: string;
  readonly population: GlycemicPopulation;
  /** The limit that the text names. */
  readonly limit: Limit;
  readonly horizonMinutes: number;
  readonly passesQuietHours: boolean;
}

/** Payload: what a recipient's notifications stand for is over. */
export interface AlertEnded {
  readonly userId: string;
  readonly alertKey: string;
  readonly how: Ending['how'];
  readonly at: number;
}

/** What notifications of a chain, or of a notice outside chains, are found by. */
export function alertKeyOf(patientId: string, side: Notice['side'], openedAt: number): string {
  return `${patientId}:${side}:${String(openedAt)}`;
}

function limitOf({ code, side }: Notice, { thresholds }: AlertSettings): Limit {
  if (side === 'high') return code === 'very_high' ? thresholds.veryHigh : thresholds.high;
  return code === 'urgent_low' ? thresholds.urgentLow : thresholds.low;
}

/** Stores a notice on its way; its dedupe key makes a second one of the same meaning impossible. */
export function emitNotice(
  tx: Tx,
  patientId: string,
  notice: Notice,
  context: { readonly settings: AlertSettings; readonly population: GlycemicPopulation },
): void {
  const { settings, population } = context;
  const payload: AlertNotice = {
    ...notice,
    userId: notice.recipientId,
    patientId,
    population,
    limit: limitOf(notice, settings),
    horizonMinutes: settings.horizonMinutes,
    passesQuietHours: notice.code === 'no_data' && settings.noDataAtNight,
  };
  tx.emit({
    topic: ALERT_NOTICE,
    key: keyOf(notice.recipientId),
    payload: { ...payload },
    dedupeKey: notice.dedupeKey,
  });
}

/** Stores the end of notifications for each of their recipients, behind the notices that are still on their way. */
export function emitEnding(tx: Tx, patientId: string, ending: Ending): void {
  const { side, openedAt, how, at } = ending;
  for (const userId of ending.recipientIds) {
    const payload: AlertEnded = { userId, alertKey: alertKeyOf(patientId, side, openedAt), how, at };
    tx.emit({ topic: ALERT_ENDED, key: keyOf(userId), payload: { ...payload } });
  }
}

function keyOf(recipientId: string): string {
  return `alert-notice:${recipientId}`;
}
