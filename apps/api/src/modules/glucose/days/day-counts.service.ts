import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { GlucosePatient } from '../glucose-patients.service';
import { PatientVersions } from './patient-versions.repository';
import { Rollups } from './rollups.service';

/** How many readings a local day has, by source and meal context. */
export interface CountedDay {
  readonly date: string;
  readonly counts: readonly (readonly [source: string, period: string, n: number])[];
}

const COUNTS = { counts: 1 } as const;

/** Days held in memory, over all patients: some 200 bytes each. */
const MAX_DAYS = 200_000;
const TTL_MS = 15 * 60_000;

/** What is held of a patient: right for that state of the patient's readings. */
interface Held {
  readonly version: string;
  readonly zone: string;
  readonly days: readonly CountedDay[];
}

/** Where a patient's readings lie. Read again only after something was written to them. */
@Injectable()
export class DayCounts {
  private readonly held = new LRUCache<string, Held>({
    maxSize: MAX_DAYS,
    ttl: TTL_MS,
    sizeCalculation: ({ days }) => days.length + 1,
  });

  constructor(
    private readonly rollups: Rollups,
    private readonly versions: PatientVersions,
  ) {}

  /** All days with readings, oldest first. */
  async of(patient: GlucosePatient): Promise<readonly CountedDay[]> {
    const { id, zone } = patient;
    // The version first: what is written after it was read makes it outdated, whatever the days already show.
    const version = await this.versions.one(id);
    const held = this.held.get(id);
    if (held !== undefined && held.version === version && held.zone === zone) return held.days;
    const found = await this.rollups.current(patient, null, null, COUNTS);
    const days = found.map(({ date, counts }) => ({ date, counts }));
    if (version !== null) this.held.set(id, { version, zone, days });
    return days;
  }
}
