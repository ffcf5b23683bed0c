import { Controller, Delete, Get, Header, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, MessageResponse } from '../../../access';
import { QueryDto } from '../../../platform/http';
import { CalendarQuery, CalendarTokenResponse } from '../dto/calendar.dto';
import { CalendarService } from './calendar.service';

/** Appointments in calendar apps. */
@ApiTags('appointments')
@Controller('appointments')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  @Get('calendar.ics')
  @Header('Content-Type', 'text/calendar; charset=utf-8')
  @Header('Cache-Control', 'private, max-age=300')
  @Endpoint('GET', {
    summary: "An account's appointments as iCalendar, by the token of its address",
    roles: 'public',
    response: { text: 'text/calendar' },
    errors: ['NOT_FOUND'],
    etag: true,
  })
  feed(@QueryDto() query: CalendarQuery) {
    return this.calendar.feed(query.token);
  }

  @Post('calendar-token')
  @Endpoint('POST', {
    summary: 'Makes the address of the calendar feed; the one before stops working',
    roles: ['PATIENT', 'MEDECIN'],
    idempotent: false,
    response: CalendarTokenResponse,
  })
  createToken(@CurrentActor() actor: Actor) {
    return this.calendar.createToken(actor);
  }

  @Delete('calendar-token')
  @Endpoint('DELETE', {
    summary: 'Removes the address of the calendar feed',
    roles: ['PATIENT', 'MEDECIN'],
    response: MessageResponse,
    errors: ['NOT_FOUND'],
  })
  removeToken(@CurrentActor() actor: Actor) {
    return this.calendar.removeToken(actor);
  }
}
