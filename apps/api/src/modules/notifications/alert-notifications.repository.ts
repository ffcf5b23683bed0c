import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { oid, rewriteOne, type Tx } from '../../platform/database';
import { Notification } from './notification.schema';
import type { NotificationRecord } from './notifications.repository';

/** What a further notice changes in the unread notification of an alert. */
export type AlertChange = Pick<
  NotificationRecord,
  'title' | 'message' | 'data' | 'severity' | 'timestamp' | 'collapseKey'
> & {
  readonly alertKey?: string;
};

/** What of an alert's `data` says nothing of the reading. */
const WITHOUT_READING = new Set(['event', 'alertId', 'patientId', 'resolvedAt']);

/** What is special about notifications of alerts: one is renewed for a while, and its end is written on it. */
@Injectable()
export class AlertNotificationsRepository {
  constructor(@InjectModel(Notification.name) private readonly notifications: Model<Notification>) {}

  private get raw() {
    return this.notifications.collection;
  }

  /**
   * Renews the unread notification of a collapse key if it was created after `since`; an older one loses its key, so that
   * the next one stands beside it. Null when a new one has to be made.
   */
  async renew(tx: Tx, userId: string, since: Date, change: AlertChange): Promise<NotificationRecord | null> {
    const { session } = tx;
    const { collapseKey } = change;
    const stored = await this.raw.findOne<NotificationRecord>(
      { userId: oid(userId), collapseKey, isRead: false },
      { session },
    );
    if (stored === null) return null;
    if (stored.createdAt <= since) {
      await rewriteOne(this.raw, stored, (found) => ({ ...found, collapseKey: found._id.toHexString() }), session);
      return null;
    }
    const update = { $set: { ...change, body: change.message, updatedAt: change.timestamp } };
    return this.raw.findOneAndUpdate({ _id: stored._id }, update, {
      session,
      returnDocument: 'after',
    }) as Promise<NotificationRecord | null>;
  }

  /** Takes the readings of an erased patient out of what others were told; which alert it was stays (contract 10 section 7). */
  async forgetReadings(patientId: string): Promise<void> {
    for await (const { _id, type, title, data } of this.raw.find<NotificationRecord>({ actorId: oid(patientId) })) {
      if (type !== 'patient_alert') continue;
      const kept = Object.fromEntries(Object.entries(data).filter(([key]) => WITHOUT_READING.has(key)));
      await this.raw.updateOne({ _id }, { $set: { message: title, body: title, data: kept } });
    }
  }

  /** Ends what notifications of an alert stand for: notes when, and for a withdrawn one the text that says so. */
  async end(
    tx: Tx,
    userId: string,
    alertKey: string,
    at: Date,
    amendment: Pick<NotificationRecord, 'title' | 'message' | 'severity'> | null,
  ): Promise<void> {
    await this.raw.updateMany(
      { userId: oid(userId), alertKey },
      {
        $set: {
          'data.resolvedAt': at.toISOString(),
          updatedAt: at,
          ...(amendment === null ? {} : { ...amendment, body: amendment.message }),
        },
      },
      { session: tx.session },
    );
  }
}
