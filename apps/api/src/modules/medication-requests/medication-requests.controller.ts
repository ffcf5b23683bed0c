import { Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import {
  CreatedForPatient,
  CreatedMedicationRequest,
  MedicationRequestPage,
  MedicationRequestResponse,
} from './dto/medication-request.dto';
import {
  ConfirmBody,
  CreateMedicationRequestBody,
  RequestHistoryQuery,
  RespondBody,
} from './dto/medication-request-input.dto';
import { MedicationRequestAnswers } from './medication-requests.answers.service';
import { MedicationRequestCreation } from './medication-requests.creation.service';
import { MedicationRequestsService } from './medication-requests.service';

const OF_PHARMACY = { roles: ['PHARMACIEN'], space: { param: 'pharmacyId', self: ['PHARMACIEN'] } } as const;
const CREATION = {
  roles: ['PATIENT'],
  errors: ['LOCATION_REQUIRED', 'NOT_FOUND', 'NO_PHARMACY_IN_RADIUS', 'TOO_MANY_OPEN_REQUESTS', 'CONCURRENT_UPDATE'],
  etag: true,
} as const;
const STEP = { response: MedicationRequestResponse, etag: true } as const;

/** Medication requests of patients to pharmacies. */
@ApiTags('medication requests')
@Controller('medication-request')
export class MedicationRequestsController {
  constructor(
    private readonly requests: MedicationRequestsService,
    private readonly creation: MedicationRequestCreation,
    private readonly answers: MedicationRequestAnswers,
  ) {}

  @Post()
  @Endpoint('POST', {
    ...CREATION,
    summary: 'Asks chosen or the nearest pharmacies for a medication',
    response: CreatedMedicationRequest,
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateMedicationRequestBody) {
    return this.creation.create(actor, body);
  }

  @Post('patient')
  @Endpoint('POST', {
    ...CREATION,
    summary: 'The same, with the request under a key of its own',
    response: CreatedForPatient,
  })
  createForPatient(@CurrentActor() actor: Actor, @BodyDto() body: CreateMedicationRequestBody) {
    return this.creation.createForPatient(actor, body);
  }

  @Get('patient/my')
  @Endpoint('GET', {
    summary: 'Own requests that were not cancelled, newest first; at most 100',
    roles: ['PATIENT'],
    response: [MedicationRequestResponse],
  })
  listOwn(@CurrentActor() actor: Actor) {
    return this.requests.listOwn(actor);
  }

  @Get('pharmacy/:pharmacyId/pending')
  @Endpoint('GET', {
    ...OF_PHARMACY,
    summary: 'Requests that wait for the own response, urgent first; at most 200',
    response: [MedicationRequestResponse],
  })
  listPending(@CurrentActor() actor: Actor) {
    return this.requests.listPending(actor);
  }

  @Get('pharmacy/:pharmacyId/history')
  @Endpoint('GET', {
    ...OF_PHARMACY,
    summary: 'All requests that were addressed to the pharmacy',
    response: MedicationRequestPage,
  })
  listHistory(@CurrentActor() actor: Actor, @QueryDto() query: RequestHistoryQuery) {
    return this.requests.listHistory(actor, query);
  }

  @Get(':id')
  @Endpoint('GET', {
    ...STEP,
    summary: 'A request; a pharmacy sees its own entry only',
    roles: ['PATIENT', 'PHARMACIEN'],
    errors: ['INVALID_ID', 'NOT_FOUND'],
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.requests.get(actor, id);
  }

  @Put(':id/respond')
  @Endpoint('PUT', {
    ...STEP,
    summary: "The pharmacy's one response",
    roles: ['PHARMACIEN'],
    errors: [
      'INVALID_ID',
      'IDENTITY_MISMATCH',
      'NOT_FOUND',
      'ALREADY_ANSWERED',
      'REQUEST_NOT_OPEN',
      'CONCURRENT_UPDATE',
    ],
  })
  respond(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: RespondBody) {
    return this.answers.respond(actor, id, body);
  }

  @Put(':id/confirm')
  @Endpoint('PUT', {
    ...STEP,
    summary: 'The patient takes the offer of one pharmacy',
    roles: ['PATIENT'],
    errors: [
      'INVALID_ID',
      'NOT_FOUND',
      'PHARMACY_NOT_ACCEPTED',
      'ALREADY_PICKED_UP',
      'ILLEGAL_TRANSITION',
      'CONCURRENT_UPDATE',
    ],
  })
  confirm(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: ConfirmBody) {
    return this.answers.confirm(actor, id, body);
  }

  @Put(':id/pickup')
  @Endpoint('PUT', {
    ...STEP,
    summary: 'The medication is picked up at the caller',
    roles: ['PHARMACIEN'],
    errors: [
      'INVALID_ID',
      'NOT_FOUND',
      'PICKUP_NOT_ALLOWED',
      'ALREADY_PICKED_UP',
      'ILLEGAL_TRANSITION',
      'CONCURRENT_UPDATE',
    ],
  })
  pickUp(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.answers.pickUp(actor, id);
  }

  @Put(':id/cancel')
  @Endpoint('PUT', {
    ...STEP,
    summary: 'The patient gives the request up',
    roles: ['PATIENT'],
    errors: ['INVALID_ID', 'NOT_FOUND', 'ALREADY_PICKED_UP', 'ILLEGAL_TRANSITION', 'CONCURRENT_UPDATE'],
  })
  cancel(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.answers.cancel(actor, id);
  }
}
