import { Controller, Delete, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { NoteBody } from '../user-ratings';
import { AccountErasure, AccountResponse, DoctorResponse, ErasureBody, PatchedAccountResponse } from '../users';
import { DoctorNotes } from './doctor-notes.service';
import { DoctorProfile } from './doctor-profile.service';
import { DoctorsService } from './doctors.service';
import { DoctorPatch } from './dto/doctor-patch.dto';
import { DoctorPage, DoctorsQuery, DoctorStatusResponse, MyDoctorItem, ToggledDoctorResponse } from './dto/doctor.dto';
import { MyPatientsPage, MyPatientsQuery } from './dto/my-patients.dto';
import { MyPatients } from './my-patients.service';

const OWN = { param: 'id', self: ['MEDECIN'] } as const;

/** Doctors. */
@ApiTags('doctors')
@Controller('medecins')
export class DoctorsController {
  constructor(
    private readonly doctors: DoctorsService,
    private readonly profile: DoctorProfile,
    private readonly notes: DoctorNotes,
    private readonly patients: MyPatients,
    private readonly erasure: AccountErasure,
  ) {}

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

  @Patch(':id')
  @Endpoint('PATCH', {
    summary: 'Changes the own profile',
    description: 'A new password needs currentPassword and ends all sessions; the response carries new tokens.',
    roles: ['MEDECIN'],
    space: OWN,
    response: PatchedAccountResponse,
    errors: [
      'FIELD_NOT_ALLOWED',
      'CURRENT_PASSWORD_REQUIRED',
      'CURRENT_PASSWORD_WRONG',
      'WEAK_PASSWORD',
      'LOGIN_LOCKED',
    ],
    etag: true,
  })
  update(@CurrentActor() actor: Actor, @BodyDto() patch: DoctorPatch) {
    return this.profile.update(actor, patch);
  }

  @Delete(':id')
  @Endpoint('DELETE', {
    summary: "Erases a doctor's account",
    roles: ['MEDECIN', 'ADMIN'],
    space: { param: 'id', self: ['MEDECIN'], open: ['ADMIN'] },
    response: MessageResponse,
    errors: ['NOT_FOUND', 'REAUTHENTICATION_REQUIRED', 'CURRENT_PASSWORD_WRONG', 'LOGIN_LOCKED'],
  })
  erase(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: ErasureBody) {
    return this.erasure.erase(actor, id, { ...body, role: 'MEDECIN' });
  }

  @Patch(':id/note')
  @Endpoint('PATCH', {
    summary: "Sets the caller's note of a doctor",
    roles: ['PATIENT'],
    response: DoctorResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'RATING_NOT_ALLOWED'],
    etag: true,
  })
  note(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: NoteBody) {
    return this.notes.set(actor, id, body.note);
  }

  @Get(':id/my-patients')
  @Endpoint('GET', {
    summary: "The doctor's patients, the most urgent first",
    roles: ['MEDECIN'],
    space: OWN,
    response: MyPatientsPage,
  })
  listPatients(@CurrentActor() actor: Actor, @QueryDto() query: MyPatientsQuery) {
    return this.patients.list(actor, query);
  }

  @Get(':id/status')
  @Endpoint('GET', {
    summary: 'Account status and availability',
    roles: ['MEDECIN'],
    space: OWN,
    response: DoctorStatusResponse,
  })
  status(@CurrentActor() actor: Actor) {
    return this.profile.status(actor);
  }

  @Patch(':id/toggle-status')
  @Endpoint('PATCH', {
    summary: 'Flips the own availability; the account status stays',
    roles: ['MEDECIN'],
    space: OWN,
    response: ToggledDoctorResponse,
    etag: true,
  })
  toggle(@CurrentActor() actor: Actor) {
    return this.profile.toggle(actor);
  }
}
