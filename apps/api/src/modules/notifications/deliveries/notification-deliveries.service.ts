import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database';
import { PushSender } from '../../../platform/push';
import { DeviceTokensRepository } from '../devices/device-tokens.repository';
import type { NotificationType, Severity } from '../notification.schema';
import type { Channels } from '../preferences/notification-preferences.policy';

/** Topic of a push on its way. */
export const PUSH_TOPIC = 'notification.push';
/** Topic of a mail on its way. */
export const MAIL_TOPIC = 'notification.mail';

/** What leaves for one account; names are looked up when it does, so that none of them is stored on the way. */
export interface Delivery {
  readonly userId: string;
  readonly notificationId: string;
  readonly type: NotificationType;
  readonly event: string;
  readonly severity: Severity;
  readonly actorId: string | null;
  readonly passesQuietHours: boolean;
  /** The patient whose alert it is: whoever else is told must have access when it leaves. */
  readonly patientId?: string;
}

/** A push on its way to one device. */
export interface PushOrder extends Delivery {
  readonly deviceTokenId: string;
  /** Which event of the notification it tells, from 1, or the key of an alert's notice; absent in what an older version stored. */
  readonly occurrence?: number | string;
}

/** Stores pushes and mails in the outbox, with the change that causes them. */
@Injectable()
export class NotificationDeliveries {
  constructor(
    private readonly devices: DeviceTokensRepository,
    private readonly sender: PushSender,
  ) {}

  /**
   * One entry per device and one for the mail, so that none waits for another.
   * @param occurrence which event of the notification this is: each leaves once
   * @returns how many pushes were stored
   */
  async emit(tx: Tx, delivery: Delivery, channels: Channels, occurrence: number | string): Promise<number> {
    const { userId, notificationId } = delivery;
    const put = (topic: string, key: string, payload: Delivery): void =>
      tx.emit({ topic, key, payload: { ...payload }, dedupeKey: `${key}:${occurrence}` });
    if (channels.email) put(MAIL_TOPIC, `mail:${notificationId}`, delivery);
    if (!channels.push || !this.sender.enabled) return 0;
    const deviceTokenIds = await this.devices.idsOf(userId);
    for (const deviceTokenId of deviceTokenIds) {
      const order: PushOrder = { ...delivery, deviceTokenId, occurrence };
      put(PUSH_TOPIC, `push:${notificationId}:${deviceTokenId}`, order);
    }
    return deviceTokenIds.length;
  }
}
