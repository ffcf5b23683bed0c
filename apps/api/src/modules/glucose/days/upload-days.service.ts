import { buildDay, type Day, dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database';
import { type AnalysisReading, GlucoseReadings } from '../glucose-readings.repository';
import { nextDate } from './dates';
import { GlucoseDaysRepository } from './days.repository';
import { byDate } from './rollups.service';

/** Days that have a document already and are read again in the transaction of an upload; more are built after it. */
const MAX_KNOWN = 3;

/** What the days of an upload look like before its readings are stored. */
export interface UploadPlan {
  readonly zone: string;
  /** Days that have a document, with the readings they had. */
  readonly known: ReadonlyMap<string, readonly AnalysisReading[]>;
  /** Days with a document that are too many to be built here. */
  readonly later: readonly string[];
}

/**
 * Day documents of an upload, stored with its readings: nothing is read again afterwards, and no reader meets a day that
 * waits. An upload has a day in common with the one before it as a rule, and begins the others.
 */
@Injectable()
export class UploadDays {
  constructor(
    private readonly days: GlucoseDaysRepository,
    private readonly readings: GlucoseReadings,
  ) {}

  /** Reads what the days of an upload hold already; before its readings are stored. */
  async plan(tx: Tx, patientId: string, zone: string, dates: readonly string[]): Promise<UploadPlan> {
    const known = (await this.days.datesIn(tx, patientId, dates)).sort();
    if (known.length > MAX_KNOWN) return { zone, known: new Map(), later: known };
    const before = new Map<string, readonly AnalysisReading[]>();
    for (const date of known) {
      const [from, to] = [dayStart(date, zone), dayStart(nextDate(date, 1), zone)];
      before.set(date, await this.readings.between(patientId, new Date(from), new Date(to), tx));
    }
    return { zone, known: before, later: [] };
  }

  /** The content of the days that the stored readings begin or continue; those that are built later are left out. */
  build({ zone, known, later }: UploadPlan, stored: readonly AnalysisReading[]): Day[] {
    const wait = new Set(later);
    const sorted = [...stored].sort((a, b) => a.t - b.t);
    return [...byDate(sorted, zone)].flatMap(([date, ofDay]) => {
      const day = wait.has(date) ? null : buildDay([...(known.get(date) ?? []), ...ofDay], date, zone);
      return day === null ? [] : [day];
    });
  }

  /**
   * Stores the built days and marks the others. Two uploads that write one day at once conflict, and one is run again:
   * what a built day says is what all committed readings say.
   */
  async store(tx: Tx, patientId: string, { known, later }: UploadPlan, built: readonly Day[]): Promise<void> {
    await this.days.insertBuilt(
      tx,
      patientId,
      built.filter(({ date }) => !known.has(date)),
    );
    await this.days.replaceBuilt(
      tx,
      patientId,
      built.filter(({ date }) => known.has(date)),
    );
    await this.days.markDirty(tx, patientId, later);
  }
}
