import type { Day } from '@diabcare/glycemia';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../common/time';
import { CounterChecks, type CounterDifference } from '../../../platform/scheduler';
import { GlucosePatients } from '../glucose-patients.service';
import { GlucoseReadings } from '../glucose-readings.repository';
import { dateOf, datesBetween, nextDate } from './dates';
import { type DayState, GlucoseDaysRepository, NO_CONTENT, type StoredDay } from './days.repository';
import { PatientVersions } from './patient-versions.repository';
import { CHUNK_DAYS, Rollups } from './rollups.service';

/** The daily check compares this many days of every patient; the operator's command all of them. */
const RECENT_DAYS = 8;
const CONTENT = ['tz', 'from', 'to', 'minutes', 'cgm', 'smbg', 'latest', 'lastCriticalAt', 'counts'] as const;

/** A stored day that does not say what its readings say. */
export interface RollupDifference {
  readonly patientId: string;
  readonly date: string;
  /** Readings by the document, and by the readings themselves. */
  readonly stored: number;
  readonly counted: number;
}

/** Days from one to another, both included. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** Recomputes the rollups of whole patients: to repair them, to move them to a new zone, and to prove them right. */
@Injectable()
export class RollupMaintenance implements OnModuleInit {
  constructor(
    private readonly rollups: Rollups,
    private readonly days: GlucoseDaysRepository,
    private readonly readings: GlucoseReadings,
    private readonly patients: GlucosePatients,
    private readonly versions: PatientVersions,
    private readonly checks: CounterChecks,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.checks.register(() => this.recentDifferences());
  }

  /** Everybody who has a rollup. */
  patientIds(): Promise<string[]> {
    return this.days.patients();
  }

  /** Builds every day of a patient anew; answers how many have readings. */
  async rebuild(patientId: string): Promise<number> {
    const { zone } = await this.patients.fresh(patientId);
    let count = 0;
    for (const { from, to } of await this.chunks(patientId, zone)) {
      const built = await this.rollups.buildSpan(patientId, zone, from, to);
      const known = (await this.days.window(patientId, from, to, NO_CONTENT)).map(({ date }) => date);
      const dates = [...new Set([...built.keys(), ...known])].sort();
      // A new revision each: what somebody holds in memory of the old content is no longer valid.
      await this.days.ensure(patientId, dates);
      await this.rollups.rebuild(patientId, zone, dates);
      count += built.size;
    }
    await this.versions.raise(patientId);
    return count;
  }

  /**
   * Days of a patient whose stored content is not what the readings say; from `since` on, or all. Days that wait for
   * their rebuild say so themselves and are right for every reader, and so are those that move to a new zone.
   */
  async differences(patientId: string, since: string | null = null): Promise<RollupDifference[]> {
    const { zone, rezoning } = await this.patients.fresh(patientId);
    if (rezoning) return [];
    const found: RollupDifference[] = [];
    for (const span of await this.chunks(patientId, zone, since)) {
      const stored = await this.window(patientId, span);
      const built = await this.rollups.buildSpan(patientId, zone, span.from, span.to);
      const wrong = datesBetween(span.from, span.to).filter((date) => !agrees(stored.get(date), built.get(date)));
      if (wrong.length === 0) continue;
      // What was written between the two queries is no difference.
      const now = await this.window(patientId, span, NO_CONTENT);
      for (const date of wrong) {
        const [is, should] = [stored.get(date), built.get(date)];
        if (!sameState(is, now.get(date))) continue;
        found.push({ patientId, date, stored: countOf(is), counted: countOf(should) });
      }
    }
    return found;
  }

  private async recentDifferences(): Promise<CounterDifference[]> {
    const since = nextDate(this.clock.now().toISOString().slice(0, 10), -RECENT_DAYS);
    const found: CounterDifference[] = [];
    for (const id of await this.patientIds())
      for (const { patientId, date, stored, counted } of await this.differences(id, since))
        found.push({ counter: 'glucosedays', owner: `${patientId} ${date}`, stored, counted });
    return found;
  }

  private async window(patientId: string, { from, to }: Span, projection = {}): Promise<Map<string, StoredDay>> {
    return new Map((await this.days.window(patientId, from, to, projection)).map((day) => [day.date, day]));
  }

  /** All days that may have a reading or a document, in parts that fit into memory. */
  private async chunks(patientId: string, zone: string, since: string | null = null): Promise<Span[]> {
    const [bounds, stored] = await Promise.all([
      this.readings.bounds(patientId),
      this.days.window(patientId, null, null, NO_CONTENT),
    ]);
    const dates = stored.map(({ date }) => date);
    if (bounds !== null) dates.push(dateOf(bounds.oldest, zone), dateOf(bounds.newest, zone));
    dates.sort();
    const [first, last] = [dates[0], dates.at(-1)];
    if (first === undefined || last === undefined) return [];
    const chunks: Span[] = [];
    for (let from = since !== null && since > first ? since : first; from <= last; from = nextDate(from, CHUNK_DAYS)) {
      const to = nextDate(from, CHUNK_DAYS - 1);
      chunks.push({ from, to: to < last ? to : last });
    }
    return chunks;
  }
}

function sameState(a: DayState | undefined, b: DayState | undefined): boolean {
  return a?.rev === b?.rev && a?.life === b?.life && a?.dirty === b?.dirty;
}

function agrees(stored: StoredDay | undefined, built: Day | undefined): boolean {
  if (stored?.dirty === true) return true;
  if (stored === undefined || built === undefined) return stored === undefined && built === undefined;
  return CONTENT.every((key) => JSON.stringify(stored[key]) === JSON.stringify(built[key]));
}

function countOf(day: Partial<Pick<Day, 'counts'>> | undefined): number {
  return (day?.counts ?? []).reduce((sum, [, , n]) => sum + n, 0);
}
