import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { QueryDto } from '../../platform/http';
import { AccountResponse } from '../users';
import { DoctorsService } from './doctors.service';
import { DoctorPage, DoctorsQuery, MyDoctorItem } from './dto/doctor.dto';

/** Doctors. */
@ApiTags('doctors')
@Controller('medecins')
export class DoctorsController {
  constructor(private readonly doctors: DoctorsService) {}

  @Get()
  @Endpoint('GET', { summary: 'Doctors, best noted first', roles: 'any', response: DoctorPage })
  list(@CurrentActor() actor: Actor, @QueryDto() query: DoctorsQuery) {
    return this.doctors.list(actor, query);
  }

  @Get('patient/:patientId/my-doctors')
  @Endpoint('GET', {
    summary: "A patient's doctors, at most 100",
    roles: ['PATIENT'],
    space: { param: 'patientId', self: ['PATIENT'] },
    response: [MyDoctorItem],
  })
  listMine(@CurrentActor() actor: Actor) {
    return this.doctors.listMine(actor);
  }

  @Get(':id')
  @Endpoint('GET', {
    summary: 'A doctor; the private view for self and ADMIN',
    roles: 'any',
    response: AccountResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.doctors.get(actor, id);
  }
}
