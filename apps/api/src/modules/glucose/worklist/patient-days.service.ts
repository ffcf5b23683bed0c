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
/** A doctor's working day: what is held is compared with the database, however old it is. */
const TTL_MS = 12 * 3_600_000;
/** Days before those that are asked for which stay held: lists of several lengths take turns. */
const KEPT_DAYS = 31;

type Patients = ReadonlyMap<string, GlucosePatient>;

/** Days from a first one on, by patient. */
type Window = Pick<Held, 'first' | 'days'>;
type Windows = (readonly [patientId: string, window: Window])[];

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
    const firsts = new Map<string, string>();
    const outdated: Held[] = [];
    for (const [id, patient] of patients) {
      const first = firstOf(patient);
      const held = this.held.get(id);
      if (held === undefined || held.zone !== patient.zone || patient.rezoning || held.first > first)
        firsts.set(id, first);
      else if (held.version === versions.get(id))
        result.set(id, { days: since(held.days, first), newest: held.newest });
      else {
        const kept = nextDate(first, -KEPT_DAYS);
        firsts.set(id, held.first > kept ? held.first : kept);
        outdated.push(held);
      }
    }
    const read = await this.read(patients, firsts, outdated);
    for (const [id, { newest, ...window }] of await this.withOlder(patients, read)) {
      const patient = patients.get(id);
      if (patient === undefined) continue;
      result.set(id, { days: since(window.days, firstOf(patient)), newest });
      this.hold(patient, versions.get(id), { ...window, newest });
    }
    return result;
  }

  /** Keeps what was read of a patient; of two lists that were read at once the longer one. */
  private hold(patient: GlucosePatient, version: string | undefined, read: Omit<Held, 'version' | 'zone'>): void {
    if (version === undefined || patient.rezoning) return;
    const held = this.held.get(patient.id);
    if (held?.version === version && held.zone === patient.zone && held.first < read.first) return;
    this.held.set(patient.id, { ...read, version, zone: patient.zone });
  }

  /** The days of those patients who have a first one, read as far as they are not the `outdated` ones still. */
  private async read(
    patients: Patients,
    firsts: ReadonlyMap<string, string>,
    outdated: readonly Held[],
  ): Promise<Windows> {
    if (firsts.size === 0) return [];
    const wanted = new Map([...patients].filter(([id]) => firsts.has(id)));
    const days = outdated.flatMap((held) => held.days);
    const found = await this.rollups.currentAgain(wanted, firsts, days, PARTS);
    return [...firsts].map(([id, first]) => [id, { first, days: since(found.get(id) ?? [], first).map(slim) }]);
  }

  /** Adds the newest reading of each patient, looked for further back where the days have none. */
  private async withOlder(
    patients: Patients,
    windows: Windows,
  ): Promise<Map<string, Window & { readonly newest: NewestReading | null }>> {
    const read = new Map(windows.map(([id, window]) => [id, { ...window, newest: newestOf(window.days) }]));
    const without = new Map([...patients].filter(([id]) => read.get(id)?.newest === null));
    const before = [...without.keys()].map((id) => read.get(id)?.first ?? '').reduce((a, b) => (a < b ? b : a), '');
    if (without.size === 0) return read;
    for (const [id, newest] of await this.older(without, before)) {
      const window = read.get(id);
      if (window !== undefined) read.set(id, { ...window, newest });
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

/** A day that was just built from its readings has its histograms, too: they are not held. */
function slim(day: CurrentDay): CurrentDay {
  const part = (block: CurrentDay['cgm']): CurrentDay['cgm'] =>
    block === null || !('hist' in block) ? block : { ...block, hist: [], hours: [], steps: [] };
  return 'hist' in (day.cgm ?? {}) || 'hist' in (day.smbg ?? {})
    ? { ...day, cgm: part(day.cgm), smbg: part(day.smbg) }
    : day;
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
