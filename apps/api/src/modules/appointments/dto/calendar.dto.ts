import { ApiProperty } from '@nestjs/swagger';
import { Str } from '../../../common/validation';

/** Query of GET /appointments/calendar.ics. */
export class CalendarQuery {
  @Str({ max: 128, description: 'From POST /appointments/calendar-token' })
  token!: string;
}

/** The address of an account's feed; shown once. */
export class CalendarTokenResponse {
  @ApiProperty({ type: 'string' })
  token!: string;

  @ApiProperty({ type: 'string', format: 'uri' })
  url!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;
}
