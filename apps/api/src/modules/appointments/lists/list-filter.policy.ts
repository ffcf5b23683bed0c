import { hasExpired } from '../appointment.policy';
import {
  type Appointment,
  APPOINTMENT_STATUSES,
  type AppointmentStatus,
  type AppointmentType,
} from '../appointment.schema';
import { type Cell, type CellCounts, CELLS, WEEK_MS } from '../counts/counted-weeks.policy';

/** Which appointments of a list are wanted; `now` decides which Pending ones have expired. */
export interface AppointmentFilter {
  readonly statuses: readonly AppointmentStatus[] | null;
  readonly type: AppointmentType | null;
  readonly from: Date | null;
  readonly until: Date | null;
  readonly untilInclusive: boolean;
  /** Calendar days in the zone of each appointment's doctor. */
  readonly fromDay: string | null;
  readonly untilDay: string | null;
  readonly now: Date;
}

/** Whose list: a party's own, narrowed to one counterpart where a doctor looks at a patient. */
export interface AppointmentListScope {
  readonly side: 'patientId' | 'doctorId';
  readonly userId: string;
  readonly onlyWithDoctor?: string;
}

/** Milliseconds since the epoch, `[from, to)`; null means without end. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

// No zone is further from UTC: a day of anybody's lies within that of the same name, so much earlier or later.
const ZONES_MS = 14 * 3_600_000;
const DAY_MS = 86_400_000;

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** The span of a filter's dates, where days are taken `marginMs` longer at both ends. */
function spanWith(filter: AppointmentFilter, marginMs: number): Span {
  const fromDay = filter.fromDay === null ? null : Date.parse(filter.fromDay) - marginMs;
  const untilDay = filter.untilDay === null ? null : Date.parse(filter.untilDay) + DAY_MS + marginMs;
  const until = filter.until === null ? null : filter.until.getTime() + (filter.untilInclusive ? 1 : 0);
  return { from: latest(filter.from?.getTime() ?? null, fromDay), to: earliest(until, untilDay) };
}

/** Outside of it nothing can match. */
export function possibleSpan(filter: AppointmentFilter): Span {
  return spanWith(filter, ZONES_MS);
}

/** Inside of it the dates of every appointment match. */
export function certainSpan(filter: AppointmentFilter): Span {
  return spanWith(filter, -ZONES_MS);
}

/** Does a week lie wholly inside a span? */
export function holdsWeek({ from, to }: Span, week: number): boolean {
  return (from === null || from <= week * WEEK_MS) && (to === null || to >= (week + 1) * WEEK_MS);
}

/** Does a week share an instant with a span? */
export function touchesWeek({ from, to }: Span, week: number): boolean {
  return (from === null || from < (week + 1) * WEEK_MS) && (to === null || to > week * WEEK_MS);
}

/** What is read of an appointment to judge it. */
export type Judged = Pick<Appointment, 'doctorId' | 'dateTime' | 'day' | 'status' | 'type' | 'expiresAt'>;

/** Does the filter ask for more than a span of time, so that appointments have to be judged one by one? */
export function judges(scope: AppointmentListScope, filter: AppointmentFilter): boolean {
  return (
    scope.onlyWithDoctor !== undefined ||
    filter.type !== null ||
    !wantsAllStatuses(filter) ||
    filter.fromDay !== null ||
    filter.untilDay !== null
  );
}

function wantsAllStatuses({ statuses }: AppointmentFilter): boolean {
  return statuses === null || new Set(statuses).size === APPOINTMENT_STATUSES.length;
}

/** Does it matter whether a Pending one has expired? Not when both it and Cancelled ones are wanted, or neither is. */
export function separatesExpired(filter: AppointmentFilter): boolean {
  if (filter.statuses === null) return false;
  return filter.statuses.includes('Pending') !== filter.statuses.includes('Cancelled');
}

/** Is it one of the list? The dates that are instants are left to the query. */
export function isListed(row: Judged, scope: AppointmentListScope, filter: AppointmentFilter): boolean {
  const status = hasExpired(row, filter.now) ? 'Cancelled' : row.status;
  return (
    (scope.onlyWithDoctor === undefined || row.doctorId.toHexString() === scope.onlyWithDoctor) &&
    (filter.type === null || row.type === filter.type) &&
    (filter.statuses === null || filter.statuses.includes(status)) &&
    (filter.fromDay === null || row.day >= filter.fromDay) &&
    (filter.untilDay === null || row.day <= filter.untilDay)
  );
}

/** How many of a week's appointments have a wanted status and type. */
export function wantedOf(cells: CellCounts, { statuses, type }: AppointmentFilter): number {
  let sum = 0;
  for (const row of CELLS)
    if ((statuses === null || statuses.includes(row.status)) && (type === null || row.type === type))
      sum += cells[row.cell] ?? 0;
  return sum;
}

/** The cells of `cells` after `by` was added to one. */
export function withCell(cells: CellCounts, cell: Cell, by: number): CellCounts {
  return { ...cells, [cell]: (cells[cell] ?? 0) + by };
}
