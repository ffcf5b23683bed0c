import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  type DayProjection,
  type DayState,
  GlucoseDaysRepository,
  NO_CONTENT,
  type StoredDay,
} from './days.repository';

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

/**
 * Day documents of one patient, decoded once: reading ninety of them takes the database and the driver many times as
 * long as adding them up. The database says with `rev` and `life` of each day, in one light query, whether what is held
 * here is still what is stored, so any number of instances may write. What this patient has held nothing of is read
 * whole at once.
 */
@Injectable()
export class DayDocuments {
  private readonly held = new LRUCache<string, ReadonlyMap<string, Held>>({
    maxSize: MAX_BYTES,
    ttl: TTL_MS,
    sizeCalculation: (days) => [...days.values()].reduce((sum, { bytes }) => sum + bytes, 1),
  });

  constructor(private readonly days: GlucoseDaysRepository) {}

  /** Documents of `[from, to]` (null: open) in order of date; a dirty one may come without content. */
  async window(patientId: string, from: string | null, to: string | null, view: DayView): Promise<StoredDay[]> {
    const known = this.held.get(patientId);
    if (known === undefined) return this.whole(patientId, from, to, view);
    const states = await this.days.window(patientId, from, to, NO_CONTENT);
    const missing = states.filter((state) => !state.dirty && !isSame(known.get(state.date)?.state, state));
    if (missing.length > states.length / 2) return this.whole(patientId, from, to, view);
    const read = await this.days.ofDates(
      patientId,
      missing.map(({ date }) => date),
    );
    const fresh = new Map(read.map((day) => [day.date, day]));
    if (read.length > 0) this.hold(patientId, read);
    const wanted = new Set(missing.map(({ date }) => date));
    return states.flatMap((state): StoredDay[] => {
      // Deleted since: a day that has lost its last reading.
      if (wanted.has(state.date)) return [fresh.get(state.date)].flatMap((day) => (day ? [viewOf(day, view)] : []));
      return [state.dirty ? state : (known.get(state.date)?.views[view] ?? state)];
    });
  }

  private async whole(patientId: string, from: string | null, to: string | null, view: DayView): Promise<StoredDay[]> {
    const read = await this.days.window(patientId, from, to, WHOLE);
    this.hold(patientId, read);
    return read.map((day) => viewOf(day, view));
  }

  private hold(patientId: string, read: readonly StoredDay[]): void {
    const clean = read.filter(({ dirty }) => !dirty);
    if (clean.length === 0) return;
    const days = new Map(this.held.get(patientId) ?? []);
    for (const day of clean) days.set(day.date, toHeld(day));
    this.held.set(patientId, days);
  }
}

function isSame(held: DayState | undefined, stored: DayState): boolean {
  return held !== undefined && held.rev === stored.rev && held.life === stored.life && held.tz === stored.tz;
}

function toHeld(day: StoredDay): Held {
  const { date, rev, life, dirty, tz } = day;
  const cells = cellsOf(day.cgm) + cellsOf(day.smbg);
  return {
    state: { date, rev, life, dirty, tz },
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
