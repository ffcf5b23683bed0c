import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  CurrentPatient,
  Endpoint,
  IdParam,
  MessageResponse,
  type PatientScope,
} from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { BulkService } from './bulk.service';
import { BulkBody, BulkResponse } from './dto/bulk.dto';
import {
  PatientReadingsQuery,
  ReadingBody,
  ReadingPage,
  ReadingPatch,
  ReadingRangeQuery,
  ReadingResponse,
  ReadingsQuery,
} from './dto/reading.dto';
import { ReadingLists } from './reading-lists.service';
import { ReadingsService } from './readings.service';

const PATIENT = ['PATIENT'] as const;
const VALUE_ERRORS = [
  'GLUCOSE_OUT_OF_RANGE',
  'MEASURED_AT_IN_FUTURE',
  'GLUCOSE_DUPLICATE',
  'CONCURRENT_UPDATE',
] as const;

/** Glucose readings. */
@ApiTags('glucose')
@Controller('glucose')
export class GlucoseController {
  constructor(
    private readonly readings: ReadingsService,
    private readonly lists: ReadingLists,
    private readonly bulk: BulkService,
  ) {}

  @Post()
  @Endpoint('POST', {
    summary: 'Stores a reading',
    description: 'One of a device that is stored already is answered as it is.',
    roles: PATIENT,
    response: ReadingResponse,
    errors: VALUE_ERRORS,
    etag: true,
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: ReadingBody) {
    return this.readings.create(actor, body);
  }

  @Post('bulk')
  @ApiBody({ type: BulkBody, description: 'The bare array is accepted as well' })
  @Endpoint('POST', {
    summary: 'Stores up to 1,000 readings, judged one by one',
    description: 'Repeating a call inserts nothing.',
    roles: PATIENT,
    limit: 'bulk',
    response: BulkResponse,
    errors: ['CONCURRENT_UPDATE'],
  })
  storeMany(@CurrentActor() actor: Actor, @Body() body: unknown) {
    return this.bulk.store(actor, body);
  }

  @Get('my-records')
  @Endpoint('GET', { summary: 'Own readings, newest first', roles: PATIENT, response: ReadingPage })
  own(@CurrentActor() actor: Actor, @QueryDto() query: ReadingsQuery) {
    return this.lists.own(actor, query);
  }

  @Get()
  @Endpoint('GET', {
    summary: 'Own readings of a range, newest first, at most 10,000',
    roles: PATIENT,
    response: [ReadingResponse],
  })
  range(@CurrentActor() actor: Actor, @QueryDto() query: ReadingRangeQuery) {
    return this.lists.range(actor, query);
  }

  @Get('patient/:patientId/records')
  @Endpoint('GET', {
    summary: "A linked patient's readings, newest first",
    roles: ['MEDECIN'],
    space: { param: 'patientId', linked: true },
    response: ReadingPage,
  })
  ofPatient(@CurrentPatient() patient: PatientScope, @QueryDto() query: PatientReadingsQuery) {
    return this.lists.ofPatient(patient, query);
  }

  @Get(':id')
  @Endpoint('GET', {
    summary: 'A reading',
    roles: PATIENT,
    response: ReadingResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.readings.get(actor, id);
  }

  @Patch(':id')
  @Endpoint('PATCH', {
    summary: 'Changes a reading',
    roles: PATIENT,
    response: ReadingResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', ...VALUE_ERRORS],
    etag: true,
  })
  update(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() patch: ReadingPatch) {
    return this.readings.update(actor, id, patch);
  }

  @Delete(':id')
  @Endpoint('DELETE', {
    summary: 'Deletes a reading',
    roles: PATIENT,
    response: MessageResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'CONCURRENT_UPDATE'],
  })
  remove(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.readings.remove(actor, id);
  }
}
