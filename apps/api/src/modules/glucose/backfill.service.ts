import { setImmediate } from 'node:timers/promises';
import { buildDay, type Day } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import { oid, type Tx, UnitOfWork } from '../../platform/database';
import { PatientVersions } from './days/patient-versions.repository';
import { GlucoseDaysRepository } from './days/days.repository';
import { byDate, Rollups } from './days/rollups.service';
import { toAnalysisReading } from './glucose-readings.repository';
import type { GlucosePatient } from './glucose-patients.service';
import type { Glucose } from './glucose.schema';
import { dedupeKeyOf, type ReadingInput } from './reading.policy';
import { type ReadingToStore, toRecord } from './reading-writes.service';
import { ReadingsRepository } from './readings.repository';

/** Days that are stored in one transaction. */
const CHUNK_DAYS = 15;

/** Stores a long history at once: days with their readings, without telling anybody. */
@Injectable()
export class GlucoseBackfill {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly days: GlucoseDaysRepository,
    private readonly versions: PatientVersions,
    private readonly rollups: Rollups,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Instant of the patient's newest stored reading; null without any. */
  async newest(patientId: string): Promise<Date | null> {
    const days = await this.days.window(patientId, null, null, { latest: 1 });
    const newest = days.at(-1)?.latest?.measuredAt;
    return newest === undefined ? null : new Date(newest);
  }

  /** Stores readings, oldest first, that the patient does not have yet; a process that dies leaves whole days. */
  async store(
    patient: Pick<GlucosePatient, 'id' | 'zone'>,
    readings: readonly (ReadingInput & { readonly interval?: number })[],
  ): Promise<void> {
    const groups = [
      ...byDate(
        readings.map((reading) => ({ reading, t: reading.measuredAt.getTime() })),
        patient.zone,
      ),
    ];
    for (let from = 0; from < groups.length; from += CHUNK_DAYS) {
      const chunk = groups.slice(from, from + CHUNK_DAYS).map(([date, list]) => ({
        date,
        readings: list.map(({ reading }) => ({ ...reading, dedupeKey: dedupeKeyOf(reading) })),
      }));
      const stale = await this.work.run((tx) => this.storeDays(tx, patient, chunk));
      if (stale.length > 0) await this.rollups.rebuild(patient.id, patient.zone, stale);
    }
  }

  /** @returns days that were there already and must be built anew */
  private async storeDays(
    tx: Tx,
    { id, zone }: Pick<GlucosePatient, 'id' | 'zone'>,
    days: readonly { readonly date: string; readonly readings: readonly ReadingToStore[] }[],
  ): Promise<string[]> {
    const owner = oid(id);
    const now = this.clock.now();
    const records = days.flatMap(({ readings }) => readings.map((reading) => toRecord(owner, reading, now)));
    const known = new Set(
      await this.days.datesIn(
        tx,
        id,
        days.map(({ date }) => date),
      ),
    );
    const inserted = this.readings.insert(tx, records);
    // Computed while the database is at work.
    const [built] = await Promise.all([setImmediate().then(() => buildNew(records, zone, known)), inserted]);
    await this.days.storeBuilt(tx, id, built);
    await this.versions.raise(id, tx);
    const stale = days.map(({ date }) => date).filter((date) => known.has(date));
    await this.days.markDirty(tx, id, stale);
    return stale;
  }
}

/** Content of the days that have no document yet. */
function buildNew(records: readonly Glucose[], zone: string, known: ReadonlySet<string>): Day[] {
  return [...byDate(records.map(toAnalysisReading), zone)].flatMap(([date, ofDay]) => {
    const day = known.has(date) ? null : buildDay(ofDay, date, zone);
    return day === null ? [] : [day];
  });
}
