import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { PagingQuery } from '../../common/paging.dto';
import {
  DeclineBody,
  DoctorRequestsResponse,
  OwnRequestResponse,
  PatientRequestResponse,
  RequestAnswerResponse,
  RequestDoctorBody,
} from './dto/patient-request.dto';
import { PatientRequestsService } from './patient-requests.service';

const PATIENT = { roles: ['PATIENT'], space: { param: 'patientId', self: ['PATIENT'] } } as const;
const DOCTOR = { roles: ['MEDECIN'], space: { param: 'doctorId', self: ['MEDECIN'] } } as const;

/** Requests between patients and doctors. */
@ApiTags('patient requests')
@Controller()
export class PatientRequestsController {
  constructor(private readonly requests: PatientRequestsService) {}

  @Post('patients/:patientId/request-doctor')
  @Endpoint('POST', {
    summary: 'Asks a doctor for a link',
    ...PATIENT,
    response: PatientRequestResponse,
    errors: ['NOT_FOUND', 'ALREADY_LINKED', 'REQUEST_PENDING', 'TOO_MANY_PENDING_REQUESTS'],
  })
  requestDoctor(@CurrentActor() actor: Actor, @BodyDto() body: RequestDoctorBody) {
    return this.requests.requestDoctor(actor, body);
  }

  @Get('patients/:patientId/my-requests')
  @Endpoint('GET', {
    summary: "The patient's requests of all types, at most 200",
    ...PATIENT,
    response: [OwnRequestResponse],
  })
  listOwn(@CurrentActor() actor: Actor) {
    return this.requests.listOwn(actor);
  }

  @Get('doctors/:doctorId/patient-requests')
  @Endpoint('GET', { summary: 'Patients waiting for an answer', ...DOCTOR, response: DoctorRequestsResponse })
  listForDoctor(@CurrentActor() actor: Actor, @QueryDto() query: PagingQuery) {
    return this.requests.listForDoctor(actor, query);
  }

  @Post('doctors/:doctorId/patient-requests/:requestId/accept')
  @Endpoint('POST', {
    summary: 'Accepts a patient',
    ...DOCTOR,
    status: 200,
    response: RequestAnswerResponse,
    errors: ['NOT_FOUND', 'ALREADY_ANSWERED', 'PATIENT_LIMIT_REACHED'],
  })
  accept(@CurrentActor() actor: Actor, @IdParam('requestId') requestId: string) {
    return this.requests.acceptPatient(actor, requestId);
  }

  @Post('doctors/:doctorId/patient-requests/:requestId/decline')
  @Endpoint('POST', {
    summary: 'Declines a patient',
    ...DOCTOR,
    status: 200,
    response: RequestAnswerResponse,
    errors: ['NOT_FOUND', 'ALREADY_ANSWERED'],
  })
  decline(@CurrentActor() actor: Actor, @IdParam('requestId') requestId: string, @BodyDto() body: DeclineBody) {
    return this.requests.declinePatient(actor, requestId, body);
  }

  @Post('doctors/:doctorId/patients/:patientId/request-access')
  @Endpoint('POST', {
    summary: "Asks a patient for access to the patient's data",
    ...DOCTOR,
    response: PatientRequestResponse,
    errors: ['NOT_FOUND', 'ACCESS_ALREADY_ENABLED', 'REQUEST_PENDING'],
  })
  requestAccess(@CurrentActor() actor: Actor, @IdParam('patientId') patientId: string) {
    return this.requests.requestAccess(actor, patientId);
  }

  @Get('patients/:patientId/pending-doctor-access-requests')
  @Endpoint('GET', { summary: 'Doctors waiting for consent, at most 100', ...PATIENT, response: [OwnRequestResponse] })
  listAccessRequests(@CurrentActor() actor: Actor) {
    return this.requests.listAccessRequests(actor);
  }

  @Post('patients/:patientId/doctor-access-requests/:requestId/accept')
  @Endpoint('POST', {
    summary: 'Grants access',
    ...PATIENT,
    status: 200,
    response: RequestAnswerResponse,
    errors: ['NOT_FOUND', 'ALREADY_ANSWERED', 'PATIENT_LIMIT_REACHED'],
  })
  acceptAccess(@CurrentActor() actor: Actor, @IdParam('requestId') requestId: string) {
    return this.requests.acceptAccess(actor, requestId);
  }

  @Post('patients/:patientId/doctor-access-requests/:requestId/decline')
  @Endpoint('POST', {
    summary: 'Declines access',
    ...PATIENT,
    status: 200,
    response: RequestAnswerResponse,
    errors: ['NOT_FOUND', 'ALREADY_ANSWERED'],
  })
  declineAccess(@CurrentActor() actor: Actor, @IdParam('requestId') requestId: string, @BodyDto() body: DeclineBody) {
    return this.requests.declineAccess(actor, requestId, body);
  }
}
