import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  type DayProjection,
  type DayState,
  GlucoseDaysRepository,
  NO_CONTENT,
  type StoredDay,
} from './days.repository';
import { PatientVersions } from './patient-versions.repository';

/** Which histogram a reader needs: the one of the day (statistics, summaries), those of its hours (AGP), or both. */
export type DayView = 'hist' | 'hours' | 'whole';

/** One state of a day document in memory, in every view; nobody changes them. */
interface Held {
  readonly state: DayState;
  readonly views: Readonly<Record<DayView, StoredDay>>;
  readonly bytes: number;
}

/** Roughly what decoded days may take in memory, bytes; a day of 288 readings is about 30 KB. */
const MAX_BYTES = 96 * 1024 * 1024;
const CELL_BYTES = 88;
const DAY_BYTES = 1_500;
const TTL_MS = 15 * 60_000;
const WHOLE: DayProjection = {};

/** What is held of a patient. */
interface PatientRecord {
  /** State of the patient's readings in which `windows` are right; null: none of them is. */
  readonly version: string | null;
  readonly zone: string;
  readonly days: ReadonlyMap<string, Held>;
  /** Documents of windows that were found clean, by bounds and view. */
  readonly windows: ReadonlyMap<string, readonly StoredDay[]>;
}

/** Windows of one patient that are kept: several reports of several lengths. */
const MAX_WINDOWS = 24;

/**
 * Day documents of one patient, decoded once: reading ninety of them takes the database and the driver many times as
 * long as adding them up. Nothing is read when nothing was written to the patient's readings since the window was read.
 * Else the database says with `rev` and `life` of each day, in one light query, what is still right, and what is not is
 * read again. So any number of instances may write. What this patient has held nothing of is read whole at once.
 */
@Injectable()
export class DayDocuments {
  private readonly held = new LRUCache<string, PatientRecord>({
    maxSize: MAX_BYTES,
    ttl: TTL_MS,
    sizeCalculation: ({ days }) => [...days.values()].reduce((sum, { bytes }) => sum + bytes, 1),
  });

  constructor(
    private readonly days: GlucoseDaysRepository,
    private readonly versions: PatientVersions,
  ) {}

  /** Documents of `[from, to]` (null: open) in order of date; a dirty one may come without content. */
  async window(
    patientId: string,
    zone: string,
    from: string | null,
    to: string | null,
    view: DayView,
  ): Promise<readonly StoredDay[]> {
    // The version first: what is written after it was read makes it outdated, whatever the days already show.
    const version = await this.versions.one(patientId);
    const known = this.held.get(patientId);
    const key = `${from ?? ''}|${to ?? ''}|${view}`;
    if (version !== null && known?.version === version && known.zone === zone) {
      const window = known.windows.get(key);
      if (window !== undefined) return window;
    }
    const found = await this.read(patientId, from, to, view, known?.days ?? new Map());
    const isClean = found.documents.every((day) => !day.dirty && day.tz === zone);
    this.held.set(patientId, {
      version,
      zone,
      days: found.days,
      windows: windowsWith(known, version, zone, isClean ? [key, found.documents] : null),
    });
    return found.documents;
  }

  /** Reads what is not held in its present state. */
  private async read(
    patientId: string,
    from: string | null,
    to: string | null,
    view: DayView,
    held: ReadonlyMap<string, Held>,
  ): Promise<{ readonly documents: readonly StoredDay[]; readonly days: ReadonlyMap<string, Held> }> {
    const states = held.size === 0 ? [] : await this.days.window(patientId, from, to, NO_CONTENT);
    const missing = states.filter((state) => !state.dirty && !isSame(held.get(state.date)?.state, state));
    const days = new Map(held);
    if (held.size === 0 || missing.length > states.length / 2) {
      const read = await this.days.window(patientId, from, to, WHOLE);
      for (const day of read) if (!day.dirty) days.set(day.date, toHeld(day));
      return { documents: read.map((day) => shown(day, days, view)), days };
    }
    const dates = missing.map(({ date }) => date);
    const read = new Map((await this.days.ofDates(patientId, dates)).map((day) => [day.date, day]));
    for (const day of read.values()) if (!day.dirty) days.set(day.date, toHeld(day));
    const wanted = new Set(dates);
    const documents = states.flatMap((state): StoredDay[] => {
      const day = wanted.has(state.date) ? read.get(state.date) : state;
      // Deleted since: a day that has lost its last reading.
      if (day === undefined) return [];
      return [shown(day, days, view)];
    });
    return { documents, days };
  }
}

/** The view that is held of a clean day: always the same object. */
function shown(day: StoredDay, held: ReadonlyMap<string, Held>, view: DayView): StoredDay {
  return (day.dirty ? undefined : held.get(day.date)?.views[view]) ?? viewOf(day, view);
}

/** The windows that are still right, with one more. */
function windowsWith(
  known: PatientRecord | undefined,
  version: string | null,
  zone: string,
  added: readonly [string, readonly StoredDay[]] | null,
): ReadonlyMap<string, readonly StoredDay[]> {
  const isValid = known !== undefined && version !== null && known.version === version && known.zone === zone;
  const kept = isValid ? [...known.windows].slice(-MAX_WINDOWS) : [];
  return new Map(added === null || version === null ? kept : [...kept, added]);
}

function isSame(held: DayState | undefined, stored: DayState): boolean {
  return held !== undefined && held.rev === stored.rev && held.life === stored.life && held.tz === stored.tz;
}

function toHeld(day: StoredDay): Held {
  const { id, date, rev, life, dirty, tz } = day;
  const cells = cellsOf(day.cgm) + cellsOf(day.smbg);
  return {
    state: { id, date, rev, life, dirty, tz },
    views: { hist: viewOf(day, 'hist'), hours: viewOf(day, 'hours'), whole: day },
    bytes: DAY_BYTES + cells * CELL_BYTES,
  };
}

function cellsOf(block: StoredDay['cgm']): number {
  if (block === null || block === undefined) return 0;
  return block.hist.length + block.hours.reduce((sum, [, cells]) => sum + cells.length, 0);
}

/** The document without the histogram that the reader does without. */
function viewOf(day: StoredDay, view: DayView): StoredDay {
  if (view === 'whole') return day;
  const without = view === 'hist' ? 'hours' : 'hist';
  const part = (block: StoredDay['cgm']): StoredDay['cgm'] => {
    if (block === null || block === undefined) return null;
    const { [without]: _without, ...rest } = block;
    // Readers of a view take a block that lacks the other histogram (`StoredBlock` of packages/glycemia).
    return rest as unknown as StoredDay['cgm'];
  };
  return { ...day, cgm: part(day.cgm), smbg: part(day.smbg) } as StoredDay;
}
