import { ApiProperty } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import type { ParsedInstant } from '../../../common/time';
import { Day, HttpsUrl, Id, Instant, Int, ManyOf, OneOf, PatchBody, Str, Zone } from '../../../common/validation';
import {
  APPOINTMENT_STATUSES,
  APPOINTMENT_TYPES,
  type AppointmentStatus,
  type AppointmentType,
  MAX_DURATION_MINUTES,
  MIN_DURATION_MINUTES,
} from '../appointment.schema';

/** Body of POST /appointments. */
export class CreateAppointmentBody {
  @Id({ example: '507f1f77bcf86cd799439030' })
  patientId!: string;

  @Id({ example: '507f1f77bcf86cd799439012' })
  doctorId!: string;

  @Instant({ example: '2027-02-25T10:00:00Z' })
  dateTime!: ParsedInstant;

  @OneOf(APPOINTMENT_TYPES, { optional: true, default: 'Physical' })
  type?: AppointmentType;

  @Str({ optional: true, max: 2_000, example: 'Follow-up consultation' })
  notes?: string;

  @Int({ optional: true, min: MIN_DURATION_MINUTES, max: MAX_DURATION_MINUTES, default: 30 })
  durationMinutes?: number;

  @HttpsUrl({ optional: true, description: 'By the doctor, with type Online' })
  meetingUrl?: string;

  @Zone({ optional: true, description: "For display; default the doctor's zone" })
  timeZone?: string;
}

/** Body of PATCH /appointments/:id. */
@PatchBody()
export class UpdateAppointmentBody {
  @OneOf(APPOINTMENT_STATUSES)
  status?: AppointmentStatus;

  @Str({ optional: true, max: 2_000 })
  notes?: string | null;

  @Instant()
  dateTime?: ParsedInstant;

  @Int({ min: MIN_DURATION_MINUTES, max: MAX_DURATION_MINUTES })
  durationMinutes?: number;

  @OneOf(APPOINTMENT_TYPES)
  type?: AppointmentType;

  @HttpsUrl({ optional: true })
  meetingUrl?: string | null;

  @Str({ optional: true, max: 500, description: 'Only together with status Cancelled' })
  reason?: string | null;

  @Zone()
  timeZone?: string;
}

/** Query of the appointment lists. */
export class AppointmentsQuery extends PagingQuery {
  @ManyOf(APPOINTMENT_STATUSES, { optional: true })
  status?: AppointmentStatus[];

  @OneOf(APPOINTMENT_TYPES, { optional: true })
  type?: AppointmentType;

  @Day({ optional: true, description: "Calendar day in the doctor's zone; excludes startDate and endDate" })
  date?: string;

  @Instant({ optional: true, description: 'Inclusive' })
  startDate?: ParsedInstant;

  @Instant({ optional: true, description: 'Inclusive; a bare day is included whole' })
  endDate?: ParsedInstant;

  @OneOf(['asc', 'desc'], { optional: true, description: 'Default desc; asc when startDate is now or later' })
  sort?: 'asc' | 'desc';
}

/** An appointment. */
export class AppointmentResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string', example: 'Youssef Benali' })
  patientName!: string;

  @ApiProperty({ type: 'string' })
  doctorId!: string;

  @ApiProperty({ type: 'string', example: 'Dr. Élodie Moreau' })
  doctorName!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'Endocrinologie' })
  specialty!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  doctorSpecialty!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  dateTime!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  endTime!: Date;

  @ApiProperty({ type: 'integer' })
  durationMinutes!: number;

  @ApiProperty({ type: 'string', example: 'Europe/Paris' })
  timeZone!: string;

  @ApiProperty({ type: 'string', enum: APPOINTMENT_TYPES })
  type!: string;

  @ApiProperty({ type: 'string', enum: APPOINTMENT_STATUSES })
  status!: string;

  @ApiProperty({ type: 'string' })
  notes!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'Reason of cancellation' })
  reason!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  meetingUrl!: string | null;

  @ApiProperty({ type: 'string', enum: ['PATIENT', 'MEDECIN'] })
  createdByRole!: string;

  @ApiProperty({
    type: 'string',
    enum: ['PATIENT', 'MEDECIN', null],
    nullable: true,
    description: 'Who must confirm while Pending',
  })
  awaiting!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: "End of the patient's time to confirm",
  })
  expiresAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  patientConfirmedAt!: Date | null;

  @ApiProperty({ type: 'string', enum: ['PATIENT', 'MEDECIN', 'SYSTEM', null], nullable: true })
  cancelledBy!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A page of appointments. */
export class AppointmentPage extends PageResponse(AppointmentResponse) {}
