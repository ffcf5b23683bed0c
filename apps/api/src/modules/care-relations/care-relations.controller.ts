import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { BodyDto } from '../../platform/http';
import { AccountResponse } from '../users';
import { AddingPatients } from './adding-patients.service';
import { CareRelationsService } from './care-relations.service';
import { AccessBody, AccessStatusResponse, PatientAddedResponse } from './dto/care-access.dto';

/** Consent and the end of care relations. */
@ApiTags('care relations')
@Controller()
export class CareRelationsController {
  constructor(
    private readonly relations: CareRelationsService,
    private readonly adding: AddingPatients,
  ) {}

  @Get('patients/:patientId/doctors/:doctorId/access-status')
  @Endpoint('GET', {
    summary: "A doctor's access, for the patient",
    roles: ['PATIENT'],
    space: { param: 'patientId', self: ['PATIENT'] },
    response: AccessStatusResponse,
  })
  statusForPatient(@IdParam('patientId') patientId: string, @IdParam('doctorId') doctorId: string) {
    return this.relations.status(patientId, doctorId);
  }

  @Get('doctors/:doctorId/patients/:patientId/access-status')
  @Endpoint('GET', {
    summary: 'The own access to a patient',
    roles: ['MEDECIN'],
    space: { param: 'doctorId', self: ['MEDECIN'] },
    response: AccessStatusResponse,
  })
  statusForDoctor(@IdParam('doctorId') doctorId: string, @IdParam('patientId') patientId: string) {
    return this.relations.status(patientId, doctorId);
  }

  @Patch('patients/:patientId/doctors/:doctorId/access')
  @Endpoint('PATCH', {
    summary: "Switches a doctor's access on or off",
    roles: ['PATIENT'],
    space: { param: 'patientId', self: ['PATIENT'] },
    response: AccessStatusResponse,
    errors: ['LINK_NOT_FOUND'],
  })
  setAccess(@CurrentActor() actor: Actor, @IdParam('doctorId') doctorId: string, @BodyDto() body: AccessBody) {
    return this.relations.setAccess(actor, doctorId, body.enabled);
  }

  @Post('medecins/:id/patients/:patientId')
  @Endpoint('POST', {
    summary: 'Adds a patient: takes up their request, or asks for their consent',
    description: 'A doctor alone never gains access: without a request of the patient the status is `pending`.',
    roles: ['MEDECIN'],
    space: { param: 'id', self: ['MEDECIN'] },
    response: PatientAddedResponse,
    errors: ['NOT_FOUND', 'PATIENT_LIMIT_REACHED'],
  })
  add(@CurrentActor() actor: Actor, @IdParam('patientId') patientId: string) {
    return this.adding.add(actor, patientId);
  }

  @Delete('medecins/:id/patients/:patientId')
  @Endpoint('DELETE', {
    summary: 'Ends a care relation, from either side',
    roles: ['MEDECIN', 'PATIENT'],
    space: [
      { param: 'id', self: ['MEDECIN'] },
      { param: 'patientId', self: ['PATIENT'] },
    ],
    response: AccountResponse,
    errors: ['LINK_NOT_FOUND', 'NOT_FOUND'],
  })
  end(@CurrentActor() actor: Actor, @IdParam('id') doctorId: string, @IdParam('patientId') patientId: string) {
    return this.relations.end(actor, doctorId, patientId);
  }
}
