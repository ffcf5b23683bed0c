import { Injectable } from '@nestjs/common';
import { userTypeOf } from '../../common/enums';
import { displayName } from '../../common/names';
import { Clock } from '../../common/time';
import { newId, oid, type Tx } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { AccountDirectory, type AccountSummary } from '../users';
import { DeliveryChannels } from './deliveries/delivery-channels.service';
import { NotificationDeliveries } from './deliveries/notification-deliveries.service';
import { notificationText, type TextFacts } from './notification-texts';
import { toNotification } from './notification.mapper';
import type { NotificationData, NotificationType, Severity } from './notification.schema';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository';

/** An event that somebody is told of. */
export interface NotificationEvent {
  readonly userId: string;
  readonly type: NotificationType;
  /** `data.event`; names the text, too. */
  readonly event: string;
  /** Who acted; their name stands in the text. */
  readonly actorId: string | null;
  readonly relatedId: string | null;
  readonly severity?: Severity;
  readonly data?: NotificationData;
  readonly facts?: Omit<TextFacts, 'actor' | 'zone'>;
  /** Events of one key share one unread notification. */
  readonly collapseKey?: string;
  /** Push and mail leave in quiet hours, too: `no_data` where the patient set `noDataAtNight`. Critical events always do. */
  readonly passesQuietHours?: boolean;
  /** When it happened; of what was planned ahead (a reminder), when it was due. Quiet hours are judged by it, too. */
  readonly at: Date;
}

/**
 * Makes notifications. Called by outbox handlers inside the transaction that closes the event, so each event makes
 * exactly one, whatever is killed in between.
 */
@Injectable()
export class Notifier {
  constructor(
    private readonly repository: NotificationsRepository,
    private readonly directory: AccountDirectory,
    private readonly channels: DeliveryChannels,
    private readonly deliveries: NotificationDeliveries,
    private readonly realtime: RealtimeEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores (or renews) a notification and orders its pushes and its mail, as the owner's preferences say; null when none
   * is stored: the owner no longer exists or wants none of the type. Nobody is told of an own action.
   */
  async notify(tx: Tx, event: NotificationEvent): Promise<NotificationRecord | null> {
    if (event.actorId === event.userId) return null;
    const accounts = await this.directory.find(event.actorId === null ? [event.userId] : [event.userId, event.actorId]);
    const owner = accounts.get(event.userId);
    if (owner === undefined || owner.deletedAt !== null) return null;
    const severity = event.severity ?? 'info';
    const passesQuietHours = event.passesQuietHours ?? false;
    const instants = [event.at, this.clock.now()];
    const channels = await this.channels.of(owner, { type: event.type, severity, passesQuietHours, instants });
    const facts: TextFacts = {
      ...event.facts,
      zone: owner.timeZone,
      ...(event.actorId === null ? {} : { actor: displayName(accounts.get(event.actorId)) }),
    };
    const stored = channels.inApp ? await this.store(tx, event, owner, facts) : null;
    if (stored !== null) this.tell(tx, stored);
    const { userId, type, actorId } = event;
    const notificationId = (stored?._id ?? newId()).toHexString();
    const delivery = { userId, notificationId, type, event: event.event, severity, actorId, passesQuietHours };
    await this.deliveries.emit(tx, delivery, channels, Number(stored?.data['count'] ?? 1));
    return stored;
  }

  private async store(
    tx: Tx,
    event: NotificationEvent,
    owner: AccountSummary,
    facts: TextFacts,
  ): Promise<NotificationRecord> {
    if (event.collapseKey !== undefined) {
      const renewed = await this.renew(tx, event, owner.locale, facts);
      if (renewed !== null) return renewed;
    }
    const text = notificationText(event.event, owner.locale, facts);
    return this.repository.insert(tx, {
      userId: oid(event.userId),
      userType: userTypeOf(owner.role),
      type: event.type,
      ...text,
      body: text.message,
      data: { event: event.event, ...event.data, ...(event.collapseKey === undefined ? {} : { count: 1 }) },
      timestamp: event.at,
      isRead: false,
      severity: event.severity ?? 'info',
      ...(event.actorId === null || facts.actor === undefined
        ? {}
        : { actorId: oid(event.actorId), actorName: facts.actor }),
      ...(event.relatedId === null ? {} : { relatedId: oid(event.relatedId) }),
      ...(event.collapseKey === undefined ? {} : { collapseKey: event.collapseKey }),
    });
  }

  /** Marks the unread notification of a key as read, with the change that made it pointless. */
  async markCollapsedRead(tx: Tx, userId: string, collapseKey: string, now: Date): Promise<void> {
    const read = await this.repository.markCollapsedRead(tx, userId, collapseKey, now);
    if (read === null) return;
    const payload = { _id: read.id, unreadCount: read.unreadCount };
    this.realtime.append(tx, { userId, name: 'notification:read', payload });
  }

  private tell(tx: Tx, stored: NotificationRecord): void {
    const { actorId } = stored;
    this.realtime.append(tx, {
      userId: stored.userId.toHexString(),
      name: stored.type === 'patient_alert' ? 'alert:new' : 'notification:new',
      payload: toNotification(stored),
      ...(actorId === undefined ? {} : { about: actorId.toHexString() }),
    });
  }

  private async renew(
    tx: Tx,
    event: NotificationEvent,
    locale: 'en' | 'fr',
    facts: TextFacts,
  ): Promise<NotificationRecord | null> {
    const { collapseKey = '', userId, at } = event;
    const single = notificationText(event.event, locale, facts);
    const renewed = await this.repository.renewCollapsed(tx, userId, collapseKey, {
      ...single,
      timestamp: at,
      ...(facts.actor === undefined ? {} : { actorName: facts.actor }),
    });
    if (renewed === null) return null;
    const count = Number(renewed.data['count'] ?? 1);
    const text = notificationText(event.event, locale, { ...facts, count });
    await this.repository.rewrite(tx, renewed._id.toHexString(), text.message);
    return { ...renewed, ...text, body: text.message };
  }
}
