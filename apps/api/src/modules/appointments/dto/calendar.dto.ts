import { ApiProperty } from '@nestjs/swagger';
import { Str } from '../../../common/validation';

/** Query of GET /appointments/calendar.ics. */
export class CalendarQuery {
  @Str({ max: 128, description: 'From POST /appointments/calendar-token' })
  token!: string;
}

/** A new calendar token: shown once, stored as a hash. */
export class CalendarTokenResponse {
  @ApiProperty({ type: 'string' })
  token!: string;

  @ApiProperty({ type: 'string', format: 'uri', description: 'What a calendar application subscribes to' })
  url!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;
}
