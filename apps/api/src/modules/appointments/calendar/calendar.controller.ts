import { Controller, Delete, Get, Header, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, MessageResponse } from '../../../access';
import { QueryDto } from '../../../platform/http';
import { CalendarQuery, CalendarTokenResponse } from '../dto/calendar.dto';
import { CalendarService } from './calendar.service';

const PARTIES = ['PATIENT', 'MEDECIN'] as const;

/** The calendar feed and its token. */
@ApiTags('appointments')
@Controller('appointments')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  @Get('calendar.ics')
  @Header('Content-Type', 'text/calendar; charset=utf-8')
  @Header('Cache-Control', 'private, max-age=300')
  @Endpoint('GET', {
    summary: "The appointments of a token's owner as iCalendar",
    description: 'At most 60 reads per hour and token.',
    roles: 'public',
    response: { text: 'text/calendar' },
    errors: ['NOT_FOUND'],
    etag: true,
  })
  read(@QueryDto() query: CalendarQuery) {
    return this.calendar.read(query.token);
  }

  @Post('calendar-token')
  @Endpoint('POST', {
    summary: "Creates or replaces the caller's calendar token",
    roles: PARTIES,
    response: CalendarTokenResponse,
    errors: ['CONCURRENT_UPDATE'],
    idempotent: false,
  })
  issue(@CurrentActor() actor: Actor) {
    return this.calendar.issue(actor);
  }

  @Delete('calendar-token')
  @Endpoint('DELETE', {
    summary: "Ends the caller's calendar token",
    roles: PARTIES,
    response: MessageResponse,
    errors: ['NOT_FOUND'],
  })
  revoke(@CurrentActor() actor: Actor) {
    return this.calendar.revoke(actor);
  }
}
