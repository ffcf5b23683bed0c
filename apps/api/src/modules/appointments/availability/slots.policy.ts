import { DateTime } from 'luxon';
import { localDay, wallClockOf } from '../../../common/time';
import type { AppointmentType } from '../appointment.schema';
import { minutesOf } from './availability.policy';
import type { AvailabilityInterval, DoctorAvailability } from './availability.schema';

const DAY_MS = 86_400_000;

/** What decides when a doctor receives. */
export type OpeningHours = Pick<DoctorAvailability, 'timeZone' | 'slotMinutes' | 'published' | 'rules' | 'exceptions'>;

/** A free slot, `[start, end)`. */
export interface FreeSlot {
  readonly start: Date;
  readonly end: Date;
  /** Null where both are possible. */
  readonly type: AppointmentType | null;
}

/** Hours of one day as instants. */
interface OpenInterval extends FreeSlot {
  /** Wall-clock minutes after midnight of the first slot's start and of the end. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Does the doctor's availability apply? Published, and something in it. */
export function applies(hours: OpeningHours | null): hours is OpeningHours {
  return hours !== null && hours.published && (hours.rules.length > 0 || hours.exceptions.length > 0);
}

/** The hours of a calendar day: its exception's if it has one, else those of its weekday. */
function hoursOf(hours: OpeningHours, day: string): readonly AvailabilityInterval[] {
  const exception = hours.exceptions.find(({ date }) => date === day);
  if (exception !== undefined) return exception.intervals;
  // Sunday is 0 for JavaScript and 7 in the contract.
  const weekday = new Date(Date.parse(day)).getUTCDay() || 7;
  return hours.rules.filter((rule) => rule.weekday === weekday);
}

/** The hours of a day on the time line. A border in an hour that the clocks skip moves to its end. */
function openIntervals(hours: OpeningHours, day: string): OpenInterval[] {
  const clock = wallClockOf(day, hours.timeZone);
  return hoursOf(hours, day).flatMap((interval): OpenInterval[] => {
    const [from, to] = [minutesOf(interval.start), minutesOf(interval.end)];
    const [first, last] = [clock(from), clock(to)];
    if (first.instant >= last.instant) return [];
    const fromMinute = first.exists ? from : minuteOfDay(first.instant, hours.timeZone);
    return [{ start: first.instant, end: last.instant, type: interval.type ?? null, fromMinute, toMinute: to }];
  });
}

function minuteOfDay(instant: Date, zone: string): number {
  const { hour, minute } = DateTime.fromJSDate(instant, { zone });
  return hour * 60 + minute;
}

/** Does an appointment lie inside one interval of a type that allows it? */
export function allows(hours: OpeningHours, start: Date, end: Date, type: AppointmentType): boolean {
  return openIntervals(hours, localDay(start, hours.timeZone)).some(
    (open) => start >= open.start && end <= open.end && (open.type === null || open.type === type),
  );
}

/** What slots are looked for, and what stands in their way. */
export interface SlotSearch {
  /** Slots lie wholly between them. */
  readonly from: Date;
  readonly to: Date;
  readonly durationMinutes: number;
  /** Slots lie in the future. */
  readonly now: Date;
  /** Appointments of the doctor, and of the patient who asks. */
  readonly taken: readonly { readonly start: Date; readonly end: Date }[];
  /** Has the doctor's day that holds the instant as many appointments as a day may have? */
  readonly isFull: (instant: Date) => boolean;
  readonly limit: number;
}

/** The free slots of a doctor, earliest first, at most `limit`. */
export function freeSlots(hours: OpeningHours, search: SlotSearch): FreeSlot[] {
  const found: FreeSlot[] = [];
  const busy = busyTimes(search.taken);
  for (const day of daysBetween(search.from, search.to, hours.timeZone)) {
    const ofDay = openIntervals(hours, day)
      .flatMap((open) => slotsIn(open, day, hours, search.durationMinutes))
      .sort((a, b) => a.start.getTime() - b.start.getTime());
    for (const slot of ofDay) if (isFree(slot, search, busy)) found.push(slot);
    if (found.length >= search.limit) break;
  }
  return found.slice(0, search.limit);
}

/** Every `slotMinutes` on the wall clock from the interval's start; what does not fit inside is no slot. */
function slotsIn(open: OpenInterval, day: string, hours: OpeningHours, durationMinutes: number): FreeSlot[] {
  const clock = wallClockOf(day, hours.timeZone);
  const slots: FreeSlot[] = [];
  for (let minute = open.fromMinute; minute < open.toMinute; minute += hours.slotMinutes) {
    const { instant: start, exists } = clock(minute);
    const end = new Date(start.getTime() + durationMinutes * 60_000);
    if (exists && end <= open.end) slots.push({ start, end, type: open.type });
  }
  return slots;
}

/** Milliseconds `[start, end)`. */
interface Busy {
  readonly start: number;
  end: number;
}

/** What is taken, ascending, and joined where it touches: then one of them decides over a slot. */
function busyTimes(taken: SlotSearch['taken']): Busy[] {
  const sorted = taken
    .map(({ start, end }) => ({ start: start.getTime(), end: end.getTime() }))
    .sort((a, b) => a.start - b.start);
  const joined: Busy[] = [];
  for (const time of sorted) {
    const last = joined.at(-1);
    if (last === undefined || time.start > last.end) joined.push(time);
    else last.end = Math.max(last.end, time.end);
  }
  return joined;
}

/** Does anything busy overlap `[start, end)`? Halves the list until the first that ends after the start is found. */
function overlaps(busy: readonly Busy[], start: number, end: number): boolean {
  let [low, high] = [0, busy.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((busy[middle]?.end ?? Infinity) > start) high = middle;
    else low = middle + 1;
  }
  return (busy[low]?.start ?? Infinity) < end;
}

function isFree({ start, end }: FreeSlot, search: SlotSearch, busy: readonly Busy[]): boolean {
  return (
    start > search.now &&
    start >= search.from &&
    end <= search.to &&
    !overlaps(busy, start.getTime(), end.getTime()) &&
    !search.isFull(start)
  );
}

function daysBetween(from: Date, to: Date, zone: string): string[] {
  const days: string[] = [];
  const last = localDay(to, zone);
  for (let day = localDay(from, zone); day <= last;) {
    days.push(day);
    day = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  }
  return days;
}
