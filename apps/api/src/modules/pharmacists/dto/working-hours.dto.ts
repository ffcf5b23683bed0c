import { ApiProperty } from '@nestjs/swagger';
import { Bool, Nested, Property } from '../../../common/validation';

const CLOCK_TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;

/** `HH:MM`, or nothing for a day that is closed. */
function TimeOrNothing(): PropertyDecorator {
  return Property({
    optional: false,
    normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
    check: (value) =>
      typeof value === 'string' && (value === '' || CLOCK_TIME.test(value))
        ? null
        : { rule: 'clockTime', en: 'must be a time HH:MM', fr: 'doit être une heure HH:MM' },
  });
}

/** When a pharmacy is open on one day of the week, in its own zone. */
export class DayHours {
  @ApiProperty({ type: 'string', example: '08:00', description: 'HH:MM; "" when closed' })
  @TimeOrNothing()
  open!: string;

  @ApiProperty({ type: 'string', example: '19:00', description: 'HH:MM, later than `open`; "" when closed' })
  @TimeOrNothing()
  close!: string;

  @Bool()
  isOpen!: boolean;
}

/** All seven days. */
export class WorkingHours {
  @Nested(() => DayHours)
  monday!: DayHours;

  @Nested(() => DayHours)
  tuesday!: DayHours;

  @Nested(() => DayHours)
  wednesday!: DayHours;

  @Nested(() => DayHours)
  thursday!: DayHours;

  @Nested(() => DayHours)
  friday!: DayHours;

  @Nested(() => DayHours)
  saturday!: DayHours;

  @Nested(() => DayHours)
  sunday!: DayHours;
}

/** Body of PUT /pharmaciens/:id/working-hours. */
export class WorkingHoursBody {
  @Nested(() => WorkingHours)
  workingHours!: WorkingHours;
}
