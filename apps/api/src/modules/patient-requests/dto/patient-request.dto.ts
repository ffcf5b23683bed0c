import { ApiProperty } from '@nestjs/swagger';
import { DIABETES_TYPES } from '../../../common/enums';
import { Id, OneOf, Str } from '../../../common/validation';
import { UserSummaryResponse } from '../../users';
import { REQUEST_STATUSES, REQUEST_TYPES } from '../patient-request.schema';

/** Body of POST /patients/:patientId/request-doctor. */
export class RequestDoctorBody {
  @Id({ example: '507f1f77bcf86cd799439012' })
  doctorId!: string;

  @Str({ optional: true, max: 1_000, example: 'Need urgent consultation' })
  urgentNote?: string;

  @OneOf(['patient_link'], { optional: true })
  requestType?: 'patient_link';
}

/** Body of a decline. */
export class DeclineBody {
  @Str({ optional: true, max: 500, example: 'Patient limit reached' })
  reason?: string;

  @Str({ optional: true, max: 500, description: 'Alias of reason' })
  declineReason?: string;
}

class RequestKeys {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string', enum: REQUEST_STATUSES })
  status!: string;

  @ApiProperty({ type: 'string', enum: REQUEST_TYPES })
  requestType!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  requestDate!: Date;

  @ApiProperty({ type: 'string', description: '"" when empty' })
  urgentNote!: string;

  @ApiProperty({ type: 'string' })
  declineReason!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  respondedAt!: Date | null;

  @ApiProperty({ type: 'string', nullable: true })
  respondedByRole!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A request, ids as strings. */
export class PatientRequestResponse extends RequestKeys {
  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string' })
  doctorId!: string;
}

/** A request as its patient sees it: the doctor as a summary. */
export class OwnRequestResponse extends RequestKeys {
  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: UserSummaryResponse })
  doctorId!: UserSummaryResponse;
}

/** Answer to an accept or decline: success keys and the request's keys together. */
export class RequestAnswerResponse extends PatientRequestResponse {
  @ApiProperty({ type: 'boolean', enum: [true] })
  success!: true;

  @ApiProperty({ type: 'string', example: 'Patient request accepted' })
  message!: string;

  @ApiProperty({ type: 'string' })
  requestId!: string;
}

/** An item of the doctor's list. */
export class DoctorRequestItem {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string', example: 'Youssef Benali' })
  patientName!: string;

  @ApiProperty({ type: 'integer', nullable: true })
  age!: number | null;

  @ApiProperty({ type: 'string', nullable: true, enum: [...DIABETES_TYPES, null] })
  diabetesType!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  requestDate!: Date;

  @ApiProperty({ type: 'boolean' })
  hasUrgentNote!: boolean;

  @ApiProperty({ type: 'string', enum: REQUEST_STATUSES })
  status!: string;

  @ApiProperty({ type: 'string' })
  urgentNote!: string;

  @ApiProperty({ type: 'string', enum: REQUEST_TYPES })
  requestType!: string;

  @ApiProperty({ type: 'string' })
  doctorId!: string;

  @ApiProperty({ type: UserSummaryResponse })
  patient!: UserSummaryResponse;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** Answer of GET /doctors/:doctorId/patient-requests. */
export class DoctorRequestsResponse {
  @ApiProperty({ type: [DoctorRequestItem] })
  requests!: DoctorRequestItem[];

  @ApiProperty({ type: 'integer', description: 'All that wait' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  @ApiProperty({ type: 'integer' })
  limit!: number;

  @ApiProperty({ type: 'integer' })
  totalPages!: number;
}
