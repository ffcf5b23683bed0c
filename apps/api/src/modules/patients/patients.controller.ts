import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { AccountResponse } from '../users';
import { PatientsService } from './patients.service';

/** Patients. */
@ApiTags('patients')
@Controller('patients')
export class PatientsController {
  constructor(private readonly patients: PatientsService) {}

  @Get(':id')
  @Endpoint('GET', {
    summary: 'A patient, for self, linked doctors and the ADMIN',
    roles: ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'],
    space: { param: 'id', self: ['PATIENT'] },
    response: AccountResponse,
    errors: ['NOT_FOUND', 'ACCESS_DISABLED'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.patients.get(actor, id);
  }
}
