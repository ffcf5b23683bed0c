import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../platform/database';
import type { GivenSettings } from './alert-settings.policy';
import { GlucoseAlertSettings } from './glucose-alert.schema';

/** What was set for a patient, and when. */
export interface StoredSettings {
  readonly given: GivenSettings;
  readonly updatedAt: Date | null;
}

/** One document of settings per patient. */
@Injectable()
export class AlertSettingsRepository {
  constructor(@InjectModel(GlucoseAlertSettings.name) private readonly settings: Model<GlucoseAlertSettings>) {}

  private get raw() {
    return this.settings.collection;
  }

  /** Nothing given when nobody ever set anything. */
  async find(patientId: string, tx?: Tx): Promise<StoredSettings> {
    const stored = await this.raw.findOne<GlucoseAlertSettings>(
      { patientId: oid(patientId) },
      tx === undefined ? {} : { session: tx.session },
    );
    return stored === null ? { given: {}, updatedAt: null } : { given: stored.given, updatedAt: stored.updatedAt };
  }

  /** Puts these in the place of what was set before. */
  async replace(tx: Tx, patientId: string, given: GivenSettings, now: Date): Promise<void> {
    const { session } = tx;
    const before = await this.raw.findOne<GlucoseAlertSettings>({ patientId: oid(patientId) }, { session });
    const document = { patientId: oid(patientId), given, createdAt: before?.createdAt ?? now, updatedAt: now };
    if (before === null) await this.raw.insertOne({ ...document, _id: newId() }, { session });
    else await this.raw.replaceOne({ _id: before._id }, document, { session });
  }

  async deleteOf(patientId: string): Promise<void> {
    await this.raw.deleteMany({ patientId: oid(patientId) });
  }
}
