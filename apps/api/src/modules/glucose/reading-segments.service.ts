import { dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { DayCounts, type CountedDay } from './days/day-counts.service';
import { dateOf, nextDate } from './days/dates';
import type { GlucosePatient } from './glucose-patients.service';
import { type ReadingFilter, ReadingsRepository } from './readings.repository';

/** A stretch of time with the number of readings in it that a list wants. */
export interface ReadingSegment {
  /** The first instant, and the first one after it. */
  readonly span: () => { readonly from: Date; readonly to: Date };
  readonly n: number;
}

/** Before the first and after the last reading that can be stored. */
const BEGINNING = new Date(0);
const END = new Date('2300-01-01T00:00:00.000Z');

/**
 * Where the readings of a list lie, newest first: whole days by their documents, the part days at both ends by index keys
 * (contract 30 section 2.2). What a page needs to read is known before anything is read.
 */
@Injectable()
export class ReadingSegments {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly counts: DayCounts,
  ) {}

  /** The stretches that hold what the filter wants; empty ones are left out. */
  async of(patient: GlucosePatient, filter: ReadingFilter): Promise<ReadingSegment[]> {
    const { zone } = patient;
    const [start, until] = [filter.start ?? BEGINNING, afterEnd(filter)];
    if (start >= until) return [];
    // Days on the move to another zone do not count anything.
    if (patient.rezoning) return [await this.part(patient.id, filter, start, until)];
    const first = filter.start === null ? null : wholeFrom(start, zone);
    const last = filter.end === null ? null : wholeBefore(until, zone);
    if (first !== null && last !== null && first > last) return [await this.part(patient.id, filter, start, until)];
    const lastEnd = last === null ? until : startOf(nextDate(last, 1), zone);
    const firstStart = first === null ? start : startOf(first, zone);
    const [newest, days, oldest] = await Promise.all([
      lastEnd < until ? this.part(patient.id, filter, lastEnd, until) : null,
      this.counts.of(patient),
      start < firstStart ? this.part(patient.id, filter, start, firstStart) : null,
    ]);
    const whole = days.filter(({ date }) => (first === null || date >= first) && (last === null || date <= last));
    const segments = whole.reverse().map((day) => segmentOf(day, filter, zone));
    return [newest, ...segments, oldest].filter((segment) => segment !== null && segment.n > 0) as ReadingSegment[];
  }

  private async part(patientId: string, filter: ReadingFilter, from: Date, to: Date): Promise<ReadingSegment> {
    return { span: () => ({ from, to }), n: await this.readings.count(patientId, filter, { from, to }) };
  }
}

/** Where a page lies, and how many of its newest readings the page leaves out. */
export interface PageSpan {
  readonly from: Date;
  readonly to: Date;
  /** The page most likely begins no earlier: a full one found from here on is the right one. */
  readonly likelyFrom: Date;
  readonly skip: number;
}

/** The stretch that holds a page; null for an empty page. */
export function pageSpan(segments: readonly ReadingSegment[], skip: number, limit: number, now: Date): PageSpan | null {
  let left = skip;
  let place = 0;
  for (; place < segments.length && left >= (segments[place]?.n ?? 0); place += 1) left -= segments[place]?.n ?? 0;
  const newest = segments[place];
  if (newest === undefined) return null;
  let oldest = newest;
  let newer = -left;
  for (; newer + oldest.n < limit && place + 1 < segments.length; place += 1) {
    newer += oldest.n;
    oldest = segments[place + 1] ?? oldest;
  }
  const span = oldest.span();
  const likelyFrom = new Date(likelyStart(span, oldest.n, limit - newer, now));
  return { from: span.from, to: newest.span().to, likelyFrom, skip: left };
}

/** Sensors measure at even steps: half as much time again as so many readings take there holds them nearly always. */
const MARGIN = 1.5;
/** With fewer to pass over, a second look could cost more than it saves. */
const WORTHWHILE = 40;

/** The first instant, ms, after which the `wanted` newest of a stretch's `n` readings are to be expected. */
function likelyStart({ from, to }: ReturnType<ReadingSegment['span']>, n: number, wanted: number, now: Date): number {
  const [start, end] = [from.getTime(), Math.min(to.getTime(), now.getTime())];
  if (n - wanted * MARGIN < WORTHWHILE || end <= start) return start;
  return Math.max(start, Math.round(end - ((end - start) * wanted * MARGIN) / n));
}

function segmentOf({ date, counts }: CountedDay, filter: ReadingFilter, zone: string): ReadingSegment {
  let n = 0;
  for (const [source, period, count] of counts)
    if ((filter.source === null || source === filter.source) && (filter.period === null || period === filter.period))
      n += count;
  return { span: () => ({ from: startOf(date, zone), to: startOf(nextDate(date, 1), zone) }), n };
}

function startOf(date: string, zone: string): Date {
  return new Date(dayStart(date, zone));
}

/** The first instant after a filter's inclusive end. */
function afterEnd({ end }: ReadingFilter): Date {
  return end === null ? END : new Date(end.getTime() + 1);
}

/** The first local day that lies wholly at or after an instant. */
function wholeFrom(start: Date, zone: string): string {
  const date = dateOf(start, zone);
  return dayStart(date, zone) === start.getTime() ? date : nextDate(date, 1);
}

/** The last local day that lies wholly before an instant. */
function wholeBefore(until: Date, zone: string): string {
  return nextDate(dateOf(until, zone), -1);
}
