import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
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
import { AppointmentsBookingService } from './appointments.booking.service';
import { AppointmentsService } from './appointments.service';
import { DoctorAppointmentsService } from './doctor-appointments.service';
import { AppointmentStatsResponse } from './dto/appointment-stats.dto';
import {
  AppointmentPage,
  AppointmentResponse,
  AppointmentsQuery,
  CreateAppointmentBody,
  UpdateAppointmentBody,
} from './dto/appointment.dto';

const PARTIES = ['PATIENT', 'MEDECIN'] as const;
const OF_DOCTOR = { roles: ['MEDECIN'], space: { param: 'doctorId', self: ['MEDECIN'] } } as const;
const DOCTOR_LIST = { ...OF_DOCTOR, summary: "A doctor's appointments", response: AppointmentPage } as const;
const PATIENT_LIST = {
  summary: "A patient's appointments; a linked doctor sees those with the caller",
  roles: PARTIES,
  space: { param: 'patientId', self: ['PATIENT'], linked: true },
  response: AppointmentPage,
} as const;

/** Appointments, in both spellings of their lists. */
@ApiTags('appointments')
@Controller()
export class AppointmentsController {
  constructor(
    private readonly appointments: AppointmentsService,
    private readonly booking: AppointmentsBookingService,
    private readonly dashboard: DoctorAppointmentsService,
  ) {}

  @Post('appointments')
  @Endpoint('POST', {
    summary: 'Books an appointment',
    roles: PARTIES,
    response: AppointmentResponse,
    errors: [
      'IDENTITY_MISMATCH',
      'DATE_IN_PAST',
      'DATE_TOO_FAR',
      'NO_CARE_RELATION',
      'SLOT_TAKEN',
      'DAY_FULL',
      'OUTSIDE_AVAILABILITY',
      'CONCURRENT_UPDATE',
    ],
    etag: true,
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateAppointmentBody) {
    return this.booking.create(actor, body);
  }

  @Get('doctors/:doctorId/appointments')
  @Endpoint('GET', DOCTOR_LIST)
  listOfDoctor(@CurrentActor() actor: Actor, @QueryDto() query: AppointmentsQuery) {
    return this.appointments.listOfDoctor(actor, query);
  }

  @Get('appointments/doctor/:doctorId')
  @Endpoint('GET', DOCTOR_LIST)
  listByDoctor(@CurrentActor() actor: Actor, @QueryDto() query: AppointmentsQuery) {
    return this.appointments.listOfDoctor(actor, query);
  }

  @Get('appointments/doctors/:doctorId')
  @Endpoint('GET', DOCTOR_LIST)
  listByDoctors(@CurrentActor() actor: Actor, @QueryDto() query: AppointmentsQuery) {
    return this.appointments.listOfDoctor(actor, query);
  }

  @Get('appointments/doctor/:doctorId/upcoming')
  @Endpoint('GET', { ...OF_DOCTOR, summary: 'The next 10 of the coming 7 days', response: [AppointmentResponse] })
  upcoming(@CurrentActor() actor: Actor) {
    return this.dashboard.upcoming(actor);
  }

  @Get('appointments/doctor/:doctorId/stats')
  @Endpoint('GET', { ...OF_DOCTOR, summary: "Numbers of a doctor's appointments", response: AppointmentStatsResponse })
  stats(@CurrentActor() actor: Actor) {
    return this.dashboard.stats(actor);
  }

  @Get('patients/:patientId/appointments')
  @Endpoint('GET', PATIENT_LIST)
  listOfPatient(@CurrentPatient() patient: PatientScope, @QueryDto() query: AppointmentsQuery) {
    return this.appointments.listOfPatient(patient, query);
  }

  @Get('appointments/patient/:patientId')
  @Endpoint('GET', PATIENT_LIST)
  listByPatient(@CurrentPatient() patient: PatientScope, @QueryDto() query: AppointmentsQuery) {
    return this.appointments.listOfPatient(patient, query);
  }

  @Get('appointments/patients/:patientId')
  @Endpoint('GET', PATIENT_LIST)
  listByPatients(@CurrentPatient() patient: PatientScope, @QueryDto() query: AppointmentsQuery) {
    return this.appointments.listOfPatient(patient, query);
  }

  @Get('appointments/:id')
  @Endpoint('GET', {
    summary: 'An appointment',
    roles: PARTIES,
    response: AppointmentResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.appointments.get(actor, id);
  }

  @Patch('appointments/:id')
  @Endpoint('PATCH', {
    summary: 'Confirms, cancels, completes, moves or annotates an appointment',
    roles: PARTIES,
    response: AppointmentResponse,
    errors: [
      'INVALID_ID',
      'NOT_FOUND',
      'DATE_IN_PAST',
      'DATE_TOO_FAR',
      'FIELD_NOT_ALLOWED',
      'ILLEGAL_TRANSITION',
      'APPOINTMENT_CLOSED',
      'CONFIRMATION_EXPIRED',
      'SLOT_TAKEN',
      'DAY_FULL',
      'OUTSIDE_AVAILABILITY',
    ],
    etag: true,
  })
  update(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: UpdateAppointmentBody) {
    return this.appointments.update(actor, id, body);
  }

  @Post('appointments/:id/patient-confirm')
  @Endpoint('POST', {
    summary: 'The patient confirms what the doctor proposed',
    roles: ['PATIENT'],
    status: 200,
    response: AppointmentResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'ILLEGAL_TRANSITION', 'CONFIRMATION_EXPIRED', 'CONCURRENT_UPDATE'],
    etag: true,
  })
  confirm(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.appointments.confirm(actor, id);
  }

  @Delete('appointments/:id')
  @Endpoint('DELETE', {
    summary: 'Cancels and hides an appointment',
    roles: PARTIES,
    response: MessageResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'APPOINTMENT_CLOSED', 'CONCURRENT_UPDATE'],
  })
  remove(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.appointments.remove(actor, id);
  }
}
