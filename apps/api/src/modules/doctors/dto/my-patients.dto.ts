import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIABETES_TYPES, SEXES } from '../../../common/enums';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { OneOf, Str } from '../../../common/validation';

/** How much attention a patient needs (contract 20 section 3.5). */
export const PATIENT_STATUSES = ['stable', 'attention', 'critical'] as const;
export type PatientStatus = (typeof PATIENT_STATUSES)[number];

/** Query of GET /medecins/:id/my-patients. */
export class MyPatientsQuery extends PagingQuery {
  @OneOf(['all', ...PATIENT_STATUSES], { optional: true, default: 'all' })
  status?: 'all' | PatientStatus;

  @Str({ optional: true, min: 1, max: 100, description: 'Contained in names or e-mail' })
  search?: string;
}

/** The newest reading of a patient. */
export class LastReading {
  @ApiProperty({ type: 'number', description: 'mg/dL' })
  value!: number;

  @ApiProperty({ type: 'string', enum: ['mg/dL'] })
  unit!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  measuredAt!: Date;

  @ApiProperty({ type: 'string', enum: ['low', 'medium', 'high'] })
  riskLevel!: string;
}

/** A patient in the doctor's worklist; clinical values are null with access off. */
export class MyPatientItem {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  nom!: string;

  @ApiProperty({ type: 'string' })
  prenom!: string;

  @ApiProperty({ type: 'string', example: 'YB' })
  initials!: string;

  @ApiProperty({ type: 'string' })
  email!: string;

  @ApiPropertyOptional({ type: 'string' })
  telephone?: string;

  @ApiPropertyOptional({ type: 'string', description: 'Only when it is a URL' })
  photoProfil?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  dateNaissance?: Date;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Completed years' })
  age!: number | null;

  @ApiPropertyOptional({ type: 'string', enum: SEXES })
  sexe?: string;

  @ApiProperty({ type: 'string', enum: [...DIABETES_TYPES, null], nullable: true })
  typeDiabete!: string | null;

  @ApiProperty({ type: 'boolean' })
  accessEnabled!: boolean;

  @ApiProperty({ type: 'string', enum: PATIENT_STATUSES })
  status!: PatientStatus;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Glycaemia risk index, 0 to 100' })
  riskScore!: number | null;

  @ApiProperty({ type: LastReading, nullable: true })
  lastReading!: LastReading | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'mg/dL' })
  lastGlucoseReading!: number | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  lastReadingDate!: Date | null;
}

/** Patients by status, after `search` and before `status`. */
export class StatusCounts {
  @ApiProperty({ type: 'integer' })
  stable!: number;

  @ApiProperty({ type: 'integer' })
  attention!: number;

  @ApiProperty({ type: 'integer' })
  critical!: number;
}

/** A page of the doctor's worklist. */
export class MyPatientsPage extends PageResponse(MyPatientItem) {
  @ApiProperty({ type: StatusCounts })
  statusCounts!: StatusCounts;
}
