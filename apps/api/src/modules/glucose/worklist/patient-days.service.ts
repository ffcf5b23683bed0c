import { Injectable } from '@nestjs/common';

import { dateOf, nextDate } from '../days/dates';
import { type DayProjection, GlucoseDaysRepository } from '../days/days.repository';
import { type CurrentDay, Rollups } from '../days/rollups.service';
import type { GlucosePatient } from '../glucose-patients.service';

/** What worklists read of a day: no histogram (glucose metrics section 17). */
const PARTS: DayProjection = {
  minutes: 1,
  latest: 1,
  lastCriticalAt: 1,
  from: 1,
  to: 1,
  'cgm.n': 1,
  'cgm.w': 1,
  'cgm.sums': 1,
  'cgm.bands': 1,
  'cgm.last': 1,
  'smbg.n': 1,
  'smbg.sums': 1,
  'smbg.bands': 1,
  'smbg.last': 1,
};

/** How far back the newest reading of a patient without recent ones is looked for, days; then everything. */
const WIDER_DAYS = [90, 365] as const;
const BEGINNING = '2000-01-01';

/** Newest reading of a patient, in its own unit. */
export interface NewestReading {
  readonly value: number;
  readonly unit: 'mg/dL' | 'mmol/L';
  readonly measuredAt: Date;
}

/** A patient's recent days and newest reading. */
export interface PatientDays {
  readonly days: readonly CurrentDay[];
  readonly newest: NewestReading | null;
}

/** Recent days of many patients in a few queries, however many readings they have. */
@Injectable()
export class PatientDaysReader {
  constructor(
    private readonly rollups: Rollups,
    private readonly stored: GlucoseDaysRepository,
  ) {}

  /** The last `count` local days of each patient, today (and what lies ahead) included. */
  async load(
    patients: ReadonlyMap<string, GlucosePatient>,
    count: number,
    now: Date,
  ): Promise<Map<string, PatientDays>> {
    if (patients.size === 0) return new Map();
    const firstOf = new Map([...patients].map(([id, { zone }]) => [id, nextDate(dateOf(now, zone), 1 - count)]));
    const first = [...firstOf.values()].reduce((a, b) => (a < b ? a : b));
    const found = await this.rollups.currentOf(patients, first, null, PARTS);
    const result = new Map<string, PatientDays>();
    const without = new Set<string>();
    for (const id of patients.keys()) {
      const days = (found.get(id) ?? []).filter(({ date }) => date >= (firstOf.get(id) ?? ''));
      const newest = newestOf(days);
      if (newest === null) without.add(id);
      result.set(id, { days, newest });
    }
    for (const [id, newest] of await this.older(without, first))
      result.set(id, { days: result.get(id)?.days ?? [], newest });
    return result;
  }

  /** Newest readings of patients who have none in the window. */
  private async older(ids: ReadonlySet<string>, before: string): Promise<Map<string, NewestReading>> {
    const found = new Map<string, NewestReading>();
    let to = nextDate(before, 1);
    for (const from of [...WIDER_DAYS.map((days) => nextDate(before, -days)), BEGINNING]) {
      const missing = [...ids].filter((id) => !found.has(id));
      if (missing.length === 0) break;
      const days = await this.stored.windowOf(missing, from, to, { latest: 1 });
      for (const id of missing) {
        const newest = newestOf(days.filter(({ patientId }) => patientId === id));
        if (newest !== null) found.set(id, newest);
      }
      to = nextDate(from, -1);
    }
    return found;
  }
}

function newestOf(days: readonly Partial<Pick<CurrentDay, 'latest'>>[]): NewestReading | null {
  let newest: NewestReading | null = null;
  for (const { latest } of days) {
    if (latest === undefined) continue;
    const measuredAt = new Date(latest.measuredAt);
    if (newest === null || measuredAt > newest.measuredAt)
      newest = { value: latest.value, unit: latest.unit, measuredAt };
  }
  return newest;
}
