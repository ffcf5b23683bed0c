import { type Cell, dayStart, quanta } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';

import { dateOf, nextDate } from '../days/dates';
import { byDate, type CurrentDay, Rollups } from '../days/rollups.service';
import { type AnalysisReading, GlucoseReadings } from '../glucose-readings.repository';
import type { GlucosePatient } from '../glucose-patients.service';

/** How often each value occurs in a local day, in quanta of the unit it was entered in. */
export interface DayCells {
  readonly date: string;
  readonly cells: readonly (readonly [u: number, q: number, n: number])[];
}

/**
 * Values of a window for the statistics of contract 30 section 3: every stored reading once, whatever its source. Whole
 * days come from their documents, the part days at the ends from readings, and so do days with readings that the
 * analysis set leaves out (two sensors at once).
 */
@Injectable()
export class GlucoseWindows {
  constructor(
    private readonly rollups: Rollups,
    private readonly readings: GlucoseReadings,
  ) {}

  /** Values of `[from, to)`, by local day and in order; without `to` there is no upper bound. */
  async load(patient: GlucosePatient, from: Date, to: Date | null = null): Promise<DayCells[]> {
    const { zone } = patient;
    const first = wholeFrom(from, zone);
    const last = to === null ? null : lastWhole(to, zone);
    if (last !== null && last < first) return this.fromReadings(patient, from, to);
    const firstStart = new Date(dayStart(first, zone));
    const lastEnd = last === null ? null : new Date(dayStart(nextDate(last, 1), zone));
    const [head, days, tail] = await Promise.all([
      from < firstStart ? this.fromReadings(patient, from, firstStart) : [],
      this.rollups.current(patient, first, last, 'hist'),
      lastEnd !== null && to !== null && lastEnd < to ? this.fromReadings(patient, lastEnd, to) : [],
    ]);
    return [...head, ...(await this.wholeDays(patient, days)), ...tail];
  }

  private async wholeDays(patient: GlucosePatient, days: readonly CurrentDay[]): Promise<DayCells[]> {
    const result: DayCells[] = [];
    for (const day of days) {
      if (isWhole(day)) {
        result.push({ date: day.date, cells: [...cellsOf(day.cgm?.hist), ...cellsOf(day.smbg?.hist)] });
        continue;
      }
      const [from, to] = [dayStart(day.date, patient.zone), dayStart(nextDate(day.date, 1), patient.zone)];
      result.push(...(await this.fromReadings(patient, new Date(from), new Date(to))));
    }
    return result;
  }

  private async fromReadings(patient: GlucosePatient, from: Date, to: Date | null): Promise<DayCells[]> {
    const readings = await this.readings.between(patient.id, from, to);
    return [...byDate(readings, patient.zone)].map(([date, ofDay]) => ({ date, cells: ofDay.map(toCell) }));
  }
}

/** Does the analysis set hold every stored reading of the day? */
function isWhole(day: CurrentDay): boolean {
  const stored = day.counts.reduce((sum, [, , n]) => sum + n, 0);
  return stored === (day.cgm?.n ?? 0) + (day.smbg?.n ?? 0);
}

function cellsOf(hist: readonly Cell[] | undefined): (readonly [number, number, number])[] {
  return (hist ?? []).map(([u, q, n]) => [u, q, n]);
}

function toCell({ value, unit }: AnalysisReading): readonly [number, number, number] {
  return [unit === 'mg/dL' ? 0 : 1, quanta(value, unit), 1];
}

/** The first local day that lies wholly at or after an instant. */
function wholeFrom(from: Date, zone: string): string {
  const date = dateOf(from, zone);
  return dayStart(date, zone) === from.getTime() ? date : nextDate(date, 1);
}

/** The last local day that lies wholly before an instant. */
function lastWhole(to: Date, zone: string): string {
  return nextDate(dateOf(to, zone), -1);
}
