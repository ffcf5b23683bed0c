import {
  type Appointment,
  APPOINTMENT_STATUSES,
  APPOINTMENT_TYPES,
  type AppointmentStatus,
  type AppointmentType,
} from '../appointment.schema';

/** Length of a counted week. They begin on Thursdays at 00:00 UTC, as the epoch did: arithmetic, no calendar. */
export const WEEK_MS = 7 * 86_400_000;

/** Weeks that share a document: two years ahead are two or three documents, of at most some kilobytes. */
const WEEKS_OF_SPAN = 64;

/** Span of the document that says that an owner's counts are complete; without it they are counted anew. */
export const HEAD_SPAN = -1_000;

const STATUS_LETTER = { Pending: 'p', Confirmed: 'c', Completed: 'd', Cancelled: 'x' } as const;
const TYPE_LETTER = { Online: 'o', Physical: 'p' } as const;

/** Stored key of a status and a type: short, since documents are rewritten with every booking. */
export type Cell = `${(typeof STATUS_LETTER)[AppointmentStatus]}${(typeof TYPE_LETTER)[AppointmentType]}`;

/** The cell of a status and a type. */
export function cellOf(status: AppointmentStatus, type: AppointmentType): Cell {
  return `${STATUS_LETTER[status]}${TYPE_LETTER[type]}`;
}

/** All eight cells with what they stand for. */
export const CELLS = APPOINTMENT_STATUSES.flatMap((status) =>
  APPOINTMENT_TYPES.map((type) => ({ status, type, cell: cellOf(status, type) })),
);

/** Numbers by cell; absent is 0. */
export type CellCounts = Partial<Record<Cell, number>>;

/** What decides where an appointment counts. */
export type Counted = Pick<Appointment, 'patientId' | 'doctorId' | 'dateTime' | 'status' | 'type' | 'deletedAt'>;

/** An appointment before and after a change; null where it does not exist. */
export interface CountedChange {
  readonly before: Counted | null;
  readonly after: Counted | null;
}

/** Number of the week that holds an instant, counted from the epoch. */
export function weekOf(instant: Date): number {
  return Math.floor(instant.getTime() / WEEK_MS);
}

/** Where a week is stored. */
export function placeOf(week: number): { readonly span: number; readonly place: number } {
  const span = Math.floor(week / WEEKS_OF_SPAN);
  return { span, place: week - span * WEEKS_OF_SPAN };
}

/** The week of a place; the inverse of {@link placeOf}. */
export function weekAt(span: number, place: number): number {
  return span * WEEKS_OF_SPAN + place;
}

/** One number to raise or lower: whose, with which doctor, in which week and cell. */
export interface CountStep {
  readonly ownerId: string;
  readonly doctorId: string;
  readonly week: number;
  readonly cell: Cell;
  readonly by: number;
}

/** What a list of changes does to the numbers of both parties; what comes to nothing is left out. */
export function stepsOf(changes: readonly CountedChange[]): CountStep[] {
  const steps = new Map<string, CountStep>();
  const add = (counted: Counted | null, by: number): void => {
    if (counted === null || counted.deletedAt !== undefined) return;
    const doctorId = counted.doctorId.toHexString();
    const [week, cell] = [weekOf(counted.dateTime), cellOf(counted.status, counted.type)];
    for (const ownerId of [doctorId, counted.patientId.toHexString()]) {
      const key = `${ownerId}:${doctorId}:${week}:${cell}`;
      steps.set(key, { ownerId, doctorId, week, cell, by: (steps.get(key)?.by ?? 0) + by });
    }
  };
  for (const { before, after } of changes) {
    add(before, -1);
    add(after, 1);
  }
  return [...steps.values()].filter(({ by }) => by !== 0);
}
