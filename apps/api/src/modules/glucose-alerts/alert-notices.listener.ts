import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CareLinks } from '../../access';
import { displayName } from '../../common/names';
import { Clock } from '../../common/time';
import type { Tx } from '../../platform/database';
import { OutboxHandlers } from '../../platform/outbox';
import { AlertNotifier, Notifier } from '../notifications';
import { AccountDirectory, AccountsRepository, type AccountSummary } from '../users';
import { ALERT_ENDED, ALERT_NOTICE, type AlertEnded, alertKeyOf, type AlertNotice } from './alert-notice.events';
import { ALERT_SETTINGS_CHANGED, type AlertSettingsChanged } from './alert-settings.events';
import { AlertStatesRepository } from './alert-states.repository';
import { amendedText, type AlertText, doctorText, patientText } from './alert-texts';

/** Pushes below critical per recipient and patient in 24 hours. */
const MAX_PUSHES = 8;

/** Turns decided notices into notifications, judging at that moment once more who may still be told. */
@Injectable()
export class AlertNoticesListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly alerts: AlertNotifier,
    private readonly notifier: Notifier,
    private readonly links: CareLinks,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly states: AlertStatesRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AlertNotice>(ALERT_NOTICE, ({ payload }, tx) => this.tell(payload, tx));
    this.handlers.on<AlertEnded>(ALERT_ENDED, ({ payload }, tx) => this.end(payload, tx));
    this.handlers.on<AlertSettingsChanged>(ALERT_SETTINGS_CHANGED, ({ payload }, tx) => this.announce(payload, tx));
  }

  private async tell(notice: AlertNotice, tx: Tx): Promise<void> {
    const { userId, patientId, severity } = notice;
    if (!(await this.mayTell(notice, tx))) return;
    const people = await this.directory.find([userId, patientId]);
    const owner = people.get(userId);
    if (owner === undefined) return;
    const counted = severity !== 'critical';
    const now = this.clock.now();
    const mayPush = !counted || (await this.states.pushesOf(tx, patientId, userId, now)) < MAX_PUSHES;
    const pushes = await this.alerts.notify(tx, {
      userId,
      patientId,
      event: notice.code,
      severity,
      text: textOf(notice, owner, displayName(people.get(patientId))),
      data: dataOf(notice),
      collapseKey: `alert:${patientId}:${notice.side}`,
      alertKey: alertKeyOf(patientId, notice.side, notice.openedAt),
      noticeKey: notice.dedupeKey,
      passesQuietHours: notice.passesQuietHours,
      mayPush,
      at: new Date(notice.at),
    });
    if (counted && pushes > 0) await this.states.notePush(tx, patientId, userId, now);
  }

  /** Both must still be there and active; a doctor must still have the link, with access on. */
  private async mayTell({ userId, patientId, to }: AlertNotice, tx: Tx): Promise<boolean> {
    if (!(await this.accounts.isActive(patientId, 'PATIENT'))) return false;
    if (to === 'patient') return true;
    if (!(await this.accounts.isActive(userId, 'MEDECIN'))) return false;
    return (await this.links.find(patientId, userId, tx))?.accessEnabled === true;
  }

  private async end({ userId, alertKey, how, at }: AlertEnded, tx: Tx): Promise<void> {
    const owner = await this.directory.findOne(userId);
    const amendment = how === 'amended' ? amendedText(owner?.locale ?? 'en') : null;
    await this.alerts.end(tx, userId, alertKey, new Date(at), amendment);
  }

  /** Limits that a doctor has changed are announced to the patient; own changes are not. */
  private async announce({ patientId, actorId }: AlertSettingsChanged, tx: Tx): Promise<void> {
    await this.notifier.notify(tx, {
      userId: patientId,
      type: 'patient_alert',
      event: 'alert_settings_changed',
      actorId,
      relatedId: patientId,
      data: { patientId, doctorId: actorId },
      at: this.clock.now(),
    });
  }
}

function textOf(notice: AlertNotice, owner: AccountSummary, patientName: string): AlertText {
  return notice.to === 'patient'
    ? patientText(notice, owner.locale, owner.timeZone)
    : doctorText(notice, owner.locale, patientName);
}

/** `data` of a notification (glucose-alerts section 7): what is absent is left out. */
function dataOf(notice: AlertNotice): Record<string, string | number> {
  const { code, alertId, patientId, side, reading, trend } = notice;
  return {
    event: code,
    ...(alertId === null ? {} : { alertId }),
    glucoseId: reading.id,
    measurementId: reading.id,
    patientId,
    value: reading.value,
    unit: reading.unit,
    measuredAt: new Date(reading.measuredAt).toISOString(),
    ...(side === 'none' ? {} : { direction: side }),
    kind: reading.kind,
    trend: trend ?? 'None',
  };
}
