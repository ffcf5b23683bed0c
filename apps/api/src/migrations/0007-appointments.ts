import { canonicalZone, localDay } from '../common/time';
import {
  type Database,
  dateOf,
  keyOf,
  type Migration,
  type Old,
  rewriteEach,
  setting,
  spelled,
  textOf,
} from '../platform/database';

const TYPES = ['Online', 'Physical'] as const;
const STATUSES = ['Pending', 'Confirmed', 'Completed', 'Cancelled'] as const;
const SIDES = ['PATIENT', 'MEDECIN'] as const;
const DEFAULT_MINUTES = 30;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Kept as it was stored while no spelling of this version is like it. */
const SYNONYMS: Readonly<Record<string, (typeof STATUSES)[number]>> = { canceled: 'Cancelled' };

/** Zones of the doctors that appointments name. */
class Zones {
  private readonly known = new Map<string, string>();

  constructor(private readonly connection: Database) {}

  async of(doctor: unknown): Promise<string> {
    const id = keyOf(doctor);
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const account = await this.connection
      .collection('users')
      .findOne({ _id: doctor as never }, { projection: { timeZone: 1 } });
    const stored = account?.['timeZone'] as unknown;
    const zone = (typeof stored === 'string' ? canonicalZone(stored) : null) ?? 'UTC';
    this.known.set(id, zone);
    return zone;
  }
}

/** What a confirmed appointment ahead reminds of, as a confirmation now would set it. */
function remindersOf(dateTime: Date, now: Date): Record<string, Date> | undefined {
  const due = [
    ['due24h', new Date(dateTime.getTime() - 24 * HOUR_MS)],
    ['due1h', new Date(dateTime.getTime() - HOUR_MS)],
  ] as const;
  const ahead = due.filter(([, at]) => at >= now);
  return ahead.length === 0 ? undefined : Object.fromEntries(ahead);
}

function statusOf(appointment: Old): (typeof STATUSES)[number] | undefined {
  const stored = appointment['status'];
  if (stored === undefined) return 'Pending';
  return spelled(stored, STATUSES) ?? SYNONYMS[textOf(stored).toLowerCase()];
}

/** State and sides: what does not depend on when it is. */
function fieldsOf(appointment: Old): Record<string, unknown> {
  const status = statusOf(appointment);
  const createdByRole = spelled(appointment['createdByRole'], SIDES) ?? 'PATIENT';
  const awaiting = createdByRole === 'MEDECIN' ? 'PATIENT' : 'MEDECIN';
  return {
    status,
    createdByRole,
    awaiting: status === 'Pending' && appointment['awaiting'] === undefined ? awaiting : undefined,
    notes: typeof appointment['notes'] === 'string' ? undefined : '',
    sequence: typeof appointment['sequence'] === 'number' ? undefined : 0,
  };
}

async function changeOf(appointment: Old, zones: Zones, now: Date) {
  const dateTime = dateOf(appointment['dateTime']) ?? now;
  const minutes = appointment['durationMinutes'];
  const durationMinutes = typeof minutes === 'number' && minutes > 0 ? minutes : DEFAULT_MINUTES;
  const zone = await zones.of(appointment['doctorId']);
  const isNew = appointment['endTime'] === undefined;
  return setting(appointment, {
    ...fieldsOf(appointment),
    type: appointment['type'] === undefined ? 'Physical' : spelled(appointment['type'], TYPES),
    dateTime: appointment['dateTime'] instanceof Date ? undefined : dateTime,
    durationMinutes,
    endTime: isNew ? new Date(dateTime.getTime() + durationMinutes * MINUTE_MS) : undefined,
    day: appointment['day'] === undefined ? localDay(dateTime, zone) : undefined,
    timeZone: appointment['timeZone'] === undefined ? zone : undefined,
    reminders: isNew && statusOf(appointment) === 'Confirmed' ? remindersOf(dateTime, now) : undefined,
  });
}

/** Step 7: spelling of type and status, duration, end, day, and whose answer a pending appointment awaits. */
export const appointments: Migration = {
  name: '0007-appointments',
  async up(connection, run) {
    const zones = new Zones(connection);
    let unknownStatus = 0;
    const changed = await rewriteEach(connection, 'appointments', run, (appointment) => {
      if (statusOf(appointment) === undefined) unknownStatus += 1;
      return changeOf(appointment, zones, run.now);
    });
    return { changed, unknownStatus };
  },
};
