import { buildDay, type Day, dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database';
import { type AnalysisReading, GlucoseReadings } from '../glucose-readings.repository';
import { GlucosePatients, type GlucosePatient } from '../glucose-patients.service';
import { DayDocuments, type DayView } from './day-documents.service';
import {
  type DayProjection,
  type DayState,
  GlucoseDaysRepository,
  NO_CONTENT,
  type StoredDay,
} from './days.repository';
import { dateOf, nextDate } from './dates';

/** A day as readers get it: its content is there, and is what the readings say. */
export type CurrentDay = StoredDay & Day;

/** Before the first reading that can be stored. */
const BEGINNING = new Date(0);

/** Commands at once of one reader of many patients: others need connections, too. */
const PARALLEL = 8;

/** The first instant of a local day. */
function startOf(date: string, zone: string): Date {
  return new Date(dayStart(date, zone));
}

/**
 * The rollups of a patient's days (glucose metrics section 14): builds them from the readings and never hands out one
 * that is older than a write that was acknowledged.
 */
@Injectable()
export class Rollups {
  constructor(
    private readonly days: GlucoseDaysRepository,
    private readonly documents: DayDocuments,
    private readonly readings: GlucoseReadings,
    private readonly patients: GlucosePatients,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The days of `[from, to]` (null: open) that have readings, in order. What waits to be rebuilt is rebuilt first, and
   * so is what was built for another zone. A view comes from memory where the database says that it is still right.
   */
  async current(
    patient: GlucosePatient,
    from: string | null,
    to: string | null,
    parts: DayView | DayProjection,
  ): Promise<CurrentDay[]> {
    if (patient.rezoning) return this.rezoned(patient.id, from, to);
    const stored =
      typeof parts === 'string'
        ? await this.documents.window(patient.id, patient.zone, from, to, parts)
        : await this.days.window(patient.id, from, to, parts);
    return this.refreshed(patient, from, to, stored);
  }

  /** The same for many patients at once; those who have nothing stale cost nothing more. */
  async currentOf(
    patients: ReadonlyMap<string, GlucosePatient>,
    from: string,
    to: string | null,
    projection: DayProjection,
  ): Promise<Map<string, CurrentDay[]>> {
    const byPatient = new Map<string, StoredDay[]>([...patients.keys()].map((id) => [id, []]));
    for (const day of await this.days.windowOf([...patients.keys()], from, to, projection))
      byPatient.get(day.patientId)?.push(day);
    return this.refreshedOf(patients, byPatient, from, to);
  }

  /**
   * The days of many patients, of each from a date of its own on, given what is `held` of them: the database says which
   * of these days are no longer what is held, and those alone are read.
   */
  async currentAgain(
    patients: ReadonlyMap<string, GlucosePatient>,
    firsts: ReadonlyMap<string, string>,
    held: readonly CurrentDay[],
    projection: DayProjection,
  ): Promise<Map<string, CurrentDay[]>> {
    const states = await this.statesOf([...firsts]);
    const known = new Map(held.map((day) => [day.id, day]));
    const changed = states.filter((state) => state.dirty || !isSame(known.get(state.id), state)).map(({ id }) => id);
    const read = new Map((await this.days.byIds(changed, projection)).map((day) => [day.id, day]));
    const asked = new Set(changed);
    const byPatient = new Map<string, StoredDay[]>([...patients.keys()].map((id) => [id, []]));
    for (const { id, patientId } of states) {
      const day = asked.has(id) ? read.get(id) : known.get(id);
      if (day !== undefined) byPatient.get(patientId)?.push(day);
    }
    const earliest = [...firsts.values()].sort()[0] ?? null;
    return this.refreshedOf(patients, byPatient, earliest, null);
  }

  /**
   * States of each patient's days, for a fifteenth of what their contents cost. A command each: the embedded engine scans
   * for a list of patients with a range of dates, or reads whole histories for it.
   */
  private async statesOf(firsts: readonly (readonly [patientId: string, first: string])[]): Promise<StoredDay[]> {
    const states: StoredDay[] = [];
    for (let place = 0; place < firsts.length; place += PARALLEL) {
      const some = firsts.slice(place, place + PARALLEL);
      const found = await Promise.all(some.map(([id, first]) => this.days.window(id, first, null, NO_CONTENT)));
      states.push(...found.flat());
    }
    return states;
  }

  private async refreshedOf(
    patients: ReadonlyMap<string, GlucosePatient>,
    byPatient: ReadonlyMap<string, StoredDay[]>,
    from: string | null,
    to: string | null,
  ): Promise<Map<string, CurrentDay[]>> {
    const current = new Map<string, CurrentDay[]>();
    for (const [id, stored] of byPatient) {
      const patient = patients.get(id);
      if (patient === undefined) continue;
      stored.sort((a, b) => (a.date < b.date ? -1 : 1));
      current.set(
        id,
        patient.rezoning ? await this.rezoned(id, from, to) : await this.refreshed(patient, from, to, stored),
      );
    }
    return current;
  }

  private async refreshed(
    patient: GlucosePatient,
    from: string | null,
    to: string | null,
    stored: readonly StoredDay[],
  ): Promise<CurrentDay[]> {
    const stale = stored.filter((day) => day.dirty || day.tz !== patient.zone);
    // Content is absent in dirty days only, or where the reader asked for none of it.
    if (stale.length === 0) return stored as readonly unknown[] as CurrentDay[];
    // Another zone than expected: it is this process that may not have heard of a change yet.
    if (stale.some((day) => day.tz !== null && day.tz !== patient.zone)) {
      const now = await this.patients.fresh(patient.id);
      if (now.rezoning || now.zone !== patient.zone) return this.rezoned(patient.id, from, to);
    }
    const built = await this.rebuild(
      patient.id,
      patient.zone,
      stale.map(({ date }) => date),
    );
    return stored.flatMap((day) => {
      const rebuilt = built.get(day.date);
      if (rebuilt === undefined) return [day as unknown as CurrentDay];
      if (rebuilt === null) return [];
      // Nothing of the old content stays: the last critical reading may be gone.
      const { id, date, rev, life, patientId } = day;
      return [{ id, rev, life, patientId, ...rebuilt, date, dirty: false }];
    });
  }

  /** While the days move to a new zone a reader builds every day of its window from one range query. */
  private async rezoned(patientId: string, from: string | null, to: string | null): Promise<CurrentDay[]> {
    const { zone } = await this.patients.fresh(patientId);
    const state = { id: '', rev: 0, life: '', dirty: false, tz: zone, patientId };
    return [...(await this.buildSpan(patientId, zone, from, to))].map(([date, day]) => ({ ...state, ...day, date }));
  }

  /** Days with readings from one range query, null bounds open; nothing is stored. */
  async buildSpan(patientId: string, zone: string, from: string | null, to: string | null): Promise<Map<string, Day>> {
    const start = from === null ? BEGINNING : startOf(from, zone);
    const end = to === null ? null : startOf(nextDate(to, 1), zone);
    const built = new Map<string, Day>();
    for (const [date, ofDay] of byDate(await this.readings.between(patientId, start, end), zone)) {
      const content = buildDay(ofDay, date, zone);
      if (content !== null) built.set(date, content);
    }
    return built;
  }

  /**
   * Builds days from their readings and stores them where nobody writes at the same time.
   * @returns the content by date as of now; null for a day without readings
   */
  async rebuild(patientId: string, zone: string, dates: readonly string[]): Promise<Map<string, Day | null>> {
    const sorted = [...new Set(dates)].sort();
    const result = new Map<string, Day | null>();
    for (const run of runsOf(sorted)) {
      const states = await this.days.states(patientId, run);
      const [first, last] = [run[0] ?? '', run.at(-1) ?? ''];
      const readings = await this.readings.between(patientId, startOf(first, zone), startOf(nextDate(last, 1), zone));
      const groups = byDate(readings, zone);
      const built = run.map((date) => ({ date, content: buildDay(groups.get(date) ?? [], date, zone) }));
      for (const { date, content } of built) result.set(date, content);
      await this.store(built, states);
    }
    return result;
  }

  private async store(
    built: readonly { readonly date: string; readonly content: Day | null }[],
    states: ReadonlyMap<string, DayState>,
  ): Promise<void> {
    const full: { readonly state: DayState; readonly content: Day }[] = [];
    for (const { date, content } of built) {
      const state = states.get(date);
      if (state === undefined) continue;
      if (content === null) await this.work.run((tx) => this.days.deleteEmpty(tx, state));
      else full.push({ state, content });
    }
    await this.days.store(full);
  }
}

/** How many days of readings are held in memory at once. */
export const CHUNK_DAYS = 31;

/** Readings by local day, in the order given. */
export function byDate<T extends Pick<AnalysisReading, 't'>>(readings: readonly T[], zone: string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  let [date, end] = ['', -Infinity];
  for (const reading of readings) {
    // Readings come in order: the day is looked up once and holds until its end.
    if (reading.t >= end) {
      date = dateOf(reading.t, zone);
      end = dayStart(nextDate(date, 1), zone);
    }
    const group = groups.get(date);
    if (group === undefined) groups.set(date, [reading]);
    else group.push(reading);
  }
  return groups;
}

/** Dates that follow each other closely are read in one range. */
function runsOf(sorted: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const date of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && date <= nextDate(run.at(-1) ?? date, 3) && run.length < CHUNK_DAYS) run.push(date);
    else runs.push([date]);
  }
  return runs;
}

function isSame(held: CurrentDay | undefined, stored: DayState): boolean {
  return held !== undefined && held.rev === stored.rev && held.life === stored.life && held.tz === stored.tz;
}
