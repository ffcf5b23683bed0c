import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../../platform/database';
import type { PartialPreferences } from './notification-preferences.policy';
import { NotificationPreferences } from './notification-preferences.schema';

/** What is stored of preferences; without a zone of their own they follow the account's. */
export type StoredPreferences = Pick<NotificationPreferences, 'timeZone' | 'quietHours' | 'types'>;

/** One document of preferences per account. */
@Injectable()
export class NotificationPreferencesRepository {
  constructor(
    @InjectModel(NotificationPreferences.name) private readonly preferences: Model<NotificationPreferences>,
  ) {}

  private get raw() {
    return this.preferences.collection;
  }

  /** What the account has set; nothing when it never did. */
  async find(userId: string): Promise<PartialPreferences> {
    const stored = await this.raw.findOne<StoredPreferences>({ userId: oid(userId) });
    return stored ?? {};
  }

  /** Puts these in the place of what was set before. */
  async replace(tx: Tx, userId: string, preferences: StoredPreferences, now: Date): Promise<void> {
    const { session } = tx;
    const before = await this.raw.findOne<NotificationPreferences>({ userId: oid(userId) }, { session });
    const document = { ...preferences, userId: oid(userId), createdAt: before?.createdAt ?? now, updatedAt: now };
    if (before === null) await this.raw.insertOne({ ...document, _id: newId() }, { session });
    else await this.raw.replaceOne({ _id: before._id }, document, { session });
  }

  async deleteOf(userId: string): Promise<void> {
    await this.raw.deleteMany({ userId: oid(userId) });
  }
}
