import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { duplicateKeyMeansRetry } from '../../platform/database';

/** Units a reading may be entered in; it keeps its own. */
export const GLUCOSE_UNITS = ['mg/dL', 'mmol/L'] as const;
export type GlucoseUnit = (typeof GLUCOSE_UNITS)[number];

/** When in the day a reading was taken, as its author says. */
export const GLUCOSE_PERIODS = ['fasting', 'before_meal', 'after_meal', 'bedtime', 'random'] as const;
export type GlucosePeriod = (typeof GLUCOSE_PERIODS)[number];

/** Where a reading comes from. */
export const GLUCOSE_SOURCES = ['manual', 'glucometer', 'cgm', 'import'] as const;
export type GlucoseSource = (typeof GLUCOSE_SOURCES)[number];

/** From a sensor (`cgm`) or from blood of a finger; computed from the source, see `kindOf`. */
export type GlucoseKind = 'cgm' | 'capillary';

/** One reading of a patient. Absent fields are unset, never null. */
@Schema({ collection: 'glucoses', timestamps: true })
export class Glucose {
  _id!: Types.ObjectId;
  __v!: number;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  /** As entered, in {@link unit}. */
  @Prop({ type: Number, required: true })
  value!: number;

  @Prop({ type: String, enum: GLUCOSE_UNITS, default: 'mg/dL' })
  unit!: GlucoseUnit;

  /** The value in mg/dL at full precision. */
  @Prop({ type: Number, required: true })
  valueMgdl!: number;

  @Prop({ type: Date, required: true })
  measuredAt!: Date;

  @Prop({ type: String, enum: GLUCOSE_PERIODS })
  period?: GlucosePeriod;

  @Prop({ type: String })
  note?: string;

  @Prop({ type: String, enum: GLUCOSE_SOURCES, default: 'manual' })
  source!: GlucoseSource;

  /** Sampling interval of the sensor as given, minutes. */
  @Prop({ type: Number })
  intervalMinutes?: number;

  /** CGM kind: sampling interval in force, minutes; fixed at ingestion (glucose metrics section 4). */
  @Prop({ type: Number })
  interval?: number;

  @Prop({ type: String })
  deviceId?: string;

  /** What an import declares itself to be; capillary unless it says otherwise. */
  @Prop({ type: String, enum: ['cgm', 'capillary'] })
  kind?: GlucoseKind;

  /** The sensor read LOW or HIGH. */
  @Prop({ type: Boolean })
  saturated?: boolean;

  /** `<source>|<measuredAt in ms>`, for imports `import:<kind>|<ms>`; absent for manual readings posted singly. */
  @Prop({ type: String })
  dedupeKey?: string;
}

// On a sharded cluster: hashed patientId. Every query and unique index here begins with it.
export const GlucoseSchema = SchemaFactory.createForClass(Glucose);
GlucoseSchema.index({ patientId: 1, measuredAt: -1, _id: -1 }, { name: 'glucoses_time' });
GlucoseSchema.index(
  { patientId: 1, dedupeKey: 1 },
  { unique: true, name: 'glucoses_dedupe', partialFilterExpression: { dedupeKey: { $exists: true } } },
);
duplicateKeyMeansRetry('glucoses_dedupe');

/** Rollup of one local day of a patient; its content is `buildDay` of the day's readings (glucose metrics section 14). */
@Schema({ collection: 'glucosedays', versionKey: false, minimize: false, strict: false })
export class GlucoseDay {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  /** Local day `YYYY-MM-DD`. */
  @Prop({ type: String, required: true })
  date!: string;

  /** Raised by every write to the day. */
  @Prop({ type: Number, default: 0 })
  rev!: number;

  /** Something was written since the content was built. */
  @Prop({ type: Boolean, default: false })
  dirty!: boolean;
}

// On a sharded cluster: hashed patientId.
export const GlucoseDaySchema = SchemaFactory.createForClass(GlucoseDay);
GlucoseDaySchema.index({ patientId: 1, date: 1 }, { unique: true, name: 'glucosedays_day' });
GlucoseDaySchema.index({ dirty: 1 }, { name: 'glucosedays_dirty', partialFilterExpression: { dirty: true } });
duplicateKeyMeansRetry('glucosedays_day');
