import { setImmediate } from 'node:timers/promises';
import { toMgdl } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { newId, oid, type Tx } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { datesOf } from './days/dates';
import { GlucoseDaysRepository } from './days/days.repository';
import { RollupQueue } from './days/rollup-queue.service';
import { UploadDays, type UploadSpan } from './days/upload-days.service';
import { toAnalysisReading } from './glucose-readings.repository';
import { GlucosePatients } from './glucose-patients.service';
import type { Glucose } from './glucose.schema';
import { emitStored } from './glucose.events';
import { toReading } from './reading.mapper';
import type { ReadingInput } from './reading.policy';
import { PatientVersions } from './days/patient-versions.repository';
import { ReadingsRepository } from './readings.repository';

/** A judged reading with what only the server decides. */
export interface ReadingToStore extends ReadingInput {
  /** Sampling interval in force, minutes; CGM kind only. */
  readonly interval?: number;
  /** Absent for manual readings posted singly. */
  readonly dedupeKey?: string;
  readonly kind?: 'cgm' | 'capillary';
}

/** What every write of readings does in its transaction besides storing them. */
@Injectable()
export class ReadingWrites {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly days: GlucoseDaysRepository,
    private readonly uploads: UploadDays,
    private readonly versions: PatientVersions,
    private readonly queue: RollupQueue,
    private readonly patients: GlucosePatients,
    private readonly events: RealtimeEvents,
  ) {}

  /**
   * Stores one reading and marks its day, tells the patient's devices and stores what may have to be alerted. A taken
   * dedupe key runs the transaction again.
   */
  async insert(tx: Tx, patientId: string, reading: ReadingToStore, now: Date): Promise<Glucose> {
    const record = toRecord(oid(patientId), reading, now);
    await this.readings.insert(tx, [record]);
    await this.mark(tx, patientId, [record.measuredAt]);
    this.announce(tx, patientId, record);
    emitStored(tx, patientId, [record], now, true);
    return record;
  }

  /** The same for the readings of an upload, at least one; days are built in its transaction as far as they were read. */
  async upload(
    tx: Tx,
    patientId: string,
    readings: readonly ReadingToStore[],
    now: Date,
    span: UploadSpan,
  ): Promise<readonly Glucose[]> {
    const owner = oid(patientId);
    const records = readings.map((reading) => toRecord(owner, reading, now));
    const inserted = this.readings.insert(tx, records);
    // Computed while the database is at work.
    const build = setImmediate().then(() => this.uploads.build(span, records.map(toAnalysisReading)));
    const [built] = await Promise.all([build, inserted]);
    await this.uploads.store(tx, patientId, span, built);
    this.announce(
      tx,
      patientId,
      records.reduce((best, record) => (record.measuredAt >= best.measuredAt ? record : best)),
    );
    emitStored(tx, patientId, records, now, false);
    return records;
  }

  private announce(tx: Tx, patientId: string, newest: Glucose): void {
    this.events.append(tx, { userId: patientId, name: 'glucose:new', payload: toReading(newest) });
  }

  /** Says that readings of these instants were changed or deleted: their days are rebuilt after the commit. */
  async touch(tx: Tx, patientId: string, instants: readonly Date[]): Promise<void> {
    await this.mark(tx, patientId, instants);
    await this.versions.raise(patientId, tx);
  }

  /** Marks the days of instants as no longer current, and has them rebuilt after the commit. */
  private async mark(tx: Tx, patientId: string, instants: readonly Date[]): Promise<void> {
    const zone = await this.patients.zoneIn(tx, patientId);
    const dates = datesOf(instants, zone);
    await this.days.markDirty(tx, patientId, dates);
    tx.afterCommit(() => {
      this.queue.add(patientId, dates);
    });
  }
}

/** A new reading as it is stored, with its id. */
export function toRecord(patientId: Glucose['patientId'], reading: ReadingToStore, now: Date): Glucose {
  return {
    ...reading,
    patientId,
    valueMgdl: toMgdl(reading.value, reading.unit),
    _id: newId(),
    __v: 0,
    createdAt: now,
    updatedAt: now,
  };
}
