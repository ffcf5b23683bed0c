import { invalidField } from '../../common/errors';
import type { DayHours, WorkingHours } from './dto/working-hours.dto';

/** The days of a week as they are stored. */
export type Week = Readonly<Record<keyof WorkingHours, Readonly<Pick<DayHours, 'open' | 'close' | 'isOpen'>>>>;

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/**
 * The week as it is stored, always in the same order of keys.
 * @throws AppError VALIDATION_FAILED when a day that is open does not open before it closes
 */
export function weekOf(hours: WorkingHours): Week {
  const days = DAYS.map((day) => {
    const { open, close, isOpen } = hours[day];
    if (isOpen && (open === '' || close === '' || open >= close)) throw wrongDay(day);
    return [day, { open, close, isOpen }] as const;
  });
  return Object.fromEntries(days) as Week;
}

function wrongDay(day: string) {
  return invalidField(
    `workingHours.${day}`,
    'interval',
    'must open before it closes',
    "doit ouvrir avant l'heure de fermeture",
  );
}
