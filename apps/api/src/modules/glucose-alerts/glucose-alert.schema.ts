import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';
import { CHAIN_CODES, type ChainCode, type ClosedBy, type NoticeCode, type Side, SIDES } from './engine/alert-types';
import type { GivenSettings } from './alert-settings.policy';

/** A reading as a chain keeps it: what was evaluated, whatever becomes of the stored one. */
export interface StoredAlertReading {
  readonly glucoseId: Types.ObjectId;
  /** When it counts as measured. */
  readonly t: Date;
  readonly measuredAt: Date;
  readonly value: number;
  readonly unit: 'mg/dL' | 'mmol/L';
  readonly kind: 'cgm' | 'capillary';
  readonly intervalMinutes: number;
  readonly saturated: boolean;
}

/** A recipient of a chain; instants that are not set are null. */
export interface StoredRecipient {
  readonly userId: Types.ObjectId;
  readonly levels: readonly {
    readonly code: ChainCode;
    readonly firstAt: Date;
    readonly lastAt: Date;
    readonly seq: number;
    readonly seriesAt: Date;
    readonly repeats: number;
  }[];
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedCode: ChainCode | null;
  readonly snoozedUntil: Date | null;
  readonly snoozedCode: ChainCode | null;
}

/** One chain: an excursion of a patient on one side. Whether it is acknowledged or snoozed is each recipient's own. */
@Schema({ collection: 'glucosealerts', timestamps: true, versionKey: false, minimize: false })
export class GlucoseAlert {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: String, enum: SIDES, required: true })
  side!: Side;

  @Prop({ type: String, enum: ['open', 'closed'], required: true })
  state!: 'open' | 'closed';

  /** The highest level reached. */
  @Prop({ type: String, enum: CHAIN_CODES, required: true })
  code!: ChainCode;

  @Prop({ type: Date, required: true })
  openedAt!: Date;

  @Prop({ type: Date, default: null })
  closedAt!: Date | null;

  @Prop({ type: String, default: null })
  closedBy!: ClosedBy | null;

  @Prop({ type: Object, required: true })
  first!: StoredAlertReading;

  @Prop({ type: Object, required: true })
  latest!: StoredAlertReading;

  @Prop({ type: Object, required: true })
  extreme!: StoredAlertReading;

  @Prop({ type: Date, default: null })
  recheckAt!: Date | null;

  @Prop({ type: [Object], default: [] })
  recipients!: readonly StoredRecipient[];

  // What follows is internal: where the evaluation goes on.

  @Prop({ type: Date, required: true })
  reachedAt!: Date;

  @Prop({ type: Date, required: true })
  from!: Date;

  @Prop({ type: Date, required: true })
  lastOutAt!: Date;

  @Prop({ type: Boolean, default: false })
  left!: boolean;

  @Prop({ type: [String], default: [] })
  escalated!: readonly ChainCode[];

  @Prop({ type: [Object], default: [] })
  waiting!: readonly { readonly code: ChainCode; readonly userId: Types.ObjectId; readonly minutes: number | null }[];
}

export const GlucoseAlertSchema = SchemaFactory.createForClass(GlucoseAlert);
GlucoseAlertSchema.index(
  { patientId: 1, side: 1 },
  { unique: true, name: 'glucosealerts_open', partialFilterExpression: { state: 'open' } },
);
GlucoseAlertSchema.index({ patientId: 1, openedAt: -1, _id: -1 }, { name: 'glucosealerts_list' });
// The embedded engine reads no partial index; the open ones are asked for at every evaluation.
GlucoseAlertSchema.index({ patientId: 1, state: 1 }, { name: 'glucosealerts_state' });
duplicateKeyMeansRetry('glucosealerts_open');

/** What is remembered of a patient between two evaluations. */
@Schema({ collection: 'glucosealertstates', versionKey: false, minimize: false })
export class GlucoseAlertState {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  /** The newest evaluated reading of each kind. */
  @Prop({ type: Object, required: true })
  cursors!: { readonly cgm: Date | null; readonly capillary: Date | null };

  @Prop({ type: Date, default: null })
  newestCgmAt!: Date | null;

  @Prop({ type: Date, default: null })
  noDataNotifiedAt!: Date | null;

  @Prop({ type: Object, required: true })
  predictive!: { readonly positives: number; readonly negatives: number };

  @Prop({ type: Object, required: true })
  rapid!: { readonly falls: number; readonly rises: number };

  /** Last first notice per recipient and level: where cooldowns begin. */
  @Prop({ type: [Object], default: [] })
  firstNotices!: readonly { readonly userId: Types.ObjectId; readonly code: NoticeCode; readonly at: Date }[];

  /** Pushes below critical of the last 24 hours. */
  @Prop({ type: [Object], default: [] })
  pushes!: readonly { readonly userId: Types.ObjectId; readonly at: Date }[];

  @Prop({ type: Date, default: null })
  nextTimerAt!: Date | null;

  @Prop({ type: Date, default: null })
  lockedUntil!: Date | null;

  @Prop({ type: String, default: null })
  lockedBy!: string | null;

  /** Raised by every evaluation. */
  @Prop({ type: Number, default: 0 })
  version!: number;
}

export const GlucoseAlertStateSchema = SchemaFactory.createForClass(GlucoseAlertState);
GlucoseAlertStateSchema.index({ patientId: 1 }, { unique: true, name: 'glucosealertstates_patient' });
// Not partial: a range of dates never meets the null of a patient without a timer (decision 14).
GlucoseAlertStateSchema.index({ nextTimerAt: 1 }, { name: 'glucosealertstates_timers' });
duplicateKeyMeansRetry('glucosealertstates_patient');

/** What a patient or a linked doctor has set; whatever is missing follows the defaults. */
@Schema({ collection: 'glucosealertsettings', timestamps: true, versionKey: false, minimize: false })
export class GlucoseAlertSettings {
  _id!: Types.ObjectId;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: Object, required: true })
  given!: GivenSettings;
}

export const GlucoseAlertSettingsSchema = SchemaFactory.createForClass(GlucoseAlertSettings);
GlucoseAlertSettingsSchema.index({ patientId: 1 }, { unique: true, name: 'glucosealertsettings_patient' });
duplicateKeyMeansRetry('glucosealertsettings_patient');
