import { setImmediate } from 'node:timers/promises';
import { toMgdl } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { oid, type Tx } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { datesOf } from './days/dates';
import { GlucoseDaysRepository } from './days/days.repository';
import { RollupQueue } from './days/rollup-queue.service';
import { UploadDays } from './days/upload-days.service';
import { toAnalysisReading } from './glucose-readings.repository';
import { GlucosePatients } from './glucose-patients.service';
import type { Glucose } from './glucose.schema';
import { emitStored } from './glucose.events';
import { toReading } from './reading.mapper';
import type { ReadingInput } from './reading.policy';
import { PatientVersions } from './days/patient-versions.repository';
import { type NewReading, ReadingsRepository } from './readings.repository';

/** A judged reading with what only the server decides. */
export interface ReadingToStore extends ReadingInput {
  /** Sampling interval in force, minutes; CGM kind only. */
  readonly interval?: number;
  /** Absent for manual readings posted singly. */
  readonly dedupeKey?: string;
  readonly kind?: 'cgm' | 'capillary';
}

/** Days of fewer readings than this are marked and built after the commit: several writes then cost one build. */
const LEAST_UPLOAD = 24;

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
   * Stores readings, builds or marks their days, tells the patient's devices of the newest and stores what may have to be
   * alerted. A taken dedupe key runs the transaction again.
   */
  async insert(
    tx: Tx,
    patientId: string,
    readings: readonly ReadingToStore[],
    now: Date,
    single: boolean,
  ): Promise<readonly Glucose[]> {
    const owner = oid(patientId);
    const records = this.readings.toRecords(
      readings.map((reading) => toNewReading(owner, reading)),
      now,
    );
    if (records.length < LEAST_UPLOAD) await this.insertFew(tx, patientId, records);
    else await this.insertUpload(tx, patientId, records);
    const newest = records.reduce<Glucose | null>(
      (best, reading) => (best === null || reading.measuredAt >= best.measuredAt ? reading : best),
      null,
    );
    if (newest !== null)
      await this.events.append(tx, { userId: patientId, name: 'glucose:new', payload: toReading(newest) });
    emitStored(tx, patientId, records, now, single);
    return records;
  }

  private async insertFew(tx: Tx, patientId: string, records: readonly Glucose[]): Promise<void> {
    await this.readings.insert(tx, records);
    await this.mark(
      tx,
      patientId,
      records.map(({ measuredAt }) => measuredAt),
    );
  }

  private async insertUpload(tx: Tx, patientId: string, records: readonly Glucose[]): Promise<void> {
    const zone = await this.patients.zoneIn(tx, patientId);
    const dates = datesOf(
      records.map(({ measuredAt }) => measuredAt),
      zone,
    );
    const plan = await this.uploads.plan(tx, patientId, zone, dates);
    const inserted = this.readings.insert(tx, records);
    // Computed while the database is at work.
    const build = setImmediate().then(() => this.uploads.build(plan, records.map(toAnalysisReading)));
    const [built] = await Promise.all([build, inserted]);
    await this.uploads.store(tx, patientId, plan, built);
    this.rebuildLater(tx, patientId, plan.later);
  }

  /** Says that readings of these instants were changed or deleted: their days are rebuilt after the commit. */
  async touch(tx: Tx, patientId: string, instants: readonly Date[]): Promise<void> {
    await this.mark(tx, patientId, instants);
    await this.versions.raise(patientId, tx);
  }

  /** Marks the days of instants as no longer current, and has them rebuilt after the commit. */
  private async mark(tx: Tx, patientId: string, instants: readonly Date[]): Promise<void> {
    const zone = await this.patients.zoneIn(tx, patientId);
    await this.dirty(tx, patientId, datesOf(instants, zone));
  }

  private rebuildLater(tx: Tx, patientId: string, dates: readonly string[]): void {
    if (dates.length === 0) return;
    tx.afterCommit(() => {
      this.queue.add(patientId, dates);
    });
  }

  private async dirty(tx: Tx, patientId: string, dates: readonly string[]): Promise<void> {
    if (dates.length === 0) return;
    await this.days.markDirty(tx, patientId, dates);
    this.rebuildLater(tx, patientId, dates);
  }
}

/** A reading as it is stored. */
export function toNewReading(patientId: NewReading['patientId'], reading: ReadingToStore): NewReading {
  return { ...reading, patientId, valueMgdl: toMgdl(reading.value, reading.unit) };
}
