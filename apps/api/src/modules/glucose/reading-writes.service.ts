import { buildDay, toMgdl } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { oid, type Tx } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import { datesOf } from './days/dates';
import { GlucoseDaysRepository } from './days/days.repository';
import { RollupQueue } from './days/rollup-queue.service';
import { byDate } from './days/rollups.service';
import { toAnalysisReading } from './glucose-readings.repository';
import { GlucosePatients } from './glucose-patients.service';
import type { Glucose } from './glucose.schema';
import { emitStored } from './glucose.events';
import { toReading } from './reading.mapper';
import type { ReadingInput } from './reading.policy';
import { kindOf } from './reading.policy';
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

/** Fewer readings than this are marked and built later. */
const LEAST_UPLOAD = 24;

/** What every write of readings does in its transaction besides storing them. */
@Injectable()
export class ReadingWrites {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly days: GlucoseDaysRepository,
    private readonly versions: PatientVersions,
    private readonly queue: RollupQueue,
    private readonly patients: GlucosePatients,
    private readonly events: RealtimeEvents,
  ) {}

  /**
   * Stores readings, marks their days, tells the patient's devices of the newest and stores what may have to be
   * alerted. A taken dedupe key runs the transaction again.
   */
  async insert(
    tx: Tx,
    patientId: string,
    readings: readonly ReadingToStore[],
    now: Date,
    single: boolean,
  ): Promise<Glucose[]> {
    const owner = oid(patientId);
    const stored = await this.readings.insert(
      tx,
      readings.map((reading) => toNewReading(owner, reading)),
      now,
    );
    await this.addToDays(tx, patientId, stored);
    const newest = stored.reduce<Glucose | null>(
      (best, reading) => (best === null || reading.measuredAt >= best.measuredAt ? reading : best),
      null,
    );
    if (newest !== null) this.events.append(tx, { userId: patientId, name: 'glucose:new', payload: toReading(newest) });
    emitStored(tx, patientId, stored, now, single);
    return stored;
  }

  /**
   * Days that an upload begins are stored whole, with their readings: nothing has to be read again. The others are
   * rebuilt after the commit. Two uploads that begin a day at once conflict, and one is run again.
   */
  private async addToDays(tx: Tx, patientId: string, stored: readonly Glucose[]): Promise<void> {
    const instants = stored.map(({ measuredAt }) => measuredAt);
    if (stored.length < LEAST_UPLOAD) return this.mark(tx, patientId, instants);
    const zone = await this.patients.zoneIn(tx, patientId);
    const dates = datesOf(instants, zone);
    const known = new Set((await this.days.datesIn(tx, patientId, dates)).values());
    const readings = stored.map(toAnalysisReading).sort((a, b) => a.t - b.t);
    const built = [...byDate(readings, zone)].flatMap(([date, ofDay]) => {
      const day = known.has(date) ? null : buildDay(ofDay, date, zone);
      return day === null ? [] : [day];
    });
    await this.days.insertBuilt(tx, patientId, built);
    await this.dirty(
      tx,
      patientId,
      dates.filter((date) => known.has(date)),
    );
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

  private async dirty(tx: Tx, patientId: string, dates: readonly string[]): Promise<void> {
    if (dates.length === 0) return;
    await this.days.markDirty(tx, patientId, dates);
    tx.afterCommit(() => {
      this.queue.add(patientId, dates);
    });
  }
}

/** A reading as it is stored. */
export function toNewReading(patientId: NewReading['patientId'], reading: ReadingToStore): NewReading {
  const { interval, ...rest } = reading;
  return {
    ...rest,
    patientId,
    valueMgdl: toMgdl(reading.value, reading.unit),
    ...(kindOf(reading) === 'cgm' && interval !== undefined ? { interval } : {}),
  };
}
