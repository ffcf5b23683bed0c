import { Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { PagingQuery } from '../../common/paging.dto';
import { BodyDto, QueryDto } from '../../platform/http';
import { AccountErasure, AccountPage, AccountResponse, ErasureBody } from '../users';
import {
  CreatePatientBody,
  PatientPatch,
  PatientSearchQuery,
  PatientsQuery,
  SeenPatientPage,
  SeenPatientResponse,
} from './dto/patient.dto';
import { diabetesTypeOf, PatientLists } from './patient-lists.service';
import { PatientsService } from './patients.service';

/** Patients. */
@ApiTags('patients')
@Controller('patients')
export class PatientsController {
  constructor(
    private readonly patients: PatientsService,
    private readonly lists: PatientLists,
    private readonly erasure: AccountErasure,
  ) {}

  @Post()
  @Endpoint('POST', {
    summary: 'Opens an account for a patient, linked to the calling doctor',
    description: 'The patient is mailed an invitation to choose a password.',
    roles: ['MEDECIN'],
    response: AccountResponse,
    errors: ['EMAIL_TAKEN', 'WEAK_PASSWORD', 'PATIENT_LIMIT_REACHED'],
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreatePatientBody) {
    return this.patients.create(actor, body);
  }

  @Get()
  @Endpoint('GET', {
    summary: 'Patients whom the caller may see, newest first',
    description: 'A pharmacy sees names of patients of requests addressed to it.',
    roles: ['MEDECIN', 'PHARMACIEN', 'ADMIN'],
    response: SeenPatientPage,
  })
  list(@CurrentActor() actor: Actor, @QueryDto() query: PatientsQuery) {
    return this.lists.list(actor, query);
  }

  @Get('by-type/:typeDiabete')
  @Endpoint('GET', {
    summary: 'Patients with one type of diabetes, newest first',
    roles: ['MEDECIN', 'ADMIN'],
    textParams: ['typeDiabete'],
    response: AccountPage,
  })
  byType(@CurrentActor() actor: Actor, @Param('typeDiabete') typeDiabete: string, @QueryDto() query: PagingQuery) {
    return this.lists.byType(actor, diabetesTypeOf(typeDiabete), query);
  }

  @Get('search/by-name-or-email')
  @Endpoint('GET', {
    summary: 'The first twenty patients by name whose name or e-mail contains a text',
    description: 'A pharmacy searches names alone, among patients of requests addressed to it.',
    roles: ['MEDECIN', 'PHARMACIEN', 'ADMIN'],
    response: [SeenPatientResponse],
  })
  find(@CurrentActor() actor: Actor, @QueryDto() query: PatientSearchQuery) {
    return this.lists.find(actor, query.query);
  }

  @Get(':id')
  @Endpoint('GET', {
    summary: 'A patient, for self, linked doctors and the ADMIN; the name, for a pharmacy with a request',
    roles: ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'],
    space: { param: 'id', self: ['PATIENT'] },
    response: SeenPatientResponse,
    errors: ['NOT_FOUND', 'ACCESS_DISABLED'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.patients.get(actor, id);
  }

  @Patch(':id')
  @Endpoint('PATCH', {
    summary: "Changes a patient's record; the medical profile is merged",
    description: 'A linked doctor may change the clinical fields.',
    roles: ['PATIENT', 'MEDECIN'],
    space: { param: 'id', self: ['PATIENT'] },
    response: AccountResponse,
    errors: ['NOT_FOUND', 'ACCESS_DISABLED', 'FIELD_NOT_ALLOWED'],
    etag: true,
  })
  update(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() patch: PatientPatch) {
    return this.patients.update(actor, id, patch);
  }

  @Delete(':id')
  @Endpoint('DELETE', {
    summary: "Erases a patient's account",
    roles: ['PATIENT', 'ADMIN'],
    space: { param: 'id', self: ['PATIENT'], open: ['ADMIN'] },
    response: MessageResponse,
    errors: ['NOT_FOUND', 'REAUTHENTICATION_REQUIRED', 'CURRENT_PASSWORD_WRONG', 'LOGIN_LOCKED'],
  })
  erase(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: ErasureBody) {
    return this.erasure.erase(actor, id, { ...body, role: 'PATIENT' });
  }
}
