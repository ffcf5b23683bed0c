import { ApiProperty } from '@nestjs/swagger';
import type { ParsedInstant } from '../../../common/time';
import { Bool, ClockTime, Day, Instant, Int, NestedList, OneOf, Zone } from '../../../common/validation';
import {
  APPOINTMENT_TYPES,
  type AppointmentType,
  MAX_DURATION_MINUTES,
  MIN_DURATION_MINUTES,
} from '../appointment.schema';
import { DEFAULT_SLOT_MINUTES } from '../availability/availability.schema';

const MAX_RULES = 50;
const MAX_EXCEPTIONS = 366;
const MAX_INTERVALS_OF_DATE = 10;
const TYPE_TEXT = 'Absent where both are possible';

/** Hours of a day on the wall clock. */
export class AvailabilityIntervalDto {
  @ClockTime({ example: '09:00' })
  start!: string;

  @ClockTime({ endOfDay: true, example: '12:30', description: 'Later than start; 24:00 is the end of the day' })
  end!: string;

  @OneOf(APPOINTMENT_TYPES, { optional: true, description: TYPE_TEXT })
  type?: AppointmentType;
}

/** Hours of every week. */
export class AvailabilityRuleDto extends AvailabilityIntervalDto {
  @Int({ min: 1, max: 7, description: '1 = Monday' })
  weekday!: number;
}

/** What replaces the rules of one date. */
export class AvailabilityExceptionInput {
  @Day({ example: '2027-12-24' })
  date!: string;

  @Bool({ optional: true, description: 'true: no hours at all; then without intervals' })
  closed?: boolean;

  @NestedList(() => AvailabilityIntervalDto, { optional: true, max: MAX_INTERVALS_OF_DATE })
  intervals?: AvailabilityIntervalDto[];
}

/** Body of PUT /doctors/:doctorId/availability: replaces everything. */
export class AvailabilityBody {
  @Zone({ description: 'Zone of all hours' })
  timeZone!: string;

  @Int({
    optional: true,
    min: MIN_DURATION_MINUTES,
    max: MAX_DURATION_MINUTES,
    default: DEFAULT_SLOT_MINUTES,
    description: 'Step of slot starts',
  })
  slotMinutes?: number;

  @Bool({ optional: true, default: true })
  published?: boolean;

  @NestedList(() => AvailabilityRuleDto, { max: MAX_RULES })
  rules!: AvailabilityRuleDto[];

  @NestedList(() => AvailabilityExceptionInput, { optional: true, max: MAX_EXCEPTIONS, description: 'One per date' })
  exceptions?: AvailabilityExceptionInput[];
}

/** An exception as it is stored. */
export class AvailabilityExceptionResponse {
  @ApiProperty({ type: 'string', format: 'date' })
  date!: string;

  @ApiProperty({ type: 'boolean' })
  closed!: boolean;

  @ApiProperty({ type: [AvailabilityIntervalDto] })
  intervals!: AvailabilityIntervalDto[];
}

/** When a doctor receives. */
export class AvailabilityResponse {
  @ApiProperty({ type: 'string' })
  doctorId!: string;

  @ApiProperty({ type: 'string', example: 'Europe/Paris' })
  timeZone!: string;

  @ApiProperty({ type: 'integer' })
  slotMinutes!: number;

  @ApiProperty({ type: 'boolean' })
  published!: boolean;

  @ApiProperty({ type: [AvailabilityRuleDto] })
  rules!: AvailabilityRuleDto[];

  @ApiProperty({ type: [AvailabilityExceptionResponse] })
  exceptions!: AvailabilityExceptionResponse[];

  @ApiProperty({ type: 'string', format: 'date-time', required: false, description: 'Absent before the first PUT' })
  updatedAt?: Date;
}

/** Query of GET /doctors/:doctorId/slots. */
export class SlotsQuery {
  @Instant({ description: "An instant, or a day of the availability's zone", example: '2027-02-22T00:00:00.000Z' })
  from!: ParsedInstant;

  @Instant({
    description: 'Included when it is a day; at most 31 days after from',
    example: '2027-02-28T00:00:00.000Z',
  })
  to!: ParsedInstant;

  @Int({ optional: true, min: MIN_DURATION_MINUTES, max: MAX_DURATION_MINUTES, default: 30 })
  durationMinutes?: number;
}

/** A free slot. */
export class SlotResponse {
  @ApiProperty({ type: 'string', format: 'date-time' })
  start!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  end!: Date;

  @ApiProperty({
    type: 'string',
    enum: [...APPOINTMENT_TYPES, null],
    nullable: true,
    description: 'null where both are possible',
  })
  type!: AppointmentType | null;
}

/** The free slots of a doctor. */
export class SlotsResponse {
  @ApiProperty({ type: 'string' })
  doctorId!: string;

  @ApiProperty({ type: 'string', example: 'Europe/Paris' })
  timeZone!: string;

  @ApiProperty({ type: 'integer' })
  durationMinutes!: number;

  @ApiProperty({ type: 'boolean', description: 'Does an availability apply? If not, there are no slots to show' })
  published!: boolean;

  @ApiProperty({ type: [SlotResponse], description: 'The earliest 1,000' })
  slots!: SlotResponse[];
}
