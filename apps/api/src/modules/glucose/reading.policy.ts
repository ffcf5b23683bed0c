import { AppError, invalidField } from '../../common/errors';
import { isInFuture, type ParsedInstant } from '../../common/time';
import type { GlucoseKind, GlucosePeriod, GlucoseSource, GlucoseUnit } from './glucose.schema';

/** A reading as somebody sends it, after the DTO has judged each field alone. */
export interface ReadingInput {
  readonly value: number;
  readonly unit: GlucoseUnit;
  readonly measuredAt: Date;
  readonly source: GlucoseSource;
  readonly period?: GlucosePeriod;
  readonly note?: string;
  readonly intervalMinutes?: number;
  readonly deviceId?: string;
}

/** What was sent; absent fields take their defaults. */
export interface SentReading {
  readonly value: number;
  readonly measuredAt: ParsedInstant;
  readonly unit?: GlucoseUnit;
  readonly period?: GlucosePeriod;
  readonly note?: string;
  readonly source?: GlucoseSource;
  readonly intervalMinutes?: number;
  readonly deviceId?: string;
}

/** Values that a reading may have, both ends included. */
const VALUE_RANGES: Readonly<Record<GlucoseUnit, { readonly min: number; readonly max: number }>> = {
  'mg/dL': { min: 10, max: 1_000 },
  'mmol/L': { min: 0.6, max: 55.5 },
};

/** No reading is older. */
const EARLIEST = new Date('2000-01-01T00:00:00.000Z');

/** @throws AppError GLUCOSE_OUT_OF_RANGE with the limits of the unit */
export function assertValue(value: number, unit: GlucoseUnit): void {
  const { min, max } = VALUE_RANGES[unit];
  if (value >= min && value <= max) return;
  throw new AppError('GLUCOSE_OUT_OF_RANGE', {
    details: { unit, min, max },
    text: {
      en: `value must be between ${min} and ${max} ${unit}`,
      fr: `value doit être entre ${min} et ${max} ${unit}`,
    },
  });
}

/** @throws AppError MEASURED_AT_IN_FUTURE, VALIDATION_FAILED before 2000 */
export function assertMeasuredAt(measuredAt: ParsedInstant, now: Date): void {
  if (isInFuture(measuredAt, now)) throw new AppError('MEASURED_AT_IN_FUTURE');
  if (measuredAt.date < EARLIEST)
    throw invalidField('measuredAt', 'earliest', 'must be in 2000 or later', "doit être à partir de l'an 2000");
}

function assertDeviceFields(sent: SentReading, source: GlucoseSource): void {
  if (sent.intervalMinutes !== undefined && source !== 'cgm')
    throw invalidField('intervalMinutes', 'source', 'belongs to source cgm', 'ne convient qu’à la source cgm');
  if (sent.deviceId !== undefined && source !== 'cgm' && source !== 'glucometer')
    throw invalidField(
      'deviceId',
      'source',
      'belongs to sources cgm and glucometer',
      'ne convient qu’aux sources cgm et glucometer',
    );
}

/**
 * The rules between the fields of a new reading (contract 30 section 2.1).
 * @throws AppError GLUCOSE_OUT_OF_RANGE, MEASURED_AT_IN_FUTURE, VALIDATION_FAILED
 */
export function judgeReading(sent: SentReading, now: Date): ReadingInput {
  const { measuredAt } = sent;
  const unit = sent.unit ?? 'mg/dL';
  const source = sent.source ?? 'manual';
  assertValue(sent.value, unit);
  assertMeasuredAt(measuredAt, now);
  assertDeviceFields(sent, source);
  return { ...sent, unit, source, measuredAt: measuredAt.date };
}

/** CGM or capillary: `import` is what the importer declares, capillary unless it does (glucose metrics section 4). */
export function kindOf(reading: { readonly source: GlucoseSource; readonly kind?: GlucoseKind }): GlucoseKind {
  if (reading.source === 'cgm') return 'cgm';
  return reading.source === 'import' ? (reading.kind ?? 'capillary') : 'capillary';
}

/** What makes two readings of one patient the same: source (imports: and kind) and instant. */
export function dedupeKeyOf(reading: {
  readonly source: GlucoseSource;
  readonly kind?: GlucoseKind;
  readonly measuredAt: Date | number;
}): string {
  const source = reading.source === 'import' ? `import:${kindOf(reading)}` : reading.source;
  return `${source}|${Number(reading.measuredAt)}`;
}
