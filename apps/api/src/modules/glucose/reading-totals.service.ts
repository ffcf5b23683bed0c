import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { PatientVersions } from './days/patient-versions.repository';
import { Rollups } from './days/rollups.service';
import type { GlucosePatient } from './glucose-patients.service';
import type { ReadingFilter } from './readings.repository';

const COUNTS = { counts: 1 } as const;
const MAX_PATIENTS = 10_000;
/** Ranges and filters of one patient that are kept. */
const MAX_TOTALS = 50;

interface Known {
  /** State of the patient's readings in which the totals are right. */
  readonly version: string;
  readonly zone: string;
  readonly totals: ReadonlyMap<string, number>;
}

/**
 * How many readings a patient has in whole local days, from the day documents. They are added up once for every state of
 * the readings: until something is written, a total costs one small read, however long the history is.
 */
@Injectable()
export class ReadingTotals {
  private readonly known = new LRUCache<string, Known>({ max: MAX_PATIENTS });

  constructor(
    private readonly rollups: Rollups,
    private readonly versions: PatientVersions,
  ) {}

  /** Readings of the days `[first, last]` (null: open) with the filter's period and source; its instants play no part. */
  async ofDays(
    patient: GlucosePatient,
    first: string | null,
    last: string | null,
    filter: Pick<ReadingFilter, 'period' | 'source'>,
  ): Promise<number> {
    // The version first: what is written after it was read makes it outdated, whatever the days already show.
    const version = await this.versions.one(patient.id);
    const key = JSON.stringify([first, last, filter.period, filter.source]);
    const known = this.known.get(patient.id);
    const isCurrent = known !== undefined && known.version === version && known.zone === patient.zone;
    const total = isCurrent ? known.totals.get(key) : undefined;
    if (total !== undefined) return total;
    const counted = sum(await this.rollups.current(patient, first, last, COUNTS), filter);
    // Nobody can tell when the readings of a patient without a version change.
    if (version === null) return counted;
    const kept = isCurrent ? [...known.totals].slice(1 - MAX_TOTALS) : [];
    this.known.set(patient.id, { version, zone: patient.zone, totals: new Map([...kept, [key, counted]]) });
    return counted;
  }
}

function sum(
  days: readonly { readonly counts: readonly (readonly [string, string, number])[] }[],
  filter: Pick<ReadingFilter, 'period' | 'source'>,
): number {
  let total = 0;
  for (const { counts } of days)
    for (const [source, period, n] of counts)
      if ((filter.source === null || source === filter.source) && (filter.period === null || period === filter.period))
        total += n;
  return total;
}
