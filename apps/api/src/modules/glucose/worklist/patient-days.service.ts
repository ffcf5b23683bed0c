import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { dateOf, nextDate } from '../days/dates';
import type { DayProjection } from '../days/days.repository';
import { type CurrentDay, Rollups } from '../days/rollups.service';
import type { GlucosePatient } from '../glucose-patients.service';
import { PatientVersions } from '../days/patient-versions.repository';

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

/** What was read of a patient, and the state of the patient's readings that it belongs to. */
interface Held {
  readonly version: string;
  readonly zone: string;
  /** First local day that is held. */
  readonly first: string;
  readonly days: readonly CurrentDay[];
  readonly newest: NewestReading | null;
}

/** Days held in memory, over all patients: about 600 bytes each. */
const MAX_DAYS = 100_000;
const TTL_MS = 15 * 60_000;

type Patients = ReadonlyMap<string, GlucosePatient>;

/**
 * Recent days of many patients in a few queries, however many readings they have. Of patients to whose readings nothing
 * was written since the last look, nothing is read again: their version says so, which is read before the days are.
 */
@Injectable()
export class PatientDaysReader {
  private readonly held = new LRUCache<string, Held>({
    maxSize: MAX_DAYS,
    ttl: TTL_MS,
    sizeCalculation: ({ days }) => days.length + 1,
  });

  constructor(
    private readonly rollups: Rollups,
    private readonly versions: PatientVersions,
  ) {}

  /** The last `count` local days of each patient, today (and what lies ahead) included. */
  async load(patients: Patients, count: number, now: Date): Promise<Map<string, PatientDays>> {
    if (patients.size === 0) return new Map();
    const versions = await this.versions.of([...patients.keys()]);
    const today = datesOfZones(patients, now);
    const firstOf = ({ zone }: GlucosePatient): string => nextDate(today.get(zone) ?? dateOf(now, zone), 1 - count);
    const result = new Map<string, PatientDays>();
    const unknown = new Map<string, GlucosePatient>();
    for (const [id, patient] of patients) {
      const first = firstOf(patient);
      const held = this.held.get(id);
      if (held !== undefined && isCurrent(held, patient, versions.get(id), first))
        result.set(id, { days: since(held.days, first), newest: held.newest });
      else unknown.set(id, patient);
    }
    for (const [id, held] of await this.read(unknown, firstOf, versions)) {
      result.set(id, held);
      if (held.version !== '') this.held.set(id, held);
    }
    return result;
  }

  private async read(
    patients: Patients,
    firstOf: (patient: GlucosePatient) => string,
    versions: ReadonlyMap<string, string>,
  ): Promise<Map<string, Held>> {
    const read = new Map<string, Held>();
    if (patients.size === 0) return read;
    const earliest = [...patients.values()].map(firstOf).reduce((a, b) => (a < b ? a : b));
    const found = await this.rollups.currentOf(patients, earliest, null, PARTS);
    const without = new Map<string, GlucosePatient>();
    for (const [id, patient] of patients) {
      const first = firstOf(patient);
      const days = since(found.get(id) ?? [], first);
      const newest = newestOf(days);
      if (newest === null) without.set(id, patient);
      const version = patient.rezoning ? '' : (versions.get(id) ?? '');
      read.set(id, { version, zone: patient.zone, first, days, newest });
    }
    for (const [id, newest] of await this.older(without, earliest)) {
      const held = read.get(id);
      if (held !== undefined) read.set(id, { ...held, newest });
    }
    return read;
  }

  /** Newest readings of patients who have none in the window. */
  private async older(patients: Patients, before: string): Promise<Map<string, NewestReading>> {
    const found = new Map<string, NewestReading>();
    let to = nextDate(before, 1);
    for (const from of [...WIDER_DAYS.map((days) => nextDate(before, -days)), BEGINNING]) {
      const missing = new Map([...patients].filter(([id]) => !found.has(id)));
      if (missing.size === 0) break;
      for (const [id, days] of await this.rollups.currentOf(missing, from, to, { latest: 1 })) {
        const newest = newestOf(days);
        if (newest !== null) found.set(id, newest);
      }
      to = nextDate(from, -1);
    }
    return found;
  }
}

function isCurrent(held: Held, patient: GlucosePatient, version: string | undefined, first: string): boolean {
  return held.version === version && held.zone === patient.zone && !patient.rezoning && held.first <= first;
}

function since(days: readonly CurrentDay[], first: string): readonly CurrentDay[] {
  const place = days.findIndex(({ date }) => date >= first);
  return place === 0 ? days : place < 0 ? [] : days.slice(place);
}

/** Today in each zone; most patients of a doctor share one. */
function datesOfZones(patients: Patients, now: Date): Map<string, string> {
  const zones = new Set([...patients.values()].map(({ zone }) => zone));
  return new Map([...zones].map((zone) => [zone, dateOf(now, zone)]));
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
