import { DateTime } from 'luxon';
import { invalidField } from '../../../common/errors';
import { type ParsedInstant, wallClockOf } from '../../../common/time';

const MAX_DAYS = 31;
const DAY_MS = 86_400_000;

/**
 * The instants between which slots are looked for; bare days are days of the availability's zone, both included.
 * @throws AppError VALIDATION_FAILED when from is after to, or more than 31 days lie between
 */
export function searchedRange(from: ParsedInstant, to: ParsedInstant, zone: string): { from: Date; to: Date } {
  const start = from.dayOnly ? wallClockOf(dayOf(from), zone)(0).instant : from.date;
  const end = to.dayOnly ? wallClockOf(dayAfter(to), zone)(0).instant : to.date;
  // A day ends where the next one starts: whoever asks from there on asks from after it.
  if (start > end || (to.dayOnly && start >= end))
    throw invalidField('from', 'order', 'must not be later than to', 'ne doit pas être plus tard que to');
  const inDays = DateTime.fromJSDate(end, { zone }).diff(DateTime.fromJSDate(start, { zone }), 'days').days;
  // 31 days with a clock change are an hour more or less than 31 x 24 h: either is fine.
  if (inDays > MAX_DAYS && end.getTime() - start.getTime() > MAX_DAYS * DAY_MS)
    throw invalidField('to', 'range', 'must be at most 31 days after from', 'doit être au plus 31 jours après from');
  return { from: start, to: end };
}

function dayOf(instant: ParsedInstant): string {
  return instant.date.toISOString().slice(0, 10);
}

function dayAfter(instant: ParsedInstant): string {
  return new Date(instant.date.getTime() + DAY_MS).toISOString().slice(0, 10);
}
