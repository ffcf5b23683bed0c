import { Injectable } from '@nestjs/common';
import { userTypeOf } from '../../common/enums';
import { displayName } from '../../common/names';
import { Clock } from '../../common/time';
import { oid, type Tx } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { AccountDirectory, type AccountSummary } from '../users';
import { AlertNotificationsRepository } from './alert-notifications.repository';
import { DeliveryChannels } from './deliveries/delivery-channels.service';
import { NotificationDeliveries } from './deliveries/notification-deliveries.service';
import type { NotificationText } from './notification-texts';
import { toNotification } from './notification.mapper';
import type { NotificationData, Severity } from './notification.schema';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository';

const COLLAPSE_MS = 3_600_000;
const TYPE = 'patient_alert' as const;

/** One notice of a glucose alert for one recipient. */
export interface AlertEvent {
  readonly userId: string;
  readonly patientId: string;
  /** `data.event`. */
  readonly event: string;
  readonly severity: Severity;
  readonly text: NotificationText;
  readonly data: NotificationData;
  /** `alert:<patientId>:<direction>`: notices of one key share one unread notification for an hour. */
  readonly collapseKey: string;
  /** `<patientId>:<side>:<openedAt>`: what {@link AlertNotifier.end} finds it by. */
  readonly alertKey: string;
  /** Names the notice: each leaves once. */
  readonly noticeKey: string;
  readonly passesQuietHours: boolean;
  /** False where the recipient had its share of pushes below critical. */
  readonly mayPush: boolean;
  readonly at: Date;
}

/** Makes and ends the notifications of glucose alerts (contract 30 section 5, glucose-alerts section 7). */
@Injectable()
export class AlertNotifier {
  constructor(
    private readonly repository: NotificationsRepository,
    private readonly alerts: AlertNotificationsRepository,
    private readonly directory: AccountDirectory,
    private readonly channels: DeliveryChannels,
    private readonly deliveries: NotificationDeliveries,
    private readonly realtime: RealtimeEvents,
    private readonly clock: Clock,
  ) {}

  /** Stores or renews the notification and orders its pushes and its mail. @returns how many pushes were ordered */
  async notify(tx: Tx, event: AlertEvent): Promise<number> {
    const { userId, patientId, severity, passesQuietHours } = event;
    const people = await this.directory.find([userId, patientId]);
    const owner = people.get(userId);
    if (owner === undefined || owner.deletedAt !== null) return 0;
    const instants = [event.at, this.clock.now()];
    const channels = await this.channels.of(owner, { type: TYPE, severity, passesQuietHours, instants });
    const stored = await this.store(tx, event, owner, displayName(people.get(patientId)));
    this.realtime.append(tx, {
      userId,
      name: 'alert:new',
      payload: toNotification(stored),
      ...(patientId === userId ? {} : { about: patientId }),
    });
    const notificationId = stored._id.toHexString();
    const delivery = {
      userId,
      notificationId,
      type: TYPE,
      event: event.event,
      severity,
      actorId: null,
      passesQuietHours,
      patientId,
    };
    const wanted = { ...channels, push: channels.push && event.mayPush };
    return this.deliveries.emit(tx, delivery, wanted, event.noticeKey);
  }

  /**
   * The alert is over: its notifications stay and carry `data.resolvedAt`.
   * @param amendment the text where it never was one: the reading was corrected
   */
  async end(tx: Tx, userId: string, alertKey: string, at: Date, amendment: NotificationText | null): Promise<void> {
    await this.alerts.end(tx, userId, alertKey, at, amendment === null ? null : { ...amendment, severity: 'info' });
  }

  private async store(
    tx: Tx,
    event: AlertEvent,
    owner: AccountSummary,
    patientName: string,
  ): Promise<NotificationRecord> {
    const { userId, patientId, severity, collapseKey, alertKey, at, text } = event;
    const shown = { ...text, data: event.data, severity, timestamp: at, collapseKey, alertKey };
    const renewed = await this.alerts.renew(tx, userId, new Date(at.getTime() - COLLAPSE_MS), shown);
    if (renewed !== null) return renewed;
    return this.repository.insert(tx, {
      ...shown,
      userId: oid(userId),
      userType: userTypeOf(owner.role),
      type: TYPE,
      body: text.message,
      isRead: false,
      relatedId: oid(patientId),
      // Whose name stands in the text: erasing that account takes it out again.
      ...(userId === patientId ? {} : { actorId: oid(patientId), actorName: patientName }),
    });
  }
}
