import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { atOrAfter, oid, type Tx } from '../../platform/database';
import { Glucose, type GlucoseKind, type GlucosePeriod, type GlucoseSource, type GlucoseUnit } from './glucose.schema';
import { kindOf } from './reading.policy';

/** A reading as computations take it: the shape of `Reading` in packages/glycemia. */
export interface AnalysisReading {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly value: number;
  readonly unit: GlucoseUnit;
  /** Minutes; 0 for capillary readings. */
  readonly interval: number;
  readonly kind: GlucoseKind;
  readonly source: GlucoseSource;
  readonly deviceId?: string;
  readonly period?: GlucosePeriod;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly saturated?: boolean;
}

const ANALYSIS = {
  value: 1,
  unit: 1,
  measuredAt: 1,
  source: 1,
  kind: 1,
  interval: 1,
  deviceId: 1,
  period: 1,
  createdAt: 1,
  saturated: 1,
} as const;

/** All readings of one day in one batch, with room to spare; more come in further batches. */
const BATCH = 5_000;

/** A stored reading in the form that computations take. */
export function toAnalysisReading(record: Glucose): AnalysisReading {
  const kind = kindOf(record);
  return {
    id: record._id.toHexString(),
    t: record.measuredAt.getTime(),
    value: record.value,
    unit: record.unit,
    interval: kind === 'cgm' ? (record.interval ?? 5) : 0,
    kind,
    source: record.source,
    ...(record.deviceId === undefined ? {} : { deviceId: record.deviceId }),
    ...(record.period === undefined ? {} : { period: record.period }),
    createdAt: record.createdAt.getTime(),
    ...(record.saturated === undefined ? {} : { saturated: record.saturated }),
  };
}

/**
 * Readings for the system itself (rollups, alerts, meals): whoever calls it has established the right to the patient's
 * data, or shows it to nobody.
 */
@Injectable()
export class GlucoseReadings {
  constructor(@InjectModel(Glucose.name) private readonly glucoses: Model<Glucose>) {}

  private get raw() {
    return this.glucoses.collection;
  }

  /** Readings of `[from, to)`, oldest first; `to` null has no upper bound. */
  async between(patientId: string, from: Date, to: Date | null): Promise<AnalysisReading[]> {
    return this.find(patientId, from, to, {});
  }

  /** The same in a transaction; null where there are more than `limit`. */
  async atMost(limit: number, patientId: string, from: Date, to: Date, tx: Tx): Promise<AnalysisReading[] | null> {
    const found = await this.find(patientId, from, to, { session: tx.session, limit: limit + 1 });
    return found.length > limit ? null : found;
  }

  private async find(
    patientId: string,
    from: Date,
    to: Date | null,
    options: { readonly session?: Tx['session']; readonly limit?: number },
  ): Promise<AnalysisReading[]> {
    const measuredAt = { ...atOrAfter(from), ...(to === null ? {} : { $lt: to }) };
    const found = await this.raw
      .find<Glucose>({ patientId: oid(patientId), measuredAt }, { projection: ANALYSIS, batchSize: BATCH, ...options })
      .toArray();
    return found.map(toAnalysisReading).sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
  }

  /** Those of the ids that still exist, oldest first. */
  async byIds(patientId: string, ids: readonly string[]): Promise<AnalysisReading[]> {
    const found = await this.raw
      .find<Glucose>({ _id: { $in: ids.map(oid) } }, { projection: { ...ANALYSIS, patientId: 1 } })
      .toArray();
    return found
      .filter((record) => record.patientId.equals(patientId))
      .map(toAnalysisReading)
      .sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
  }

  /** Instants of a patient's oldest and newest reading, or null. */
  async bounds(patientId: string): Promise<{ readonly oldest: Date; readonly newest: Date } | null> {
    const edge = (direction: 1 | -1): Promise<Glucose | null> =>
      this.raw.findOne<Glucose>(
        { patientId: oid(patientId) },
        { projection: { measuredAt: 1 }, sort: { measuredAt: direction, _id: direction } },
      );
    const [oldest, newest] = await Promise.all([edge(1), edge(-1)]);
    return oldest === null || newest === null ? null : { oldest: oldest.measuredAt, newest: newest.measuredAt };
  }
}
