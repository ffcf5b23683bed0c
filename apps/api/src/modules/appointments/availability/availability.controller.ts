import { Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../../access';
import { BodyDto, QueryDto } from '../../../platform/http';
import { AvailabilityBody, AvailabilityResponse, SlotsQuery, SlotsResponse } from '../dto/availability.dto';
import { AvailabilityService } from './availability.service';

/** When doctors receive. */
@ApiTags('appointments')
@Controller('doctors/:doctorId')
export class AvailabilityController {
  constructor(private readonly availability: AvailabilityService) {}

  @Get('availability')
  @Endpoint('GET', {
    summary: 'When a doctor receives',
    roles: 'any',
    response: AvailabilityResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
  })
  get(@CurrentActor() actor: Actor, @IdParam('doctorId') doctorId: string) {
    return this.availability.get(actor, doctorId);
  }

  @Put('availability')
  @Endpoint('PUT', {
    summary: 'Replaces the own availability; existing appointments stay',
    roles: ['MEDECIN'],
    space: { param: 'doctorId', self: ['MEDECIN'] },
    response: AvailabilityResponse,
    errors: ['OVERLAPPING_RULES', 'CONCURRENT_UPDATE'],
  })
  replace(@CurrentActor() actor: Actor, @BodyDto() body: AvailabilityBody) {
    return this.availability.replace(actor, body);
  }

  @Get('slots')
  @Endpoint('GET', {
    summary: 'Free slots of a doctor, the earliest 1,000',
    roles: 'any',
    response: SlotsResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
  })
  slots(@CurrentActor() actor: Actor, @IdParam('doctorId') doctorId: string, @QueryDto() query: SlotsQuery) {
    return this.availability.slots(actor, doctorId, query);
  }
}
