import { buildDay, type Day, dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database';
import { type AnalysisReading, GlucoseReadings } from '../glucose-readings.repository';
import { GlucosePatients } from '../glucose-patients.service';
import { countDates, datesOf, nextDate } from './dates';
import { GlucoseDaysRepository } from './days.repository';
import { RollupQueue } from './rollup-queue.service';
import { byDate } from './rollups.service';

/** Readings of longer spans, and of fuller ones, are not read in the transaction of an upload. */
const MAX_SPAN_DAYS = 31;
const MAX_SPAN_READINGS = 3_000;

/** The local days of an upload before it is stored. */
export interface UploadSpan {
  readonly zone: string;
  readonly dates: readonly string[];
  /** Every reading of these days and of those between them, oldest first; null where they are too many. */
  readonly before: readonly AnalysisReading[] | null;
}

/**
 * Day documents of an upload, stored together with its readings: nothing is read again afterwards, and no reader meets a
 * day that waits to be built. One range query tells what the upload repeats and what its days hold already.
 */
@Injectable()
export class UploadDays {
  constructor(
    private readonly days: GlucoseDaysRepository,
    private readonly readings: GlucoseReadings,
    private readonly patients: GlucosePatients,
    private readonly queue: RollupQueue,
  ) {}

  /** Reads what the days of an upload hold; its instants in any order, at least one. */
  async read(tx: Tx, patientId: string, instants: readonly Date[]): Promise<UploadSpan> {
    const zone = await this.patients.zoneIn(tx, patientId);
    const dates = datesOf(instants, zone);
    const [first, last] = [dates[0] ?? '', dates.at(-1) ?? ''];
    if (countDates(first, last) > MAX_SPAN_DAYS) return { zone, dates, before: null };
    const [from, to] = [dayStart(first, zone), dayStart(nextDate(last, 1), zone)];
    const before = await this.readings.atMost(MAX_SPAN_READINGS, patientId, new Date(from), new Date(to), tx);
    return { zone, dates, before };
  }

  /** The days of new readings with what they held before, as far as that is known. */
  build({ zone, before }: UploadSpan, added: readonly AnalysisReading[]): Day[] {
    const old = byDate(before ?? [], zone);
    const sorted = [...added].sort((a, b) => a.t - b.t);
    return [...byDate(sorted, zone)].flatMap(([date, ofDay]) => {
      const day = buildDay([...(old.get(date) ?? []), ...ofDay], date, zone);
      return day === null ? [] : [day];
    });
  }

  /**
   * Stores built days. Where the readings before were not read, those that have a document are marked and built after
   * the commit. Two uploads that write one day at once conflict, and one is run again: a stored day says what all
   * committed readings say.
   */
  async store(tx: Tx, patientId: string, { dates, before }: UploadSpan, built: readonly Day[]): Promise<void> {
    if (before !== null) return this.days.storeBuilt(tx, patientId, built);
    const known = new Set(await this.days.datesIn(tx, patientId, dates));
    await this.days.storeBuilt(
      tx,
      patientId,
      built.filter(({ date }) => !known.has(date)),
    );
    await this.days.markDirty(tx, patientId, [...known]);
    tx.afterCommit(() => {
      this.queue.add(patientId, [...known]);
    });
  }
}
